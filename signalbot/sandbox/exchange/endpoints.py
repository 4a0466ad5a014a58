"""The public endpoints under /fapi/v1: what each one answers."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import HOUR_MS
from signalbot.sandbox.exchange.contracts import RATE_LIMITS, contract_wire
from signalbot.sandbox.exchange.day import last_day
from signalbot.sandbox.exchange.depth import last_update, levels_text, step_at
from signalbot.sandbox.exchange.kline_text import rest_rows
from signalbot.sandbox.exchange.klines import klines
from signalbot.sandbox.exchange.listings import TRADING
from signalbot.sandbox.exchange.outsiders import Outsider, outsiders
from signalbot.sandbox.exchange.requests import Query, refusal
from signalbot.sandbox.exchange.rows import Rows
from signalbot.sandbox.exchange.streams import agg_trades
from signalbot.sandbox.exchange.venue import Contract, Venue, next_funding
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

DEPTHS = (5, 10, 20, 50, 100, 500, 1_000)
Json = dict[str, Any]
Answer = Callable[[Venue, Query], object]


def _time(venue: Venue, query: Query) -> Json:
    return {"serverTime": venue.now()}


def _exchange_info(venue: Venue, query: Query) -> Json:
    contracts = (venue.contract(listing.name) for listing in venue.listings)
    symbols = [contract_wire(each) for each in contracts if each]
    symbols += [each.wire(venue.begins_at) for each in outsiders(venue.begins_at)]
    head = {"timezone": "UTC", "serverTime": venue.now(), "rateLimits": RATE_LIMITS}
    return head | {"exchangeFilters": [], "assets": [], "symbols": symbols}


def _klines(venue: Venue, query: Query) -> Rows:
    if query.named() in {each.name for each in outsiders(venue.begins_at)}:
        return Rows(rows=[])
    contract, interval = query.contract(), query.interval()
    limit, now = query.limit(500, 1_500), venue.now()
    until = query.whole("endTime", now)
    if query.has("startTime"):
        since = query.whole("startTime", 0)
        until = min(until, since + limit * interval)
    else:
        since = max(min(until, now) - (limit + 1) * interval, 0)
    shown = klines(contract.tape, now, interval, since, until)
    kept = slice(0, limit) if query.has("startTime") else slice(-limit, None)
    return Rows(rows=rest_rows(shown.take(kept), contract.coin, interval))


def _depth(venue: Venue, query: Query) -> Json:
    contract, limit = query.contract(), query.limit(500, 1_000)
    if limit not in DEPTHS:
        raise refusal(-4021, f"{limit} is not valid depth limit.")
    step = step_at(venue.now())
    book = contract.book.at(step)
    sides = {"bids": levels_text(book.bids, limit), "asks": levels_text(book.asks, limit)}
    return {"lastUpdateId": last_update(step), "E": book.time, "T": book.time} | sides


def _ticker(venue: Venue, query: Query) -> object:
    now = venue.now()
    beside = [each.day(now) for each in _beside(venue)]
    return _one_or_all(query, lambda contract: _day(contract, now), beside)


def _day(contract: Contract, now: int) -> Json:
    coin, day = contract.coin, last_day(contract.tape, now)
    return {
        "symbol": contract.name,
        "priceChange": price_text(coin, day.last - day.open),
        "priceChangePercent": f"{100 * (day.last - day.open) / day.open:.3f}",
        "lastPrice": price_text(coin, day.last),
        "openPrice": price_text(coin, day.open),
        "highPrice": price_text(coin, day.high),
        "lowPrice": price_text(coin, day.low),
        "volume": quantity_text(coin, day.volume),
        "quoteVolume": f"{day.value:.8f}",
        "openTime": day.begins_at,
        "closeTime": now,
        "count": day.count,
    }


def _book_ticker(venue: Venue, query: Query) -> object:
    step = step_at(venue.now())

    def best(contract: Contract) -> Json:
        book = contract.book.at(step)
        (bid,), (ask,) = levels_text(book.bids, 1), levels_text(book.asks, 1)
        prices = {"bidPrice": bid[0], "bidQty": bid[1], "askPrice": ask[0], "askQty": ask[1]}
        return {"symbol": contract.name, **prices, "time": book.time}

    return _one_or_all(query, best, [each.best(venue.now()) for each in _beside(venue)])


def _premium_index(venue: Venue, query: Query) -> object:
    now = venue.now()

    def premium(contract: Contract) -> Json:
        price = price_text(contract.coin, contract.tape.last_ticks(now))
        return {
            "symbol": contract.name,
            "markPrice": price,
            "indexPrice": price,
            "lastFundingRate": plain(contract.listing.funding_rate),
            "nextFundingTime": next_funding(now),
            "time": now,
        }

    return _one_or_all(query, premium, [])


def _funding_info(venue: Venue, query: Query) -> list[Json]:
    return []  # it lists contracts that do not pay every eight hours; here all do


def _funding_rate(venue: Venue, query: Query) -> list[Json]:
    contract, limit, now = query.contract(), query.limit(100, 1_000), venue.now()
    times = contract.funding_times(query.whole("startTime", 0), now)
    rate = plain(contract.listing.funding_rate)
    kept = times[:limit] if query.has("startTime") else times[-limit:]
    return [{"symbol": contract.name, "fundingTime": at, "fundingRate": rate} for at in kept]


def _agg_trades(venue: Venue, query: Query) -> list[Json]:
    contract, limit, now = query.contract(), query.limit(500, 1_000), venue.now()
    if query.has("startTime"):
        since = query.whole("startTime", 0) - 1
        until = min(query.whole("endTime", now), now)
        return list(islice(agg_trades(contract, since, until), limit))
    return list(agg_trades(contract, now - HOUR_MS, now))[-limit:]


def _open_interest(venue: Venue, query: Query) -> Json:
    contract = query.contract()
    interest = quantity_text(contract.coin, contract.open_interest)
    return {"symbol": contract.name, "openInterest": interest, "time": venue.now()}


def _beside(venue: Venue) -> list[Outsider]:
    return [each for each in outsiders(venue.begins_at) if each.status == TRADING]


def _one_or_all(query: Query, show: Callable[[Contract], Json], beside: list[Json]) -> object:
    contracts, is_one = query.contracts()
    shown = [show(contract) for contract in contracts]
    return shown[0] if is_one else shown + beside


ENDPOINTS: dict[str, Answer] = {
    "time": _time,
    "exchangeInfo": _exchange_info,
    "klines": _klines,
    "depth": _depth,
    "ticker/24hr": _ticker,
    "ticker/bookTicker": _book_ticker,
    "premiumIndex": _premium_index,
    "fundingInfo": _funding_info,
    "fundingRate": _funding_rate,
    "aggTrades": _agg_trades,
    "openInterest": _open_interest,
}
