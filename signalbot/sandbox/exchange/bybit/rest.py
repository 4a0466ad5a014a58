"""Bybit over HTTP: the market endpoints of its linear contracts, and its limit."""

from collections.abc import Callable, Mapping
from typing import Any

from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import DAY_MS, HOUR_MS
from signalbot.sandbox.exchange.answering import Refused
from signalbot.sandbox.exchange.bybit.candles import INTERVALS, rows
from signalbot.sandbox.exchange.bybit.listed import instrument_entry, ticker, tier_entries
from signalbot.sandbox.exchange.depth import last_update, levels_text, step_at
from signalbot.sandbox.exchange.klines import klines
from signalbot.sandbox.exchange.rows import Rows
from signalbot.sandbox.exchange.streams import agg_trades
from signalbot.sandbox.exchange.venue import Contract, Venue

LIMIT, WINDOW_MS = 600, 5_000
"""Requests that one address may make in so long, by the venue's clock."""

Json = dict[str, Any]


class BybitRest:
    """What is under /v5/market. Everything but linear contracts is empty."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._window, self._asked = 0, 0
        self._endpoints: dict[str, Callable[[_Asked], Json | Rows]] = {
            "time": self._time,
            "instruments-info": self._instruments,
            "kline": self._kline,
            "orderbook": self._orderbook,
            "tickers": self._tickers,
            "risk-limit": self._risk_limit,
            "funding/history": self._funding,
            "open-interest": self._open_interest,
            "recent-trade": self._trades,
        }

    def admit(self, endpoint: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Count the request; may raise `Refused`."""
        window = self._venue.now() // WINDOW_MS
        self._asked = self._asked + 1 if window == self._window else 1
        self._window = window
        if self._asked > LIMIT:
            raise Refused(403, {"retCode": 10018, "retMsg": "access too frequent"})
        return {}

    def answer(self, endpoint: str, given: Mapping[str, str]) -> object:
        """Return what the endpoint says; may raise `Refused`."""
        if endpoint not in self._endpoints:
            raise Refused(404, {"retCode": 404, "retMsg": "not found"})
        now = self._venue.now()
        result = self._endpoints[endpoint](_Asked(self._venue, given))
        if not isinstance(result, Rows):
            return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now}
        head = '{"retCode":0,"retMsg":"OK","result":' + result.head
        return Rows(
            rows=result.rows, head=head, tail=f'{result.tail},"retExtInfo":{{}},"time":{now}}}'
        )

    def _time(self, asked: "_Asked") -> Json:
        now = self._venue.now()
        return {"timeSecond": str(now // 1_000), "timeNano": str(now * 1_000_000)}

    def _instruments(self, asked: "_Asked") -> Json:
        contracts = asked.listed() if asked.text("status", "") != "PreLaunch" else []
        return asked.page([instrument_entry(contract) for contract in contracts])

    def _kline(self, asked: "_Asked") -> Rows:
        contract, interval, now = asked.contract(), asked.interval(), self._venue.now()
        limit, end = asked.whole("limit", 200, 1_000), min(asked.whole("end", now), now)
        if asked.has("start") and not asked.has("end"):  # the first of them, else the newest
            since, kept = asked.whole("start", 0), slice(0, limit)
            end = min(end, since + limit * interval)
        else:
            since, kept = asked.whole("start", max(end - limit * interval, 0)), slice(-limit, None)
        shown = klines(contract.tape, now, interval, since, end)
        text = rows(shown.take(kept), contract.coin)
        head = f'{{"category":"linear","symbol":"{contract.name}","list":['
        return Rows(rows=text, head=head, tail="]}")

    def _orderbook(self, asked: "_Asked") -> Json:
        contract, limit = asked.contract(), asked.whole("limit", 25, 500)
        step = step_at(self._venue.now())
        return book_entry(contract, step, limit) | {"ts": contract.book.at(step).time}

    def _tickers(self, asked: "_Asked") -> Json:
        now = self._venue.now()
        return asked.page([ticker(contract, now) for contract in asked.trading()])

    def _risk_limit(self, asked: "_Asked") -> Json:
        return asked.page([tier for each in asked.trading() for tier in tier_entries(each)])

    def _funding(self, asked: "_Asked") -> Json:
        contract, limit = asked.contract(), asked.whole("limit", 200, 200)
        until = min(asked.whole("endTime", self._venue.now()), self._venue.now())
        rate = plain(contract.listing.funding_rate)
        times = contract.funding_times(asked.whole("startTime", 0), until)[-limit:]
        entry = {"symbol": contract.name, "fundingRate": rate}
        return asked.page([entry | {"fundingRateTimestamp": str(at)} for at in reversed(times)])

    def _open_interest(self, asked: "_Asked") -> Json:
        contract, now = asked.contract(), self._venue.now()
        interest = contract.coin.quantities(float(contract.open_interest))
        entry = {"openInterest": f"{interest:.8f}", "timestamp": str(now - now % HOUR_MS)}
        return asked.page([entry]) | {"symbol": contract.name}

    def _trades(self, asked: "_Asked") -> Json:
        contract, limit = asked.contract(), asked.whole("limit", 500, 1_000)
        now = self._venue.now()
        trades = list(agg_trades(contract, now - DAY_MS // 24, now))[-limit:]
        return asked.page([trade_entry(contract, trade) for trade in reversed(trades)])


def book_entry(contract: Contract, step: int, limit: int) -> Json:
    """Return the book at a step."""
    book = contract.book.at(step)
    sides = {"b": levels_text(book.bids, limit), "a": levels_text(book.asks, limit)}
    return {"s": contract.name} | sides | {"u": step, "seq": last_update(step)}


def trade_entry(contract: Contract, trade: Json) -> Json:
    """Return a trade of recent-trade."""
    return {
        "execId": f"{contract.name}-{trade['a']}",
        "symbol": contract.name,
        "price": trade["p"],
        "size": trade["q"],
        "side": "Sell" if trade["m"] else "Buy",
        "time": str(trade["T"]),
        "isBlockTrade": False,
    }


class _Asked:
    def __init__(self, venue: Venue, given: Mapping[str, str]) -> None:
        self._venue = venue
        self._given = given
        self._is_linear = given.get("category") == "linear"

    def text(self, name: str, default: str) -> str:
        return self._given.get(name, default)

    def whole(self, name: str, default: int, most: int = 10**15) -> int:
        text = self._given.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise _wrong(name)
        return min(int(text), most)

    def has(self, name: str) -> bool:
        return name in self._given

    def interval(self) -> int:
        name = self._given.get("interval", "")
        if name not in INTERVALS:
            raise _wrong("interval")
        return INTERVALS[name]

    def contract(self) -> Contract:
        contract = self._venue.contract(self._given.get("symbol", ""))
        if contract is None or not self._is_linear:
            raise _wrong("symbol")
        return contract

    def listed(self) -> list[Contract]:
        contracts = (self._venue.contract(listing.name) for listing in self._venue.listings)
        return [contract for contract in contracts if contract and self._is_linear]

    def trading(self) -> list[Contract]:
        if "symbol" in self._given:
            return [self.contract()]
        return self._venue.trading() if self._is_linear else []

    def page(self, entries: list[Json]) -> Json:
        category = self._given.get("category", "")
        return {"category": category, "list": entries, "nextPageCursor": ""}


def _wrong(name: str) -> Refused:
    return Refused(200, {"retCode": 10001, "retMsg": f"params error: {name} invalid", "result": {}})
