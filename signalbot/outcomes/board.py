"""The board of all open alerts, which finds those that a minute concerns.

It looks at all of them at once, as arrays, and names those that the new candles may have moved
on: a level was touched, a time has come, a candle was missing. It decides nothing: whoever is
named is given to `resolve`.
"""

from dataclasses import dataclass

import numpy as np

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Floats
from signalbot.domain.timeframe import MINUTE_MS, Timeframe

SMALLEST_TABLE = 64
_ROW = np.dtype(
    [
        ("seq", np.int64),
        ("pair", np.int64),
        ("sign", np.int64),
        ("stop", np.float64),  # times the sign, as every price it is compared with
        ("target", np.float64),
        ("entry_open", np.int64),
        ("watched_until", np.int64),
        ("expires_at", np.int64),
        ("unseen", np.bool_),  # a candle of its pair was missing, or came before it
    ]
)
_NEVER = np.iinfo(np.int64).max
_EMPTY = (0, 0, 1, -np.inf, np.inf, _NEVER, 0, _NEVER, False)


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
        return self.plan.starts_at(self.published_at)

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
        return self.plan.expires_at(self.published_at)


class Board:
    """Open alerts in the order in which they were put on.

    Each has a row of one table. Who is taken off leaves an empty row; when the table is full, it
    is laid out anew, without them and with room to double.
    """

    def __init__(self) -> None:
        self._alerts: dict[int, OpenAlert] = {}
        self._places: dict[int, int] = {}
        self._table = np.zeros(SMALLEST_TABLE, dtype=_ROW)
        self._used = 0

    def __len__(self) -> int:
        return len(self._alerts)

    def __contains__(self, seq: int) -> bool:
        return seq in self._alerts

    def put(self, alert: OpenAlert) -> None:
        """Put a published alert on the board, at once or, after a restart, late."""
        if self._used == len(self._table):
            self._lay_out()
        self._table[self._used] = _row(alert)
        self._places[alert.seq] = self._used
        self._alerts[alert.seq] = alert
        self._used += 1

    def take(self, seq: int) -> None:
        """Take an alert off that has its outcome."""
        del self._alerts[seq]
        self._table[self._places.pop(seq)] = _EMPTY

    def concerned(self, open_time: int, high: Floats, low: Floats) -> list[OpenAlert]:
        """Return the alerts that the candles opening at `open_time` may have moved on.

        To be asked for every step in order. `high` and `low` have shape (pairs,), NaN where a pair
        has no candle.
        """
        if not self._alerts:
            return []
        rows = self._table[: self._used]
        highs, lows, is_long = high[rows["pair"]], low[rows["pair"]], rows["sign"] > 0
        is_on = open_time >= rows["entry_open"]
        is_missing = np.isnan(highs)
        due = np.where(is_long, lows, -highs) <= rows["stop"]
        due |= np.where(is_long, highs, -lows) >= rows["target"]
        due |= (open_time <= rows["watched_until"]) | (open_time >= rows["expires_at"])
        named = is_on & ~is_missing & (due | rows["unseen"])
        rows["unseen"] = (rows["unseen"] & ~named) | (is_on & is_missing)
        return [self._alerts[seq] for seq in rows["seq"][named].tolist()]

    def silent(self, open_time: int, high: Floats) -> list[OpenAlert]:
        """Return the alerts whose pair has no candle opening at `open_time`."""
        on = (each for each in self._alerts.values() if open_time >= each.entry_open)
        return [each for each in on if np.isnan(high[each.pair])]

    def _lay_out(self) -> None:
        kept = self._table[list(self._places.values())]
        self._table = np.zeros(max(2 * len(kept), SMALLEST_TABLE), dtype=_ROW)
        self._table[: len(kept)] = kept
        self._places = {seq: place for place, seq in enumerate(self._places)}
        self._used = len(kept)


def _row(alert: OpenAlert) -> tuple[float, ...]:
    sign = alert.plan.side.sign
    return (
        alert.seq,
        alert.pair,
        sign,
        sign * float(alert.plan.stop),
        sign * float(alert.plan.target),
        alert.entry_open,
        alert.watched_until,
        alert.expires_at,
        True,
    )
