"""A recording played again through real sockets, at a chosen speed and in its own order."""

from collections.abc import Mapping

from aiohttp import web

from signalbot.sandbox.exchange.answering import Answering, Refused
from signalbot.sandbox.exchange.faults import Faults
from signalbot.sandbox.exchange.local_server import LocalServer
from signalbot.sandbox.exchange.pushing import Pushing
from signalbot.sandbox.exchange.recording import Recording
from signalbot.sandbox.exchange.rows import Rows
from signalbot.sandbox.exchange.subscribing import talk_on
from signalbot.sandbox.exchange.venue_clock import VenueClock


class RecordedServer(LocalServer):
    """Says what Binance USD-M said, to whoever has subscribed to it.

    Parameters
    ----------
    speed : float
        0 stands still before the first frame, until the clock is given a speed or moved.
    port : int
        0 takes any that is free.

    Raises
    ------
    InputError
        If the port or the speed is out of range.
    """

    def __init__(self, recording: Recording, speed: float = 0.0, *, port: int = 0) -> None:
        self.clock = VenueClock(recording.begins_at, speed)
        self.faults = Faults()
        self._recording = recording
        super().__init__(Pushing(recording.says, self.clock, self.faults), port)

    def advance(self, ms: int) -> int:
        """Let time pass at once, push what was said in it, and return the time then."""
        self.clock.advance(ms)
        self.pushing.push()
        return self.clock()

    def admit(self, endpoint: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Let every request in."""
        return {}

    def answer(self, endpoint: str, given: Mapping[str, str]) -> object:
        """Return what was answered by now, or first; may raise `Refused`."""
        text = self._recording.answer(endpoint, given.get("symbol"), self.clock())
        if text is None:
            raise Refused(404, {"code": -5000, "msg": "nobody asked for it"})
        return Rows(rows=[text], head="", tail="")

    def routes(self) -> list[web.RouteDef]:
        """Return what is served."""
        return [
            web.get("/fapi/v1/{endpoint:.+}", Answering(self, self.faults).call),
            web.get("/{path:market|public}/ws/{number}", self._connect),
        ]

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await self.serve(request, talk_on(request.match_info["path"]))
