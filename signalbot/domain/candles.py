"""Candles of one pair: closed, ascending, one row for each traded step."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.rounding import exact, plain
from signalbot.domain.timeframe import Timeframe

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
PRICES = ("open", "high", "low", "close")
FIELDS = (*PRICES, "volume")
VOLUME_DECIMALS = 8
"""A summed volume is rounded to them, or float noise would show in what a stranger re-derives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One closed candle with exact prices, as outcomes and evidence need it."""

    open_time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    def csv_line(self) -> str:
        """Return the row as candle files hold it: `open_time,open,high,low,close,volume`."""
        values = (self.open, self.high, self.low, self.close, self.volume)
        return f"{self.open_time}," + ",".join(plain(value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first thing that is wrong with a candle series: row, field, what it was, what may be."""

    row: int
    field: str
    was: object
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candles:
    """A series of closed candles of one pair.

    Every array has shape (rows,): `open_time` int64 in ms UTC, strictly ascending multiples of the
    step; the others float64, prices in quote units, volume in base units. Steps may be missing
    (a gap). `fault()` checks the contract once, at the door; code behind it trusts it.
    """

    timeframe: Timeframe
    open_time: Instants
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    @classmethod
    def none(cls, timeframe: Timeframe) -> "Candles":
        """Return a series without a row."""
        return cls(
            timeframe=timeframe,
            open_time=np.empty(0, dtype=np.int64),
            **{field: np.empty(0) for field in FIELDS},
        )

    def __len__(self) -> int:
        return len(self.open_time)

    def fault(self) -> Fault | None:
        """Return the first row that breaks the contract, or None."""
        checks = list(self._faults())
        return min(checks, key=lambda fault: fault.row) if checks else None

    def _faults(self) -> Iterator[Fault]:
        for field in PRICES:
            values = getattr(self, field)
            bad = ~(np.isfinite(values) & (values > 0))
            yield from _first(bad, field, values, "a finite price above 0")
        bad = ~(np.isfinite(self.volume) & (self.volume >= 0))
        yield from _first(bad, "volume", self.volume, "a finite amount of 0 or more")
        top, bottom = np.maximum(self.open, self.close), np.minimum(self.open, self.close)
        yield from _first(self.high < top, "high", self.high, "at least max(open, close)")
        yield from _first(self.low > bottom, "low", self.low, "at most min(open, close)")
        off_grid = self.open_time % self.timeframe.step_ms != 0
        grid = f"a multiple of {self.timeframe.step_ms} ms"
        yield from _first(off_grid, "open_time", self.open_time, grid)
        late = np.zeros(len(self), dtype=bool)
        late[1:] = self.open_time[1:] <= self.open_time[:-1]
        yield from _first(late, "open_time", self.open_time, "later than the row before")

    def gaps(self) -> int:
        """Return how many steps are missing between the first and the last row."""
        if not len(self):
            return 0
        span = int(self.open_time[-1] - self.open_time[0]) // self.timeframe.step_ms + 1
        return span - len(self)

    def between(self, since: int | None, until: int | None) -> "Candles":
        """Return the rows with since <= open time and close time <= until."""
        start = 0 if since is None else int(np.searchsorted(self.open_time, since))
        last = None if until is None else until - self.timeframe.step_ms
        stop = None if last is None else int(np.searchsorted(self.open_time, last, side="right"))
        return self._rows(slice(start, stop))

    def row(self, index: int) -> Candle:
        """Return one row with exact prices."""
        return Candle(
            open_time=int(self.open_time[index]),
            **{field: exact(getattr(self, field)[index]) for field in FIELDS},
        )

    def resample(self, timeframe: Timeframe) -> "Candles":
        """Return the same series in a longer step.

        A candle is built only of a complete set of its parts, so a gap in the finer series is a
        gap in the longer one, and the newest one never repaints.
        """
        parts = timeframe.step_ms // self.timeframe.step_ms
        bucket = self.open_time - self.open_time % timeframe.step_ms
        starts = np.flatnonzero(np.r_[True, bucket[1:] != bucket[:-1]][: len(bucket)])
        counts = np.diff(np.r_[starts, len(bucket)])
        starts = starts[counts == parts]
        index = starts[:, None] + np.arange(parts)
        return Candles(
            timeframe=timeframe,
            open_time=bucket[starts],
            open=self.open[starts],
            high=self.high[index].max(axis=1, initial=-np.inf),
            low=self.low[index].min(axis=1, initial=np.inf),
            close=self.close[starts + parts - 1],
            volume=np.round(self.volume[index].sum(axis=1), VOLUME_DECIMALS),
        )

    def _rows(self, rows: slice) -> "Candles":
        arrays = {field: getattr(self, field)[rows] for field in ("open_time", *FIELDS)}
        return Candles(timeframe=self.timeframe, **arrays)


def _first(bad: NDArray[np.bool_], field: str, values: NDArray, allowed: str) -> Iterator[Fault]:  # type: ignore[type-arg]
    rows = np.flatnonzero(bad)
    if len(rows):
        row = int(rows[0])
        yield Fault(row=row, field=field, was=values[row].item(), allowed=allowed)
