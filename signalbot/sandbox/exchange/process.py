"""A venue in a process of its own, until it is told to stop."""

import asyncio
import json
import signal
import sys

from signalbot.sandbox.exchange.server import ExchangeServer


async def serve(server: ExchangeServer) -> None:
    """Print one line of JSON with the addresses, and serve until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    url = await server.start()
    sys.stdout.write(json.dumps({"url": url, "socket_url": server.socket_url}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()
