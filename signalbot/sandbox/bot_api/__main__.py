"""A server in a process of its own: `python -m signalbot.sandbox.bot_api --token 1:secret`.

It prints one line of JSON with its address and serves until it is told to stop.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence
from decimal import Decimal

from signalbot.errors import InputError, SignalbotError
from signalbot.sandbox.bot_api.control import admit
from signalbot.sandbox.bot_api.flood import FloodRules, Pause
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.sandbox.bot_api.telegram import Telegram


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        asyncio.run(_serve(parsed))
    except SignalbotError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InputError) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="signalbot.sandbox.bot_api")
    parser.add_argument("--token", required=True, help="<id>:<secret> of the bot")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="pause before every answer")
    parser.add_argument("--people", type=int, default=0, help="people who have started the bot")
    parser.add_argument("--stars", type=int, default=0, help="for paid messages")
    parser.add_argument("--no-flood", action="store_true", help="no flood control")
    parser.add_argument("--pause", type=Pause, default=Pause.CHAT, help="what rests: bot or chat")
    return parser


async def _serve(parsed: argparse.Namespace) -> None:
    rules = FloodRules(enabled=not parsed.no_flood, pause=parsed.pause, stars=Decimal(parsed.stars))
    telegram = Telegram(
        parsed.token,
        lambda: time.time_ns() / 1e9,
        flood=rules,
        stage=lambda empty: admit(empty, parsed.people),
    )
    server = BotApiServer(telegram, port=parsed.port, latency_s=parsed.latency_ms / 1000)
    people = [chat.id for chat in telegram.directory]
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    url = await server.start()
    first, last = (people[0], people[-1]) if people else (None, None)
    address = {"url": url, "base_url": server.base_url, "base_file_url": server.base_file_url}
    sys.stdout.write(json.dumps(address | {"first_person": first, "last_person": last}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())
