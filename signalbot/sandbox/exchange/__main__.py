"""The generated market as a venue: `python -m signalbot.sandbox.exchange --seed 1`.

It prints one line of JSON with its addresses and serves until it is told to stop.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.errors import InputError, SignalbotError
from signalbot.sandbox.exchange.process import serve
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import generate


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        asyncio.run(serve(_server(parsed)))
    except SignalbotError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InputError) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="signalbot.sandbox.exchange")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--seed", type=int, default=1, help="which market")
    parser.add_argument("--pairs", type=int, default=8, help="contracts, BTC among them")
    parser.add_argument("--history-days", type=int, default=3, help="days before now")
    parser.add_argument("--days", type=int, default=4, help="days from now on")
    parser.add_argument("--speed", type=float, default=1.0, help="0: stands still")
    return parser


def _server(parsed: argparse.Namespace) -> ExchangeServer:
    now = _now()
    minutes = (parsed.history_days + parsed.days) * DAY_MS // MINUTE_MS
    start = now - now % MINUTE_MS - parsed.history_days * DAY_MS
    market = generate(parsed.seed, parsed.pairs, minutes, start)
    # generating took a while, and the venue's clock must not be behind by that
    return ExchangeServer(market, VenueClock(_now(), parsed.speed), port=parsed.port)


def _now() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
