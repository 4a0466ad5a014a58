"""The venue of a market on 127.0.0.1."""

from functools import partial

from aiohttp import web

from signalbot.sandbox.exchange.answering import Answering
from signalbot.sandbox.exchange.binance_rest import BinanceRest
from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.local_server import LocalServer
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.sim import Sim
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.streams import events
from signalbot.sandbox.exchange.subscribing import talk_on
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock


class ExchangeServer(LocalServer):
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
        super().__init__(Pushing(partial(events, self.venue), clock, self.venue.faults), port)
        self.control = Control(self, self.venue, clock)

    def routes(self) -> list[web.RouteDef]:
        """Return what is served."""
        binance = Answering(BinanceRest(self.venue), self.venue.faults)
        return [
            web.get("/fapi/v1/{endpoint:.+}", binance.call),
            web.get("/{path:market|public}/ws/{number}", self._connect),
            web.get("/ws/{number}", self._connect),
            *Sim(self.control).routes(),
        ]

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await self.serve(request, talk_on(request.match_info.get("path", "legacy")))
