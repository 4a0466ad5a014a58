"""Recorded candles served by the local venue, and read by the real ccxt.pro."""

import asyncio
import json
import signal
import subprocess
import sys

import aiohttp
import pytest
from fakes.local_venue import LocalVenue, line_to, venue_of
from fakes.written_candles import LATER, MINUTE, ROWS, START, candles, instrument

from signalbot.sandbox.candle_market import candle_market

COIN, NEW = "COIN/USDT:USDT", "NEW/USDT:USDT"
MARKET = candle_market(
    {COIN: candles(), NEW: candles(LATER)}, {each: instrument(each) for each in (COIN, NEW)}
)


def _run(act, begins: int) -> None:
    async def run() -> None:
        async with venue_of(MARKET, begins) as venue, asyncio.timeout(60):
            await act(venue)

    asyncio.run(run())


def test_rest_gives_the_recorded_rows_and_leaves_the_gaps() -> None:
    async def act(venue: LocalVenue) -> None:
        rows = await venue.client.fetch_ohlcv(COIN, "1m")
        assert rows == [[START + MINUTE * minute, *numbers] for minute, *numbers in ROWS[:-1]] + [
            rows[-1]
        ]
        assert rows[-1][0] == START + 7 * MINUTE
        assert rows[-1][5] < 50_000.25

    _run(act, START + 7 * MINUTE + 30_000)


def test_the_stream_closes_the_recorded_candles_and_no_others() -> None:
    async def act(venue: LocalVenue) -> None:
        async with line_to(venue.server) as line:
            await line.subscribe("coinusdt@kline_1m", "newusdt@kline_1m")
            venue.control.advance(8 * MINUTE)
            closed = [event["k"] for event in await line.until_silent() if event["k"]["x"]]
        for name, rows in (("COINUSDT", ROWS), ("NEWUSDT", LATER)):
            said = [k for k in closed if k["s"] == name]
            assert [
                ((k["t"] - START) // MINUTE, *(float(k[field]) for field in "ohlcv")) for k in said
            ] == [tuple(row) for row in rows]

    _run(act, START + MINUTE)


def test_a_new_listing_appears_with_its_first_candle() -> None:
    async def act(venue: LocalVenue) -> None:
        assert NEW not in venue.client.markets
        venue.control.advance(2 * MINUTE)
        markets = await venue.client.load_markets(True)
        assert markets[NEW]["created"] == START + 3 * MINUTE
        assert {COIN, NEW} < set(await venue.client.fetch_tickers())

    _run(act, START + MINUTE)


def test_a_folder_of_candles_is_served_by_a_process(tmp_path) -> None:
    folder = tmp_path / "binanceusdm" / "1m"
    folder.mkdir(parents=True)
    lines = [f"{START + MINUTE * m},{o},{h},{low},{c},{v}" for m, o, h, low, c, v in ROWS]
    head = "open_time,open,high,low,close,volume"
    (folder / "COIN_USDT_USDT.csv").write_text("\n".join([head, *lines]) + "\n")
    command = (sys.executable, "-m", "signalbot.app.recorded_exchange", "--speed", "0")
    options = ("--candles", str(tmp_path), "--at", "2026-01-01T00:03")
    with subprocess.Popen((*command, *options), stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            addresses = json.loads(process.stdout.readline())

            async def ask() -> list:
                query = "/fapi/v1/klines?symbol=COINUSDT&interval=1m"
                async with (
                    aiohttp.ClientSession(addresses["url"]) as session,
                    session.get(query) as answer,
                ):
                    return await answer.json()

            rows = asyncio.run(ask())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    assert [float(row[5]) for row in rows] == [20_000, 15_000.5, 0]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--candles", "nowhere"), "candles"),
        (("--candles", "nowhere", "--venue", "../up"), "venue"),
    ],
)
def test_a_wrong_folder_ends_with_2_and_says_which(options: tuple[str, ...], field: str) -> None:
    command = (sys.executable, "-m", "signalbot.app.recorded_exchange", *options)
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own
    assert ended.returncode == 2
    assert field in ended.stderr
