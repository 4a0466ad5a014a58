"""The local venue, and the real ccxt.pro client pointed at it and at nothing else."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import ccxt.pro

from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import NEW_YEAR_2026, generate

MINUTE = 60_000
BEGINS = NEW_YEAR_2026 + 180 * MINUTE + 30_000
"""Half of a minute, with three hours behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalVenue:
    server: ExchangeServer
    client: Any

    @property
    def control(self) -> Control:
        return self.server.control


def _local(urls: Any, server: ExchangeServer) -> Any:
    """Every address of ccxt becomes one of this machine."""
    if isinstance(urls, dict):
        return {key: _local(value, server) for key, value in urls.items()}
    if urls.startswith("wss://"):
        return server.socket_url
    return re.sub(r"^https?://[^/]+", server.url, urls)


def client_of(server: ExchangeServer) -> Any:
    client = ccxt.pro.binanceusdm({"enableRateLimit": False})
    client.urls["api"] = _local(client.urls["api"], server)
    return client


@asynccontextmanager
async def local_venue(speed: float = 0.0, pairs: int = 4) -> AsyncIterator[LocalVenue]:
    """A venue whose clock stands still unless a speed is given, and a client with its markets."""
    server = ExchangeServer(generate(7, pairs, 600), VenueClock(BEGINS, speed))
    await server.start()
    client = client_of(server)
    try:
        await client.load_markets()
        yield LocalVenue(server=server, client=client)
    finally:
        await client.close()
        await server.stop()
