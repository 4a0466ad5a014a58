"""Recorded candles as a venue: `python -m signalbot.app.recorded_exchange --candles DIR`.

It prints one line of JSON with its addresses and serves until it is told to stop. Its clock shows
the time of the recording.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from signalbot.domain.timeframe import DAY_MS
from signalbot.errors import InputError, SignalbotError
from signalbot.market.recorded import read_contracts
from signalbot.sandbox.candle_market import CandleMarket, candle_market
from signalbot.sandbox.exchange.process import serve
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        market = read_market(parsed.candles, parsed.venue, parsed.seed)
        clock = VenueClock(_begins_at(market, parsed.at), parsed.speed)
        asyncio.run(serve(ExchangeServer(market, clock, port=parsed.port)))
    except SignalbotError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InputError) else 1
    return 0


def read_market(folder: Path, venue: str, seed: int = 0) -> CandleMarket:
    """Return the market of a folder with `<venue>/1m/<BASE>_<QUOTE>_<SETTLE>.csv[.gz]` in it.

    Raises
    ------
    InputError
        Naming file, line and field of what is wrong, or what is missing.
    """
    series, instruments = read_contracts(folder, venue)
    return candle_market(series, instruments, seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="signalbot.app.recorded_exchange")
    parser.add_argument("--candles", type=Path, required=True, help="folder of recorded candles")
    parser.add_argument("--venue", default="binanceusdm", help="whose candles")
    parser.add_argument("--at", help="time it begins, UTC; a day after the first candle")
    parser.add_argument("--seed", type=int, default=0, help="of trades and books")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--speed", type=float, default=1.0, help="0: stands still")
    return parser


def _begins_at(market: CandleMarket, text: str | None) -> int:
    if text is None:
        return min(int(candles.open_time[0]) for candles in market.series.values()) + DAY_MS
    try:
        return round(datetime.fromisoformat(f"{text}+00:00").timestamp() * 1_000)
    except ValueError:
        raise InputError("at", text, "a time such as 2025-05-06T12:00") from None


if __name__ == "__main__":
    sys.exit(main())
