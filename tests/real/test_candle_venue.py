"""Real candles through the local venue and the real ccxt: the file's numbers, unchanged."""

import asyncio
import os
from pathlib import Path

import pytest
from fakes.local_venue import line_to, venue_of

from signalbot.app.recorded_exchange import read_market

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
CANDLES = SHARED / "data" / "candles"
MINUTE = 60_000
CRASH = 1_746_489_600_000  # 2025-05-06, LAYER falls
FIELDS = ("open", "high", "low", "close", "volume")


def test_a_day_of_a_crash_is_served_as_it_was() -> None:
    if not CANDLES.is_dir():
        pytest.skip("real candles need the shared market data")
    market = read_market(CANDLES, "binanceusdm")

    async def run() -> None:
        async with venue_of(market, CRASH) as venue, asyncio.timeout(120):
            assert "AGT/USDT:USDT" not in venue.client.markets  # listed on the 20th
            said = []
            async with line_to(venue.server) as line:
                await line.subscribe(*(f"{pair}usdt@kline_1m" for pair in ("btc", "layer", "xmr")))
                for _ in range(3):  # at once it would be more than a line may hold back
                    venue.control.advance(20 * MINUTE)
                    said += [e["k"] for e in await line.until_silent() if e["k"]["x"]]
            for symbol in sorted(set(market.series) - {"AGT/USDT:USDT"}):
                name = symbol.replace("/USDT:USDT", "USDT")
                series = market.series[symbol]
                columns = (getattr(series, field).tolist() for field in FIELDS)
                rows = list(zip(series.open_time.tolist(), *columns, strict=True))
                fetched = await venue.client.fetch_ohlcv(symbol, limit=499)
                closed = [
                    (k["t"], *(float(k[field]) for field in "ohlcv"))
                    for k in said
                    if k["s"] == name
                ]
                now = CRASH + 60 * MINUTE
                past = [row for row in rows if row[0] < now]
                assert [tuple(row) for row in fetched] == past[-499:]
                if closed:
                    assert closed == past[-61:-1]
            assert len(said) == 3 * 60

    asyncio.run(run())
