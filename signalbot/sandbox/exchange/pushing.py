"""What happened since the last look goes out to whoever subscribed, faults included."""

import json

from signalbot.sandbox.exchange.faults import FaultKind
from signalbot.sandbox.exchange.sockets import Connection
from signalbot.sandbox.exchange.streams import Event, events
from signalbot.sandbox.exchange.venue import Venue

GARBAGE = "<html>502 Bad Gateway</html>"


class Pushing:
    """Pushes the streams of a venue to its connections."""

    def __init__(self, venue: Venue) -> None:
        self.connections: set[Connection] = set()
        self._venue = venue
        self._since = venue.now()
        self._held: dict[str, str] = {}

    def push(self) -> None:
        """Send what happened until now; where the clock went back, nothing until it is caught up.

        A jump of the clock is made up for event by event.
        """
        now = self._venue.now()
        if now <= self._since:
            return
        wanted = {stream for each in self.connections for stream in each.streams}
        happened = [
            event
            for stream in sorted(wanted)
            for event in events(self._venue, stream, self._since, now)
        ]
        self._since = now
        for event in sorted(happened, key=lambda event: event.at):
            self._send(event.stream, self._frames(event))

    def _send(self, stream: str, frames: list[str]) -> None:
        for connection in self.connections:
            if connection.hears(stream):
                for frame in frames:
                    connection.put(frame)

    def _frames(self, event: Event) -> list[str]:
        text = json.dumps(event.payload, separators=(",", ":"))
        fault = self._venue.faults.strike(event.stream, is_request=False, is_closed=event.closed)
        held = [self._held.pop(event.stream)] if event.stream in self._held else []
        if fault is None:
            return [text, *held]
        if fault.kind is FaultKind.LATE:
            self._held[event.stream] = text
            return held
        struck = {
            FaultKind.LOSE: [],
            FaultKind.REPEAT: [text, text],
            FaultKind.GARBLE: [GARBAGE],
            FaultKind.CUT: [text[: len(text) // 2]],
        }
        return [*struck[fault.kind], *held]
