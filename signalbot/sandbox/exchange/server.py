"""The server on 127.0.0.1: it may be started and stopped within a test, or stand for itself."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from signalbot.errors import InputError, UnavailableError
from signalbot.sandbox.exchange.answering import Answering
from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.sim import Sim
from signalbot.sandbox.exchange.sockets import Connection
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock

HOST = "127.0.0.1"
SHUTDOWN_S = 1.0
LOOK_EVERY_S = 0.02
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ExchangeServer:
    """Speaks Binance USD-M for a market, to this machine only.

    Parameters
    ----------
    clock : VenueClock
        It stands within the market.
    port : int
        0 takes any that is free; a server that is started again keeps it.

    Raises
    ------
    InputError
        If the port is out of range, or the clock is outside the market.
    """

    def __init__(self, market: Source, clock: VenueClock, *, port: int = 0) -> None:
        if not 0 <= port < 2**16:
            raise InputError("port", port, "0 to 65535")
        self.venue = Venue(market, clock)
        self._pushing = Pushing(self.venue)
        self.control = Control(self.venue, clock, self._pushing)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Address of the server: what replaces `https://fapi.binance.com`."""
        return f"http://{HOST}:{self._port}"

    @property
    def socket_url(self) -> str:
        """What replaces `wss://fstream.binance.com/ws`; it must end in /ws for ccxt."""
        return f"ws://{HOST}:{self._port}/ws"

    async def start(self) -> str:
        """Begin to answer and return the address.

        Raises
        ------
        UnavailableError
            If the port is taken.
        """
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, HOST, self._port).start()
        except OSError as error:
            await self.stop()
            raise UnavailableError(f"port {self._port} of {HOST} is not free") from error
        self._port = runner.addresses[0][1]
        self._task = asyncio.create_task(self._run())
        return self.url

    async def stop(self) -> None:
        """Close every connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.control.drop()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _run(self) -> None:
        while True:
            self._pushing.push()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info.get("path", "legacy")
        connection = Connection(request, path)
        self._pushing.connections.add(connection)
        try:
            return await connection.serve()
        finally:
            self._pushing.connections.discard(connection)

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._require_host])
        application.router.add_get("/fapi/v1/{endpoint:.+}", Answering(self.venue).call)
        application.router.add_get("/{path:market|public}/ws/{number}", self._connect)
        application.router.add_get("/ws/{number}", self._connect)
        application.router.add_routes(Sim(self.control).routes())
        return application

    @web.middleware
    async def _require_host(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host.lower() not in (f"{HOST}:{self._port}", f"localhost:{self._port}"):
            return web.Response(status=403, text="this server answers to 127.0.0.1 only\n")
        return await handler(request)
