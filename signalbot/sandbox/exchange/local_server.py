"""What every local venue is underneath: a port, websockets, and a look at the streams now and then.

It may be started and stopped within a test, and several may run in one event loop.
"""

import asyncio
import contextlib
from collections.abc import Iterable

from aiohttp import web

from signalbot.sandbox.exchange.listening import Listening
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.sockets import Connection, Customs, Talk
from signalbot.sandbox.this_machine import HOST

LOOK_EVERY_S = 0.02


class LocalServer:
    """Serves on 127.0.0.1, to this machine only.

    Parameters
    ----------
    port : int
        0 takes any that is free; a server that is started again keeps it.

    Raises
    ------
    InputError
        If the port is out of range.
    """

    def __init__(self, pushing: Pushing, port: int) -> None:
        self.listening = Listening(port)
        self.customs = Customs()
        self.pushing = pushing
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Address of the server: what replaces `https://fapi.binance.com`."""
        return f"http://{HOST}:{self.listening.port}"

    @property
    def socket_url(self) -> str:
        """What replaces `wss://fstream.binance.com/ws`; it must end in /ws for ccxt."""
        return f"ws://{HOST}:{self.listening.port}/ws"

    @property
    def connections(self) -> int:
        """How many websockets are open."""
        return len(self.pushing.connections)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is served."""
        raise NotImplementedError

    async def start(self) -> str:
        """Begin to answer and return the address.

        Raises
        ------
        UnavailableError
            If the port is taken.
        """
        await self.listening.start(self.routes())
        self._task = asyncio.create_task(self._run())
        return self.url

    async def stop(self) -> None:
        """Close every connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for connection in tuple(self.pushing.connections):
            connection.abort()
        await self.listening.stop()

    async def serve(self, request: web.Request, talk: Talk) -> web.StreamResponse:
        """Talk to a websocket until it ends."""
        connection = Connection(request, talk, self.customs)
        self.pushing.connections.add(connection)
        try:
            return await connection.serve()
        finally:
            self.pushing.connections.discard(connection)

    async def _run(self) -> None:
        while True:
            self.pushing.push()
            await asyncio.sleep(LOOK_EVERY_S)
