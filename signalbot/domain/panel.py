"""All pairs of one venue and timeframe on one time grid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from signalbot.domain.candles import FIELDS, Candle, Candles, Floats, Instants
from signalbot.domain.rounding import exact
from signalbot.domain.timeframe import Timeframe


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Candles of many pairs: one float64 array (time x pairs) for each field.

    The grid has no holes; where a pair has no candle every field is NaN. The arrays are in column
    order, so that one pair is one contiguous run, which is what TA-Lib reads. They are read-only.
    """

    timeframe: Timeframe
    symbols: tuple[str, ...]
    open_time: Instants
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    @property
    def close_time(self) -> Instants:
        """Instant at which each row became known."""
        return self.open_time + self.timeframe.step_ms

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and pairs."""
        return len(self.open_time), len(self.symbols)

    def row_of(self, open_time: int) -> int:
        """Return the row that opens then; outside the grid it is negative or too large."""
        if not len(self.open_time):
            return -1
        return (open_time - int(self.open_time[0])) // self.timeframe.step_ms

    def pairs(self, first: int, last: int) -> "Panel":
        """Return pairs first..last (not included) as a view."""
        arrays = {field: getattr(self, field)[:, first:last] for field in FIELDS}
        return replace(self, symbols=self.symbols[first:last], **arrays)

    def rows(self, first: int, last: int) -> "Panel":
        """Return rows first..last (not included) as a view."""
        arrays = {field: getattr(self, field)[first:last] for field in FIELDS}
        return replace(self, open_time=self.open_time[first:last], **arrays)

    def candles(self, pair: int, first: int, last: int) -> tuple[Candle, ...]:
        """Return the exact candles of one pair in rows first..last (not included)."""
        first, last = max(first, 0), max(last, 0)
        values = [getattr(self, field)[first:last, pair].tolist() for field in FIELDS]
        times = self.open_time[first:last].tolist()
        return tuple(
            Candle(open_time=time, **dict(zip(FIELDS, map(exact, row), strict=True)))
            for time, *row in zip(times, *values, strict=True)
            if row[0] == row[0]  # NaN: no candle
        )


def build_panel(series: Mapping[str, Candles], timeframe: Timeframe) -> Panel:
    """Lay candle series on one grid, from the earliest to the latest row of any of them."""
    symbols = tuple(series)
    times = [candles.open_time for candles in series.values() if len(candles)]
    if times:
        first = min(int(time[0]) for time in times)
        last = max(int(time[-1]) for time in times)
        grid = np.arange(first, last + 1, timeframe.step_ms, dtype=np.int64)
    else:
        first, grid = 0, np.empty(0, dtype=np.int64)
    arrays = {
        field: np.full((len(grid), len(symbols)), np.nan, order="F", dtype=np.float64)
        for field in FIELDS
    }
    for pair, candles in enumerate(series.values()):
        rows = (candles.open_time - first) // timeframe.step_ms
        for field in FIELDS:
            arrays[field][rows, pair] = getattr(candles, field)
    for array in (grid, *arrays.values()):
        array.setflags(write=False)
    return Panel(timeframe=timeframe, symbols=symbols, open_time=grid, **arrays)
