"""Watch a market: the one order in which a closed minute is worked through.

Track what is open, then decide what is new, then send. A live bot and a replay call the same
`Watch.minute`; they differ only in clock, market and messenger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.rendering.record_texts import checkpoint_text
from signalbot.rendering.state_text import state_text
from signalbot.service.decide import Desk
from signalbot.service.deliver import announce, deliver, deliver_outcome
from signalbot.service.minute import Minute
from signalbot.service.ports import History, Messenger, Refusals
from signalbot.service.publish import (
    decide_minute,
    publish,
    published_before,
    without_recorded,
)
from signalbot.service.recording import Recording
from signalbot.service.track import track
from signalbot.service.turn_day import is_new_day, turn_day
from signalbot.setups.setup import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The outside world of a watch."""

    history: History
    refusals: Refusals
    messenger: Messenger


class Watch:
    """The use cases of one venue and timeframe, minute after minute."""

    def __init__(
        self, desk: Desk, setups: Sequence[Setup], recording: Recording, ports: Ports
    ) -> None:
        self._desk = desk
        self._setups = setups
        self._recording = recording
        self._ports = ports

    def minute(self, minute: Minute, now: int) -> None:
        """Work one closed minute through; `now` is the instant of its decision."""
        if is_new_day(self._recording, now):
            self._turn_day(now)
        self._track(minute, now)
        if minute.matches:
            self._decide(minute, now)
        deliver(self._recording, self._ports.messenger, now)

    def _turn_day(self, now: int) -> None:
        ports = self._ports
        turned = turn_day(
            self._recording, ports.history, ports.refusals, self._desk, self._setups, now
        )
        for change in turned.changes:
            text = state_text(change.setup, change.version, change.state, change.shown)
            announce(text, ports.messenger, now)
        if turned.checkpoint:
            announce(checkpoint_text(turned.checkpoint.body), ports.messenger, now)

    def _track(self, minute: Minute, now: int) -> None:
        for standing, outcome in track(minute, self._recording, self._ports.history, now):
            deliver_outcome(standing, outcome, self._recording, self._ports.messenger, now)

    def _decide(self, minute: Minute, now: int) -> None:
        minute = without_recorded(minute, self._recording, self._desk.venue)
        before = published_before(self._recording, now)
        decision = decide_minute(minute, before, self._recording.state.states, self._desk, now)
        self._ports.refusals.add(decision.refused)
        publish(decision, minute, self._recording, self._ports.history, now)
