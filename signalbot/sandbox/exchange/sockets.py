"""The websocket connections: what each has subscribed to, and what still has to be sent."""

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import WSMsgType, web

from signalbot.sandbox.exchange.streams import is_heard

MOST_STREAMS = 1_024
LONGEST_FRAME = 4_096
"""Bytes of a frame; a longer one is ignored without a word, as reports of the venue say."""

MOST_ORDERS = 10
"""Frames a second, by this machine's clock; who sends more is cut off."""

MOST_WAITING = 20_000


class Connection:
    """One websocket.

    Attributes
    ----------
    streams : set of str
        What it has subscribed to, heard on its path or not.
    muted : bool
        Whether it is half-open: nothing is sent, nothing is answered, and nobody says so.
    """

    def __init__(self, request: web.Request, path: str) -> None:
        self.streams: set[str] = set()
        self.muted = False
        self._request = request
        self._path = path
        self._socket = web.WebSocketResponse(autoping=False, heartbeat=None, compress=False)
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._orders: list[float] = []

    def hears(self, stream: str) -> bool:
        """Whether it gets the events of a stream."""
        return not self.muted and stream in self.streams and is_heard(stream, self._path)

    def put(self, text: str) -> None:
        """Put a frame in line; whoever does not read them is cut off in the end."""
        if self._waiting.full():
            self.abort()
        else:
            self._waiting.put_nowait(text)

    def abort(self) -> None:
        """Break the connection without a farewell."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self) -> None:
        """Say goodbye."""
        if self._socket.prepared:
            await self._socket.close()

    async def serve(self) -> web.WebSocketResponse:
        """Read and write until it ends."""
        await self._socket.prepare(self._request)
        writing = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                await self._take(message.type, message.data)
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writing
        return self._socket

    async def _write(self) -> None:
        while True:
            text = await self._waiting.get()
            if not self.muted:
                await self._socket.send_str(text)

    async def _take(self, kind: WSMsgType, data: Any) -> None:
        if self.muted:
            return
        if kind is WSMsgType.PING:
            await self._socket.pong(data)
        elif kind is WSMsgType.TEXT and self._may_order() and len(data) <= LONGEST_FRAME:
            self._order(data)

    def _may_order(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._orders = [at for at in self._orders if at > now - 1] + [now]
        if len(self._orders) > MOST_ORDERS:
            self.abort()
            return False
        return True

    def _order(self, text: str) -> None:
        try:
            order = json.loads(text)
            method, streams, number = order["method"], set(order["params"]), order["id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.put('{"error":{"code":3,"msg":"Invalid JSON"}}')
            return
        if method == "SUBSCRIBE" and len(self.streams | streams) <= MOST_STREAMS:
            self.streams |= streams
        elif method == "UNSUBSCRIBE":
            self.streams -= streams
        else:
            error = {"code": 2, "msg": "Invalid request: unknown method or too many streams"}
            self.put(json.dumps({"error": error, "id": number}))
            return
        self.put(json.dumps({"result": None, "id": number}))
