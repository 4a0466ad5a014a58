"""The port on 127.0.0.1: it may be opened and shut within a test, and refuse for a while."""

import asyncio
import contextlib
from collections.abc import Iterable

from aiohttp import web

from signalbot.errors import InputError, UnavailableError
from signalbot.sandbox.this_machine import HOST, SHUTDOWN_S, only_by_its_name, possible_port

GRACE_S = 0.05
LONGEST_REFUSAL_S = 3_600.0


class Listening:
    """Listens on this machine, to this machine only.

    Parameters
    ----------
    port : int
        0 takes any that is free; it is kept from then on.

    Raises
    ------
    InputError
        If the port is out of range.
    """

    def __init__(self, port: int) -> None:
        self.port = possible_port(port)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._refusing: asyncio.Task[None] | None = None

    async def start(self, routes: Iterable[web.RouteDef]) -> None:
        """Begin to answer.

        Raises
        ------
        UnavailableError
            If the port is taken.
        """
        application = web.Application(middlewares=[only_by_its_name(lambda: self.port)])
        application.router.add_routes(routes)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        self._runner = runner
        try:
            await self.open()
        except OSError as error:
            await self.stop()
            raise UnavailableError(f"port {self.port} of {HOST} is not free") from error
        self.port = runner.addresses[0][1]

    async def stop(self) -> None:
        """End every connection."""
        refusing, self._refusing = self._refusing, None
        if refusing is not None:
            refusing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await refusing
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        self._site = None

    async def open(self) -> None:
        """Take new connections again."""
        if self._site is None and self._runner is not None:
            site = web.TCPSite(self._runner, HOST, self.port)
            await site.start()
            self._site = site

    async def shut(self) -> None:
        """Refuse new connections; those that there are go on."""
        site, self._site = self._site, None
        if site is not None:
            await site.stop()

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so long, by this machine's clock, and break those there are.

        Raises
        ------
        InputError
            If it is longer than an hour, or it refuses already.
        """
        if not 0 <= seconds <= LONGEST_REFUSAL_S:
            raise InputError("seconds", seconds, f"0 to {LONGEST_REFUSAL_S:g}")
        if self._refusing is not None and not self._refusing.done():
            raise InputError("seconds", seconds, "nothing while it still refuses")
        self._refusing = asyncio.create_task(self._refuse(seconds))

    async def _refuse(self, seconds: float) -> None:
        await self.shut()
        await asyncio.sleep(min(seconds, GRACE_S))  # who ordered it gets an answer
        self._break()
        await asyncio.sleep(max(seconds - GRACE_S, 0))
        await self.open()

    def _break(self) -> None:
        server = self._runner.server if self._runner is not None else None
        for handler in server.connections if server is not None else ():
            if handler.transport is not None:
                handler.transport.abort()
