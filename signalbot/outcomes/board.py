"""The board of all open alerts, which finds those that a minute concerns.

It looks at all of them at once, as arrays, and names those that the new candles may have moved
on: a level was touched, a time has come, a candle was missing. It decides nothing: whoever is
named is given to `resolve`.
"""

from dataclasses import dataclass

import numpy as np

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Floats, Instants
from signalbot.domain.timeframe import MINUTE_MS, Timeframe


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """A published alert without an outcome; `pair` is its column in the panel."""

    seq: int
    plan: Plan
    published_at: int
    timeframe: Timeframe
    pair: int

    @property
    def starts_at(self) -> int:
        """Instant from which a reader could trade."""
        return self.published_at + self.plan.latency_s * 1000

    @property
    def entry_open(self) -> int:
        """Open time of the first candle that can hold the fill."""
        return self.timeframe.floor(self.starts_at)

    @property
    def watched_until(self) -> int:
        """Instant up to which every candle may hold the fill."""
        if self.plan.entry_kind is EntryKind.LIMIT:
            return self.starts_at + self.plan.entry_ttl_min * MINUTE_MS
        # the first finer candle at or after the start may open with the next candle
        return self.entry_open + self.timeframe.step_ms

    @property
    def expires_at(self) -> int:
        """Instant from which the position is closed at the market."""
        return self.published_at + self.plan.max_hold_min * MINUTE_MS


class Board:
    """Open alerts in the order in which they were put on."""

    def __init__(self) -> None:
        self._alerts: dict[int, OpenAlert] = {}
        self._unseen: set[int] = set()  # a candle of theirs was missing, or came before them
        self._columns: _Columns | None = None

    def __len__(self) -> int:
        return len(self._alerts)

    def __contains__(self, seq: int) -> bool:
        return seq in self._alerts

    def put(self, alert: OpenAlert) -> None:
        """Put a published alert on the board, at once or, after a restart, late."""
        self._alerts[alert.seq] = alert
        self._unseen.add(alert.seq)
        self._columns = None

    def take(self, seq: int) -> None:
        """Take an alert off that has its outcome."""
        del self._alerts[seq]
        self._unseen.discard(seq)
        self._columns = None

    def concerned(self, open_time: int, high: Floats, low: Floats) -> list[OpenAlert]:
        """Return the alerts that the candles opening at `open_time` may have moved on.

        To be asked for every step in order. `high` and `low` have shape (pairs,), NaN where a pair
        has no candle.
        """
        if not self._alerts:
            return []
        columns = self._columns = self._columns or _columns(list(self._alerts.values()))
        highs, lows = high[columns.pair], low[columns.pair]
        here = ~np.isnan(highs) & (open_time >= columns.entry_open)
        adverse = np.where(columns.sign > 0, lows, -highs)
        favourable = np.where(columns.sign > 0, highs, -lows)
        due = (adverse <= columns.stop) | (favourable >= columns.target)
        due |= (open_time <= columns.watched_until) | (open_time >= columns.expires_at)
        due |= np.isin(columns.seq, list(self._unseen))
        absent = np.isnan(highs) & (open_time >= columns.entry_open)
        named = columns.seq[here & due].tolist()
        self._unseen.difference_update(named)
        self._unseen.update(columns.seq[absent].tolist())
        return [self._alerts[seq] for seq in named]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    seq: Instants
    pair: Instants
    sign: Instants
    stop: Floats
    target: Floats
    entry_open: Instants
    watched_until: Instants
    expires_at: Instants


def _columns(alerts: list[OpenAlert]) -> _Columns:
    sign = np.array([alert.plan.side.sign for alert in alerts])
    return _Columns(
        seq=np.array([alert.seq for alert in alerts]),
        pair=np.array([alert.pair for alert in alerts]),
        sign=sign,
        stop=sign * np.array([float(alert.plan.stop) for alert in alerts]),
        target=sign * np.array([float(alert.plan.target) for alert in alerts]),
        entry_open=np.array([alert.entry_open for alert in alerts]),
        watched_until=np.array([alert.watched_until for alert in alerts]),
        expires_at=np.array([alert.expires_at for alert in alerts]),
    )
