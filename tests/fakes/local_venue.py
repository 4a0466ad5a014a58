"""The local venue, and the real ccxt.pro client pointed at it and at nothing else."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import ccxt.pro

from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.local_server import LocalServer
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import NEW_YEAR_2026, generate

MINUTE = 60_000
BEGINS = NEW_YEAR_2026 + 180 * MINUTE + 30_000
"""Half of a minute, with three hours behind it."""

WAIT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalVenue:
    server: ExchangeServer
    client: Any

    @property
    def control(self) -> Control:
        return self.server.control


def _local(urls: Any, server: LocalServer) -> Any:
    """Every address of ccxt becomes one of this machine."""
    if isinstance(urls, dict):
        return {key: _local(value, server) for key, value in urls.items()}
    if urls.startswith("wss://"):
        return server.socket_url
    return re.sub(r"^https?://[^/]+", server.url, urls)


def client_of(server: LocalServer) -> Any:
    client = ccxt.pro.binanceusdm({"enableRateLimit": False})
    client.urls["api"] = _local(client.urls["api"], server)
    return client


def bybit_client_of(server: LocalServer) -> Any:
    options = {"fetchMarkets": {"types": ["linear"]}, "defaultType": "swap"}
    client = ccxt.pro.bybit({"enableRateLimit": False, "options": options})
    client.urls["api"] = _bybit_local(client.urls["api"], server)
    return client


def _bybit_local(urls: Any, server: LocalServer) -> Any:
    if isinstance(urls, dict):
        return {key: _bybit_local(value, server) for key, value in urls.items()}
    base = server.url if urls.startswith("http") else server.url.replace("http", "ws")
    return re.sub(r"^\w+://[^/]+", base, urls)


@asynccontextmanager
async def venue_of(source: Source, begins: int, speed: float = 0.0) -> AsyncIterator[LocalVenue]:
    """A venue of any market, and a client with its markets."""
    server = ExchangeServer(source, VenueClock(begins, speed))
    await server.start()
    client = client_of(server)
    try:
        await client.load_markets()
        yield LocalVenue(server=server, client=client)
    finally:
        await client.close()
        await server.stop()


def local_venue(speed: float = 0.0, pairs: int = 4) -> AbstractAsyncContextManager[LocalVenue]:
    """A venue of the generated market whose clock stands still unless a speed is given."""
    return venue_of(generate(7, pairs, 600), BEGINS, speed)


class Line:
    """A plain websocket with subscriptions of Binance's kind."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def subscribe(self, *streams: str) -> None:
        await self.order("SUBSCRIBE", *streams)
        assert await self.socket.receive_json(timeout=WAIT_S) == {"result": None, "id": 1}

    async def order(self, method: str, *streams: str) -> None:
        await self.socket.send_json({"method": method, "params": streams, "id": 1})

    async def frames(self, count: int) -> list[str]:
        return [await self.socket.receive_str(timeout=WAIT_S) for _ in range(count)]

    async def until_silent(self) -> list[dict[str, Any]]:
        """Everything that is already on its way."""
        await self.order("UNSUBSCRIBE")
        said = []
        while "id" not in (event := json.loads((await self.frames(1))[0])):
            said.append(event)
        return said


@asynccontextmanager
async def line_to(server: LocalServer, path: str = "market") -> AsyncIterator[Line]:
    url = server.socket_url.replace("/ws", f"/{path}/ws/0")
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        yield Line(socket)
