"""A server on 127.0.0.1 that answers the Bot API's calls one after the other, as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
CHAT = {"id": 42, "type": "private", "first_name": "Ann"}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
STOPPING = web.AppKey("stopping", asyncio.Event)


def told(status: int, description: str, **parameters: Any) -> Answer:
    """An error as the Bot API tells it."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return plain(status, json.dumps(body))


def plain(status: int, text: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text)

    return answer


async def accepted(request: web.Request) -> web.StreamResponse:
    message = {"message_id": 7, "date": 1_767_225_600, "chat": CHAT, "text": "x"}
    return web.json_response({"ok": True, "result": message})


async def dropped(request: web.Request) -> web.StreamResponse:
    """Take the call, and break the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    """Break the connection in the middle of the answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": true, ')
    assert request.transport is not None
    request.transport.abort()
    return response


async def stalled(request: web.Request) -> web.StreamResponse:
    """Take the call, and do not answer before the server stops."""
    await request.app[STOPPING].wait()
    return web.Response()


class TelegramServer:
    """Answers calls in the order of `answers`, then accepts; keeps what was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.calls: list[Mapping[str, Any]] = []
        self.called = asyncio.Event()
        self.url = ""

    async def _call(self, request: web.Request) -> web.StreamResponse:
        fields = dict(await request.post())
        self.calls.append(fields | {"method": request.match_info["method"]})
        self.called.set()
        answer = self.answers.pop(0) if self.answers else accepted
        return await answer(request)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["TelegramServer"]:
        app = web.Application()
        app[STOPPING] = asyncio.Event()
        app.router.add_post("/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/bot"
        try:
            yield self
        finally:
            app[STOPPING].set()
            await runner.cleanup()
