"""A CoinGecko on this machine that answers what a test has prepared."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

PATH = "/api/v3/coins/markets"
Prepared = Callable[[web.Request], Awaitable[web.StreamResponse]]


def row(number: int, **changes: Any) -> dict[str, Any]:
    """One coin as CoinGecko has it, with what it says besides."""
    return {
        "id": f"coin-{number}",
        "symbol": f"c{number}",
        "name": f"Coin {number}",
        "image": "https://example.invalid/coin.png",
        "current_price": 0.5,
        "market_cap": 2_000_000_000 - number,
        "market_cap_rank": number,
        "fully_diluted_valuation": None,
        "roi": None,
    } | changes


def page(rows: Any, status: int = 200, **headers: str) -> Prepared:
    """Answer with rows, or with any text as it is."""
    text = rows if isinstance(rows, str) else json.dumps(rows)
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(
            text=text, status=status, headers=named, content_type="application/json"
        )

    return answer


async def half(request: web.Request) -> web.StreamResponse:
    """Promise a page, send half of it, and hang up."""
    response = web.StreamResponse(headers={"Content-Length": "4000"})
    await response.prepare(request)
    await response.write(b'[{"id": "bitcoin", "symbol"')
    assert request.transport is not None
    request.transport.abort()
    return response


async def silence(request: web.Request) -> web.StreamResponse:
    """Answer nothing until the asker has gone."""
    await asyncio.Event().wait()
    raise AssertionError


class CoinGecko:
    """What is asked is kept; the last prepared answer is given for ever."""

    def __init__(self, *prepared: Prepared) -> None:
        self.prepared = list(prepared)
        self.asked: list[web.Request] = []
        self.url = ""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        answer = self.prepared.pop(0) if len(self.prepared) > 1 else self.prepared[0]
        return await answer(request)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["CoinGecko"]:
        app = web.Application()
        app.add_routes([web.get(PATH, self._answer)])
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}{PATH.removesuffix('/coins/markets')}"
        try:
            yield self
        finally:
            await runner.cleanup()
