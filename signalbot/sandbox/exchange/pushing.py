"""What happens goes out to whoever subscribed at its instant, faults included.

The streams are asked for some seconds ahead, a few of them at a look, so that four hundred of
them are no burst at the turn of the minute.
"""

import heapq
from collections.abc import Callable
from itertools import count

from signalbot.sandbox.exchange.events import Event
from signalbot.sandbox.exchange.faults import FaultKind, Faults
from signalbot.sandbox.exchange.sockets import Connection

GARBAGE = "<html>502 Bad Gateway</html>"
AHEAD_MS = 4_000
EARLY_MS = 2_000
"""A stream is asked so long before its events run out, if the look has time for it."""

_ASKED_EARLY = 4  # streams a look


class Pushing:
    """Pushes streams to connections.

    Parameters
    ----------
    says : callable
        Gives what a stream says in after < instant <= until.
    now : callable
        The venue's time, ms UTC.
    """

    def __init__(
        self, says: Callable[[str, int, int], list[Event]], now: Callable[[], int], faults: Faults
    ) -> None:
        self.connections: set[Connection] = set()
        self._says = says
        self._now = now
        self._faults = faults
        self._since = now()
        self._held: dict[str, str] = {}
        self.forget()

    def forget(self) -> None:
        """Ask every stream anew from now on, for what it would have said has changed."""
        self._number = count()
        self._asked: set[str] = set()
        self._horizons: list[tuple[int, str]] = []
        self._coming: list[tuple[float, str, int, Event]] = []

    def wanted(self) -> set[str]:
        """Return the streams that anybody has subscribed to."""
        return {stream for each in self.connections for stream in each.streams}

    def push(self) -> None:
        """Send what happened until now; where the clock went back, nothing until it is caught up.

        A jump of the clock is made up for event by event.
        """
        now = self._now()
        for connection in tuple(self.connections):
            if connection.look():
                self._faults.counts["line_expired"] += 1
        if now <= self._since:
            return
        wanted = self.wanted()
        if self._asked - wanted:
            self.forget()
        for stream in wanted - self._asked:
            heapq.heappush(self._horizons, (self._since, stream))
        self._asked = wanted
        self._ask(now)
        self._since = now
        while self._coming and self._coming[0][0] <= now:
            _, stream, _, event = heapq.heappop(self._coming)
            self._send(stream, self._met(stream, event))

    def _ask(self, now: int) -> None:
        early = 0
        while self._horizons and early < _ASKED_EARLY:
            horizon, stream = self._horizons[0]
            if horizon >= now + EARLY_MS:
                return
            early += horizon >= now
            until = max(now, horizon) + AHEAD_MS
            for event in self._says(stream, horizon, until):
                heapq.heappush(self._coming, (event.at, stream, next(self._number), event))
            heapq.heapreplace(self._horizons, (until, stream))

    def _send(self, stream: str, frames: list[str]) -> None:
        for connection in self.connections:
            if connection.hears(stream):
                for frame in frames:
                    connection.put(frame)

    def _met(self, stream: str, event: Event) -> list[str]:
        text = event.text
        fault = self._faults.strike(stream, is_request=False, is_closed=event.closed)
        held = [self._held.pop(stream)] if stream in self._held else []
        if fault is None:
            return [text, *held]
        if fault.kind is FaultKind.LATE:
            self._held[stream] = text
            return held
        struck = {
            FaultKind.LOSE: [],
            FaultKind.REPEAT: [text, text],
            FaultKind.GARBLE: [GARBAGE],
            FaultKind.CUT: [text[: len(text) // 2]],
        }
        return [*struck[fault.kind], *held]
