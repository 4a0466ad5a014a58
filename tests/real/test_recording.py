"""Thirty seconds of the real Binance, played again to the real ccxt.pro."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.local_venue import client_of

from signalbot.sandbox.exchange.recorded_server import RecordedServer
from signalbot.sandbox.exchange.recording import Recording, read_recording

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
PARTS = ("exchangeInfo", "depth-snapshots", "streams")
COINS = ("SUSHI", "AKRO", "KEEP", "CTK")
WHOLE_S = 60


@pytest.fixture(scope="module")
def recording() -> Recording:
    files = [SHARED / "data/recordings" / f"binanceusdm-2021-07-22-{part}.txt" for part in PARTS]
    if not all(file.is_file() for file in files):
        pytest.skip("the recording is part of the shared market data")
    return read_recording(file.read_text(encoding="utf-8") for file in files)


def _said(recording: Recording, stream: str) -> Iterator[dict[str, Any]]:
    for event in recording.frames[stream]:
        yield json.loads(event.text)["data"]


def _play(recording: Recording, act) -> None:
    async def run() -> None:
        server = RecordedServer(recording)
        await server.start()
        client = client_of(server)
        try:
            async with asyncio.timeout(WHOLE_S):
                await client.load_markets()
                await act(server, client)
        finally:
            await client.close()
            await server.stop()

    asyncio.run(run())


def test_the_recording_is_read_whole(recording: Recording) -> None:
    assert sum(len(events) for events in recording.frames.values()) == 1_535
    assert [(a.endpoint, a.symbol) for a in recording.answers] == [
        ("exchangeInfo", None),
        *(("depth", f"{coin}USDT") for coin in COINS),
    ]


def test_a_book_stays_in_step_through_every_update(recording: Recording) -> None:
    """The sum of the snapshot and all changes, reckoned here by hand, is what ccxt has."""
    changes = list(_said(recording, "sushiusdt@depth@100ms"))
    snapshot = json.loads(recording.answer("depth", "SUSHIUSDT", recording.ends_at))
    sides = {side: {float(p): float(q) for p, q in snapshot[side]} for side in ("bids", "asks")}
    for change in changes:
        if change["u"] >= snapshot["lastUpdateId"]:
            for side, key in (("bids", "b"), ("asks", "a")):
                sides[side] |= {float(p): float(q) for p, q in change[key]}
    want = {side: {p: q for p, q in levels.items() if q} for side, levels in sides.items()}

    async def act(server: RecordedServer, client: Any) -> None:
        watching = asyncio.create_task(client.watch_order_book("SUSHI/USDT:USDT"))
        while not server.connections or "SUSHI/USDT:USDT" not in client.orderbooks:
            await asyncio.sleep(0.005)
        server.clock.set_speed(30.0)
        book = await watching
        while book["nonce"] != changes[-1]["u"]:
            book = await client.watch_order_book("SUSHI/USDT:USDT")
        assert book["nonce"] == 600_860_425_198
        assert len(book["bids"]) == 996
        # ccxt forgets levels beyond the thousandth, so far from the price it knows less
        for side, is_falling in (("bids", True), ("asks", False)):
            has = [(price, size) for price, size, *_ in book[side]]
            assert has[:900] == sorted(want[side].items(), reverse=is_falling)[:900]
            assert set(has) <= set(want[side].items())

    _play(recording, act)


def test_candles_are_those_of_the_venue_and_come_as_late(recording: Recording) -> None:
    async def act(server: RecordedServer, client: Any) -> None:
        heard: list[dict[str, Any]] = []
        parse = client.handle_ohlcv

        def hear(line: Any, message: dict[str, Any]) -> None:
            heard.append(message.get("data", message))
            parse(line, message)

        client.handle_ohlcv = hear
        wanted = [[f"{coin}/USDT:USDT", "1m"] for coin in COINS]
        watching = asyncio.create_task(client.watch_ohlcv_for_symbols(wanted))
        while not server.pushing.wanted():
            await asyncio.sleep(0.005)
        server.clock.set_speed(30.0)
        total = sum(len(recording.frames[f"{coin.lower()}usdt@kline_1m"]) for coin in COINS)
        await watching
        while len(heard) < total:
            await client.watch_ohlcv_for_symbols(wanted)

        for coin in COINS:
            said = list(_said(recording, f"{coin.lower()}usdt@kline_1m"))
            assert [each for each in heard if each["s"] == f"{coin}USDT"] == said
            last = {
                k["t"]: [k["t"], *(float(k[f]) for f in "ohlcv")] for k in (e["k"] for e in said)
            }
            rows = client.ohlcvs[f"{coin}/USDT:USDT"]["1m"]
            assert [row[:6] for row in rows] == list(last.values())

    _play(recording, act)
    late = {
        coin: said["E"] - said["k"]["T"] - 1
        for coin in COINS
        for said in _said(recording, f"{coin.lower()}usdt@kline_1m")
        if said["k"]["x"]
    }
    assert late == {"SUSHI": 203, "AKRO": 2_003, "KEEP": 2_004, "CTK": 791}


def test_trades_are_those_of_the_venue(recording: Recording) -> None:
    async def act(server: RecordedServer, client: Any) -> None:
        name = {"name": "aggTrade"}
        watching = asyncio.create_task(client.watch_trades("CTK/USDT:USDT", params=name))
        while not server.pushing.wanted():
            await asyncio.sleep(0.005)
        server.clock.set_speed(30.0)
        await watching
        said = list(_said(recording, "ctkusdt@aggTrade"))
        while len(client.trades["CTK/USDT:USDT"]) < len(said):
            await client.watch_trades("CTK/USDT:USDT", params=name)
        trades = client.trades["CTK/USDT:USDT"]
        assert [(t["timestamp"], t["price"], t["amount"]) for t in trades] == [
            (each["T"], float(each["p"]), float(each["q"])) for each in said
        ]

    _play(recording, act)
