"""The venue of a market on 127.0.0.1."""

from aiohttp import web

from signalbot.sandbox.exchange import streams
from signalbot.sandbox.exchange.answering import Answering
from signalbot.sandbox.exchange.binance_rest import BinanceRest
from signalbot.sandbox.exchange.bybit import streams as bybit_streams
from signalbot.sandbox.exchange.bybit.rest import BybitRest
from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.events import Event
from signalbot.sandbox.exchange.local_server import LocalServer
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.sim import Sim
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.subscribing import talk_on
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.venue_clock import VenueClock


class ExchangeServer(LocalServer):
    """Speaks Binance USD-M, and Bybit's linear contracts, for a market, to this machine only.

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
        super().__init__(Pushing(self._says, clock, self.venue.faults), port)
        self.control = Control(self, self.venue, clock)

    def routes(self) -> list[web.RouteDef]:
        """Return what is served."""
        binance = Answering(BinanceRest(self.venue), self.venue.faults)
        bybit = Answering(BybitRest(self.venue), self.venue.faults)
        return [
            web.get("/fapi/v1/{endpoint:.+}", binance.call),
            web.get("/{path:market|public}/ws/{number}", self._connect),
            web.get("/ws/{number}", self._connect),
            web.get("/v5/market/{endpoint:.+}", bybit.call),
            web.get("/v5/public/linear", self._connect_bybit),
            *Sim(self.control).routes(),
        ]

    def _says(self, stream: str, after: int, until: int) -> list[Event]:
        says = streams.events if "@" in stream else bybit_streams.events
        return says(self.venue, stream, after, until)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await self.serve(request, talk_on(request.match_info.get("path", "legacy")))

    async def _connect_bybit(self, request: web.Request) -> web.StreamResponse:
        return await self.serve(request, bybit_streams.talk_of(self.venue))
