"""ccxt.pro's Binance client over websockets on this machine: candles, books, broken lines."""

import asyncio
import json

import ccxt
import pytest
from fakes.local_venue import BEGINS, MINUTE, WAIT_S, Line, LocalVenue, line_to, local_venue

from signalbot.sandbox.exchange.faults import Fault, FaultKind

BTC = "BTC/USDT:USDT"


def _run(act, speed: float = 0.0) -> None:
    async def run() -> None:
        async with local_venue(speed) as venue, asyncio.timeout(60):
            await act(venue)

    asyncio.run(run())


def test_candles_of_several_symbols_are_watched() -> None:
    async def act(venue: LocalVenue) -> None:
        symbols = set(venue.server.venue.market.series)
        wanted = [[symbol, "1m"] for symbol in symbols]
        seen: set[str] = set()
        while seen != symbols:
            news = await venue.client.watch_ohlcv_for_symbols(wanted)
            seen |= set(news)
            for frames in news.values():
                assert frames["1m"][-1][0] >= BEGINS - 30_000

    _run(act, speed=60.0)


def test_a_watched_book_stays_in_step_with_the_venue() -> None:
    async def act(venue: LocalVenue) -> None:
        book = await venue.client.watch_order_book(BTC)
        for _ in range(20):
            venue.control.advance(500)
            book = await venue.client.watch_order_book(BTC)
        fetched = await venue.client.fetch_order_book(BTC)
        assert book["nonce"] == fetched["nonce"]
        assert (book["bids"], book["asks"]) == (fetched["bids"], fetched["asks"])

    _run(act)


def test_liquidations_are_watched() -> None:
    async def act(venue: LocalVenue) -> None:
        watching = asyncio.create_task(venue.client.watch_liquidations_for_symbols([]))
        while not venue.server.pushing.wanted():
            await asyncio.sleep(0.005)
        while not watching.done():
            venue.control.advance(10 * MINUTE)
            await asyncio.sleep(0.005)
        (liquidation,) = (await watching)[:1]
        assert liquidation["side"] in ("buy", "sell")
        assert liquidation["price"] * liquidation["contracts"] > 0

    _run(act)


def test_a_dropped_line_is_mended_by_the_next_watch() -> None:
    async def act(venue: LocalVenue) -> None:
        await venue.client.watch_ohlcv(BTC)
        assert venue.control.drop() == 1
        with pytest.raises(ccxt.NetworkError):
            await _watch_on(venue, WAIT_S)
        assert await asyncio.wait_for(venue.client.watch_ohlcv(BTC), WAIT_S)

    _run(act, speed=60.0)


def test_a_half_open_line_is_silent_until_it_is_replaced() -> None:
    async def act(venue: LocalVenue) -> None:
        await venue.client.watch_ohlcv(BTC)
        assert venue.control.mute() == 1
        with pytest.raises(TimeoutError):
            await _watch_on(venue, 0.5)
        (line,) = venue.client.clients.values()
        with pytest.raises(TimeoutError):  # its goodbye is not answered either
            await asyncio.wait_for(line.close(), 0.5)
        venue.client.clients.pop(line.url, None)
        assert await asyncio.wait_for(venue.client.watch_ohlcv(BTC), WAIT_S)

    _run(act, speed=60.0)


async def _watch_on(venue: LocalVenue, wait_s: float) -> None:
    while True:
        await asyncio.wait_for(venue.client.watch_ohlcv(BTC), wait_s)


def _with_line(act) -> None:
    async def with_line(venue: LocalVenue) -> None:
        async with line_to(venue.server) as line:
            await act(venue, line)

    _run(with_line)


def test_a_candle_closes_with_the_next_trade_or_two_seconds_late() -> None:
    async def act(venue: LocalVenue, line: Line) -> None:
        await line.subscribe("shamusdt@kline_1m")
        venue.control.advance(10 * MINUTE)
        tape = venue.server.venue.contract("SHAMUSDT").tape
        late = []
        while len(late) < 10:
            event = json.loads((await line.frames(1))[0])
            if event["k"]["x"]:
                row = tape.row_at(event["k"]["t"])
                assert event["E"] == tape.starts(row + 1)
                late.append(event["E"] - event["k"]["T"] - 1)
        assert max(late) == 2_000
        assert min(late) < 2_000

    _with_line(act)


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [
        (FaultKind.LOSE, [180, 182]),
        (FaultKind.REPEAT, [180, 181, 181, 182]),
        (FaultKind.LATE, [180, 181, 182]),
    ],
)
def test_closed_candles_are_lost_repeated_or_late(kind: FaultKind, minutes: list[int]) -> None:
    async def act(venue: LocalVenue, line: Line) -> None:
        venue.control.add_fault(Fault(kind=kind, closed=True, nth=2))
        await line.subscribe("btcusdt@kline_1m")
        venue.control.advance(3 * MINUTE)
        closed, order = [], []
        for event in await line.until_silent():
            row = (event["k"]["t"] - BEGINS + 30_000) // MINUTE + 180
            order.append(row)
            if event["k"]["x"]:
                closed.append(row)
        if kind is FaultKind.LATE:
            assert order != sorted(order)
        assert closed == minutes

    _with_line(act)


def test_frames_come_broken() -> None:
    async def act(venue: LocalVenue, line: Line) -> None:
        venue.control.add_fault(Fault(kind=FaultKind.GARBLE, nth=1))
        venue.control.add_fault(Fault(kind=FaultKind.CUT, nth=2))
        await line.subscribe("btcusdt@aggTrade")
        venue.control.advance(MINUTE)
        for frame in await line.frames(2):
            with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
                json.loads(frame)
        assert json.loads((await line.frames(1))[0])["e"] == "aggTrade"

    _with_line(act)
