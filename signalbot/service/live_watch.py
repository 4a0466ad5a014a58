"""Watch a market live: the newest minute as it closes, and those that were missed.

A minute that is decided too late makes no alert, because nobody could trade it any more; its
candles decide about open alerts all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from signalbot.analysis.btc_context import BtcState
from signalbot.domain.panel import Panel
from signalbot.domain.timeframe import Timeframe
from signalbot.service.deliver import deliver
from signalbot.service.gathering import PANEL_ROWS, btc_state
from signalbot.service.minute import Minute
from signalbot.service.ports import Feed
from signalbot.service.recording import Recording
from signalbot.service.tell_places import Post, halt_post_of, is_halted, posts_of_day
from signalbot.service.watch import Ports, Watch
from signalbot.setups.setup import Setup

LATE_MS = 30_000
"""A minute that is decided so long after its close makes no alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched, and how: the watch over a recording, its setups, and the feed."""

    watch: Watch
    setups: Sequence[Setup]
    feed: Feed
    pairs: int


class LiveWatch:
    """One venue and timeframe as time goes on. All of it is called by one thread.

    Attributes
    ----------
    watched : Watched
        What is watched from the next minute on.
    last_close : int or None
        Close of the newest minute that was worked through.
    late : int
        Minutes that came too late to make an alert.
    btc : BtcState or None
        BTC's context at the newest close.
    """

    def __init__(
        self,
        watched: Watched,
        recording: Recording,
        ports: Ports,
        tell: Callable[[Post, int], None],
    ) -> None:
        self.watched = watched
        self._recording = recording
        self._ports = ports
        self._tell = tell
        self._halted: bool | None = None
        self.last_close: int | None = None
        self.late = 0
        self.btc: BtcState | None = None

    def minute(self, minute: Minute, now: int) -> None:
        """Work a minute through that was gathered."""
        watched, close_time = self.watched, minute.close_time
        day_before = self._recording.state.universe_day
        if now - close_time > LATE_MS:
            self.late += 1
            minute = replace(minute, matches=[])
        self.deliver(now)
        watched.watch.minute(minute, now)
        self.last_close = close_time
        self._tell_of_btc(watched, close_time, now)
        day_after = self._recording.state.universe_day
        if day_before is not None and day_before != day_after:
            refusals = self._ports.refusals
            for post in posts_of_day(self._recording, refusals, watched.pairs, day_before, now):
                self._tell(post, now)

    def deliver(self, now: int) -> None:
        """Record the alerts that were accepted, and those that nobody could be sent."""
        deliver(self._recording, self._ports.messenger, now)

    def catch_up(self, until: int, now: int) -> int:
        """Decide about open alerts by the minutes that were missed; return how many these were."""
        watched = self.watched
        since = self._oldest_open()
        if since is None:
            return 0
        panel = watched.feed.panel(until, PANEL_ROWS)
        missed = [row for row, close in enumerate(panel.close_time.tolist()) if close > since]
        for row in missed:
            watched.watch.minute(_without_matches(panel, row), now)
        return len(missed)

    def _oldest_open(self) -> int | None:
        standing = self._recording.state.standing.values()
        published = [each.published_at for each in standing if each.published_at is not None]
        return min(published, default=None)

    def _tell_of_btc(self, watched: Watched, close_time: int, now: int) -> None:
        self.btc = btc_state(watched.feed, _timeframe(watched), close_time)
        post = halt_post_of(self._halted, self.btc, close_time)
        self._halted = is_halted(self._halted, self.btc)
        if post is not None:
            self._tell(post, now)


def _timeframe(watched: Watched) -> Timeframe:
    return watched.setups[0].timeframe


def _without_matches(panel: Panel, row: int) -> Minute:
    return Minute(
        open_time=int(panel.open_time[row]),
        close_time=int(panel.close_time[row]),
        high=panel.high[row],
        low=panel.low[row],
        matches=[],
        btc=None,
    )
