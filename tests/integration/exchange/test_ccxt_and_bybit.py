"""ccxt.pro's Bybit client on the same local venue: the same market in another language."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp
import ccxt
import pytest
from fakes.local_venue import (
    BEGINS,
    MINUTE,
    WAIT_S,
    LocalVenue,
    bybit_client_of,
    local_venue,
)

from signalbot.market.listings import listings_of
from signalbot.sandbox.exchange.bybit.rest import LIMIT
from signalbot.sandbox.exchange.faults import Fault, FaultKind

BTC = "BTC/USDT:USDT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    venue: LocalVenue
    bybit: Any


@asynccontextmanager
async def _both(speed: float) -> AsyncIterator[Both]:
    async with local_venue(speed) as venue:
        bybit = bybit_client_of(venue.server)
        try:
            await bybit.load_markets()
            yield Both(venue=venue, bybit=bybit)
        finally:
            await bybit.close()


def _run(act, speed: float = 0.0) -> None:
    async def run() -> None:
        async with _both(speed) as both, asyncio.timeout(60):
            await act(both)

    asyncio.run(run())


def test_the_contracts_are_those_of_the_market() -> None:
    async def act(both: Both) -> None:
        market = both.bybit.markets[BTC]
        assert (market["swap"], market["linear"], market["active"]) == (True, True, True)
        assert (market["precision"]["price"], market["precision"]["amount"]) == (0.1, 0.001)
        assert market["limits"]["cost"]["min"] == 5
        found = listings_of("bybit", both.bybit.markets.values())
        symbols = {each.instrument.symbol for each in found.listed}
        assert symbols == set(both.venue.server.venue.market.series)
        assert found.listed[0].max_leverage == 50

    _run(act)


def test_both_languages_tell_the_same_candles_books_and_trades() -> None:
    async def act(both: Both) -> None:
        for symbol in both.venue.server.venue.market.series:
            theirs = await both.venue.client.fetch_ohlcv(symbol, "1m", limit=99)
            assert await both.bybit.fetch_ohlcv(symbol, "1m", limit=99) == theirs
            five = await both.venue.client.fetch_ohlcv(symbol, "5m", since=BEGINS - 60 * MINUTE)
            assert await both.bybit.fetch_ohlcv(symbol, "5m", since=BEGINS - 60 * MINUTE) == five
            book = await both.bybit.fetch_order_book(symbol)
            other = await both.venue.client.fetch_order_book(symbol)
            assert (book["bids"], book["asks"]) == (other["bids"], other["asks"])
        trades = await both.bybit.fetch_trades(BTC, limit=20)
        others = await both.venue.client.fetch_trades(BTC, limit=20)
        for field in ("timestamp", "price", "amount", "side"):
            assert [each[field] for each in trades] == [each[field] for each in others]

    _run(act)


def test_every_other_endpoint_is_understood() -> None:
    async def act(both: Both) -> None:
        bybit, control = both.bybit, both.venue.control
        control.set_funding("BTCUSDT", Decimal("0.0003"))
        assert await bybit.fetch_time() == BEGINS
        tickers = await bybit.fetch_tickers(params={"category": "linear"})
        others = await both.venue.client.fetch_tickers()
        for symbol in both.venue.server.venue.market.series:
            for field in ("last", "high", "low", "baseVolume"):
                assert tickers[symbol][field] == others[symbol][field]
            assert tickers[symbol]["quoteVolume"] == pytest.approx(others[symbol]["quoteVolume"])
        assert (await bybit.fetch_funding_rates([BTC]))[BTC]["fundingRate"] == 0.0003
        history = await bybit.fetch_funding_rate_history(BTC)
        assert [(row["timestamp"] % (480 * MINUTE), row["fundingRate"]) for row in history] == [
            (0, 0.0003)
        ]
        interest = await bybit.fetch_open_interest(BTC)
        other = await both.venue.client.fetch_open_interest(BTC)
        assert interest["openInterestAmount"] == other["openInterestAmount"]
        tiers = (await bybit.fetch_leverage_tiers([BTC]))[BTC]
        assert [tier["maxLeverage"] for tier in tiers] == [50, 25, 10]
        assert tiers[0]["maintenanceMarginRate"] == 0.01

    _run(act)


def test_a_watched_book_stays_in_step() -> None:
    async def act(both: Both) -> None:
        watching = both.bybit.watch_order_book
        book = await watching(BTC)
        for _ in range(20):
            both.venue.control.advance(500)
            book = await watching(BTC)
        fetched = await both.bybit.fetch_order_book(BTC)
        assert (book["bids"], book["asks"]) == (fetched["bids"], fetched["asks"])

    _run(act)


def test_candles_trades_and_tickers_are_watched() -> None:
    async def act(both: Both) -> None:
        symbols = list(both.venue.server.venue.market.series)
        wanted = [[symbol, "1m"] for symbol in symbols]
        seen: set[str] = set()
        while seen != set(symbols):
            seen |= set(await both.bybit.watch_ohlcv_for_symbols(wanted))
        assert (await both.bybit.watch_trades(BTC))[-1]["price"] > 0
        assert (await both.bybit.watch_ticker(BTC))["quoteVolume"] > 0

    _run(act, speed=60.0)


def test_liquidations_are_watched() -> None:
    async def act(both: Both) -> None:
        watching = asyncio.create_task(both.bybit.watch_liquidations(BTC))
        while not both.venue.server.pushing.wanted():
            await asyncio.sleep(0.005)
        while not watching.done():
            both.venue.control.advance(10 * MINUTE)
            await asyncio.sleep(0.005)
        assert (await watching)[0]["side"] in ("buy", "sell")

    _run(act)


def test_too_many_requests_are_refused() -> None:
    async def act(both: Both) -> None:
        both.venue.control.advance(5_000)
        async with aiohttp.ClientSession(both.venue.server.url) as session:

            async def ask() -> int:
                async with session.get("/v5/market/time") as answer:
                    return answer.status

            assert {await ask() for _ in range(LIMIT)} == {200}
            assert await ask() == 403
        with pytest.raises(ccxt.RateLimitExceeded):
            await both.bybit.fetch_time()
        both.venue.control.advance(5_000)
        assert await both.bybit.fetch_time() == BEGINS + 10_000
        assert both.venue.server.venue.faults.counts["status_403"] == 2

    _run(act)


def test_wrong_questions_are_answered_in_its_own_words() -> None:
    async def act(both: Both) -> None:
        with pytest.raises(ccxt.BadRequest):
            await both.bybit.publicGetV5MarketKline(
                {"category": "linear", "symbol": "NOBODYUSDT", "interval": "1"}
            )
        both.venue.control.add_fault(Fault(kind=FaultKind.SKIP, target="kline", share=0.5))
        assert len(await both.bybit.fetch_ohlcv(BTC, "1m", limit=100)) < 90

    _run(act)


def _with_line(act) -> None:
    async def with_line(both: Both) -> None:
        url = both.venue.server.url.replace("http", "ws") + "/v5/public/linear"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await act(both, socket)

    _run(with_line)


async def _order(socket: aiohttp.ClientWebSocketResponse, **order: Any) -> dict[str, Any]:
    await socket.send_json(order)
    return await socket.receive_json(timeout=WAIT_S)


def test_orders_are_confirmed_with_their_number_and_a_wrong_one_takes_nothing() -> None:
    async def act(both: Both, socket: aiohttp.ClientWebSocketResponse) -> None:
        pong = await _order(socket, op="ping", req_id="7")
        assert (pong["success"], pong["ret_msg"], pong["req_id"]) == (True, "pong", "7")
        topics = ["kline.1.BTCUSDT", "kline.1.NOBODYUSDT"]
        assert not (await _order(socket, op="subscribe", args=topics, req_id="8"))["success"]
        assert both.venue.server.pushing.wanted() == set()
        done = await _order(socket, op="subscribe", args=topics[:1], req_id="9")
        assert (done["success"], done["op"], done["req_id"]) == (True, "subscribe", "9")
        await _order(socket, op="unsubscribe", args=topics[:1], req_id="10")
        assert both.venue.server.pushing.wanted() == set()
        long = [f"kline.1.{'BTCUSDT'}", *(f"orderbook.{n}.BTCUSDT" for n in (1, 50, 200))]
        assert (await _order(socket, op="subscribe", args=long))["success"]

    _with_line(act)


def test_the_confirmed_candle_is_the_one_of_rest() -> None:
    async def act(both: Both, socket: aiohttp.ClientWebSocketResponse) -> None:
        await _order(socket, op="subscribe", args=["kline.1.SHAMUSDT"])
        both.venue.control.advance(10 * MINUTE)
        confirmed = []
        while len(confirmed) < 9:
            (candle,) = json.loads(await socket.receive_str(timeout=WAIT_S))["data"]
            if candle["confirm"]:
                fields = ("open", "high", "low", "close", "volume")
                confirmed.append([candle["start"], *(float(candle[field]) for field in fields)])
        rows = await both.bybit.fetch_ohlcv("SHAM/USDT:USDT", "1m", since=BEGINS - 30_000, limit=9)
        assert confirmed == rows

    _with_line(act)
