"""The server on 127.0.0.1: it may be started and stopped within a test, or stand for itself."""

import asyncio
import contextlib
from functools import partial

from aiohttp import web

from signalbot.sandbox.exchange.answering import Answering
from signalbot.sandbox.exchange.binance_rest import BinanceRest
from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.listening import HOST, Listening
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.sim import Sim
from signalbot.sandbox.exchange.sockets import Connection, Talk
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.streams import events
from signalbot.sandbox.exchange.subscribing import talk_on
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock

LOOK_EVERY_S = 0.02


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
        self.venue = Venue(market, clock)
        self.listening = Listening(port)
        self._pushing = Pushing(partial(events, self.venue), clock, self.venue.faults)
        self.control = Control(self.venue, clock, self._pushing, self.listening)
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
        return len(self._pushing.connections)

    async def start(self) -> str:
        """Begin to answer and return the address.

        Raises
        ------
        UnavailableError
            If the port is taken.
        """
        await self.listening.start(self._routes())
        self._task = asyncio.create_task(self._run())
        return self.url

    async def stop(self) -> None:
        """Close every connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for connection in tuple(self._pushing.connections):
            connection.abort()
        await self.listening.stop()

    async def _run(self) -> None:
        while True:
            self._pushing.push()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, talk_on(request.match_info.get("path", "legacy")))

    async def _serve(self, request: web.Request, talk: Talk) -> web.StreamResponse:
        connection = Connection(request, talk, self.control.customs)
        self._pushing.connections.add(connection)
        try:
            return await connection.serve()
        finally:
            self._pushing.connections.discard(connection)

    def _routes(self) -> list[web.RouteDef]:
        binance = Answering(BinanceRest(self.venue), self.venue.faults)
        return [
            web.get("/fapi/v1/{endpoint:.+}", binance.call),
            web.get("/{path:market|public}/ws/{number}", self._connect),
            web.get("/ws/{number}", self._connect),
            *Sim(self.control).routes(),
        ]
