"""The websocket connections: what each has subscribed to, and what still has to be sent."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

MOST_WAITING = 20_000


@dataclass(slots=True, kw_only=True)
class Customs:
    """How the venue treats its connections, in seconds of this machine; may be changed.

    Attributes
    ----------
    lifetime_s : float
        After it the venue says goodbye, however well the connection is.
    ping_every_s : float
        Between two pings of the venue.
    silence_s : float
        Who has said nothing for so long, not even a pong, is cut off.
    """

    lifetime_s: float = 86_400.0
    ping_every_s: float = 180.0
    silence_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a venue says on a path of its websockets.

    Attributes
    ----------
    order : callable
        Takes the subscriptions, which it changes, and a frame; returns what is replied at once.
    hears : callable
        Whether a stream speaks on this path.
    longest_frame : int or None
        Bytes; a longer one is ignored without a word.
    most_orders : int or None
        Frames a second, by this machine's clock; who sends more is cut off.
    """

    order: Callable[[set[str], str], list[str]]
    hears: Callable[[str], bool]
    longest_frame: int | None = None
    most_orders: int | None = None


class Connection:
    """One websocket.

    Attributes
    ----------
    streams : set of str
        What it has subscribed to, heard on its path or not.
    muted : bool
        Whether it is half-open: nothing is sent, nothing is answered, and nobody says so.
    """

    def __init__(self, request: web.Request, talk: Talk, customs: Customs) -> None:
        self.streams: set[str] = set()
        self.muted = False
        self._request = request
        self._talk = talk
        self._customs = customs
        # nothing is answered by itself, or a half-open one would still say goodbye
        self._socket = web.WebSocketResponse(autoping=False, autoclose=False, compress=False)
        self._waiting: asyncio.Queue[str | bytes | None] = asyncio.Queue(MOST_WAITING)
        self._orders: list[float] = []
        self._began = self._pinged = self._heard = asyncio.get_running_loop().time()
        self._over = asyncio.Event()

    def hears(self, stream: str) -> bool:
        """Whether it gets the events of a stream."""
        return not self.muted and stream in self.streams and self._talk.hears(stream)

    def put(self, frame: str | bytes | None) -> None:
        """Put a frame in line: a text, a ping, or None for a goodbye.

        Whoever does not read them is cut off in the end.
        """
        if self._waiting.full():
            self.abort()
        else:
            self._waiting.put_nowait(frame)

    def abort(self) -> None:
        """Break the connection without a farewell."""
        self._over.set()
        if self._request.transport is not None:
            self._request.transport.abort()

    def look(self) -> bool:
        """Ping it when it is time; return whether its time is over, and say goodbye then."""
        now = asyncio.get_running_loop().time()
        if self._request.transport is None or self._request.transport.is_closing():
            self._over.set()
        elif self.muted:
            return False
        elif now - self._began >= self._customs.lifetime_s:
            self._began = now
            self.put(None)
            return True
        elif now - self._heard >= self._customs.silence_s:
            self.abort()
        elif now - self._pinged >= self._customs.ping_every_s:
            self._pinged = now
            self.put(b"")
        return False

    async def serve(self) -> web.WebSocketResponse:
        """Read and write until it ends."""
        await self._socket.prepare(self._request)
        writing = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                await self._take(message.type, message.data)
            if self.muted:
                await self._over.wait()
                self.abort()
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writing
        return self._socket

    async def _write(self) -> None:
        while True:
            frame = await self._waiting.get()
            if self.muted:
                continue
            if frame is None:
                await self._socket.close()
            elif isinstance(frame, bytes):
                await self._socket.ping(frame)
            else:
                await self._socket.send_str(frame)

    async def _take(self, kind: WSMsgType, data: Any) -> None:
        if self.muted:
            return
        self._heard = asyncio.get_running_loop().time()
        longest = self._talk.longest_frame
        if kind is WSMsgType.PING:
            await self._socket.pong(data)
        elif kind is WSMsgType.TEXT and self._may_order() and (not longest or len(data) <= longest):
            for reply in self._talk.order(self.streams, data):
                self.put(reply)

    def _may_order(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._orders = [at for at in self._orders if at > now - 1] + [now]
        if self._talk.most_orders and len(self._orders) > self._talk.most_orders:
            self.abort()
            return False
        return True
