"""The closed 1m candles of all watched pairs in memory, on one grid of time.

What is closed is never changed: the first word about a minute stands. One thread writes, another
may read; who reads gets a copy.
"""

from collections.abc import Collection, Sequence
from threading import Lock

import numpy as np

from signalbot.domain.candles import FIELDS, Candles, Floats
from signalbot.domain.panel import Panel
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.market.candle_frames import Values

SPARE_ROWS = 512
"""Rows beyond those that are kept, so that the grid is moved once in so many minutes only."""


BTC = "BTC/USDT:USDT"


class CandleGrid:
    """Candles of pairs by minute.

    Parameters
    ----------
    symbols : sequence of str
        The first pairs; others are added behind them, and none ever leaves its column.
    rows : int
        Minutes that are kept at least.
    since : int
        Open time of the first minute, ms UTC.
    """

    def __init__(self, symbols: Sequence[str], rows: int, since: int) -> None:
        self._lock = Lock()
        self._column: dict[str, int] = {}
        self._kept = rows
        self._since = since - since % MINUTE_MS
        self._values = _empty(0, rows + SPARE_ROWS)
        self.add(symbols)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The pairs in the order of their columns."""
        return tuple(self._column)

    def column_of(self, symbol: str) -> int | None:
        """Return the column of a pair; None if it has none."""
        return self._column.get(symbol)

    def add(self, symbols: Collection[str]) -> None:
        """Give pairs a column that have none."""
        with self._lock:
            new = [each for each in dict.fromkeys(symbols) if each not in self._column]
            more = _empty(len(new), self._rows)
            self._values = np.concatenate([self._values, more], axis=1)
            for symbol in new:
                self._column[symbol] = len(self._column)

    def put(self, symbol: str, open_time: int, values: Values) -> bool:
        """Keep a closed candle; return whether it is new."""
        with self._lock:
            column = self._column.get(symbol)
            row = self._row(open_time)
            if column is None or row is None or not np.isnan(self._values[0, column, row]):
                return False
            self._values[:, column, row] = values
            return True

    def put_all(self, symbol: str, candles: Candles) -> Candles:
        """Keep closed candles of a pair; return those that are new."""
        new = [
            row
            for row, open_time in enumerate(candles.open_time.tolist())
            if self.put(symbol, open_time, values_of(candles, row))
        ]
        arrays = {field: getattr(candles, field)[new] for field in ("open_time", *FIELDS)}
        return Candles(timeframe=candles.timeframe, **arrays)

    def has(self, symbol: str, open_time: int) -> bool:
        """Return whether a minute of a pair is known."""
        with self._lock:
            column, row = self._column.get(symbol), (open_time - self._since) // MINUTE_MS
            is_inside = column is not None and 0 <= row < self._rows
            return is_inside and not np.isnan(self._values[0, column, row])

    def missing(self, symbol: str, since: int, until: int) -> list[int]:
        """Return the minutes of [since, until) that are not known, by open time."""
        with self._lock:
            column = self._column[symbol]
            first = max((since - self._since) // MINUTE_MS, 0)
            last = min((until - self._since) // MINUTE_MS, self._rows)
            unknown = np.flatnonzero(np.isnan(self._values[0, column, first:last]))
            return [self._since + MINUTE_MS * (first + int(row)) for row in unknown]

    def panel(self, until: int, rows: int, symbols: Sequence[str] | None = None) -> Panel:
        """Return the newest `rows` minutes of pairs (of all, in the order of their columns).

        The last row closes at `until`; rows before the grid began are left out.
        """
        with self._lock:
            last = (until - self._since) // MINUTE_MS
            first = max(last - rows, 0)
            chosen = self.symbols if symbols is None else tuple(symbols)
            columns = [self._column[each] for each in chosen]
            begins_at = self._since + first * MINUTE_MS
            arrays = {
                field: self._part(number, columns, first, last)
                for number, field in enumerate(FIELDS)
            }
        times = begins_at + MINUTE_MS * np.arange(max(last - first, 0), dtype=np.int64)
        for array in (times, *arrays.values()):
            array.setflags(write=False)
        return Panel(timeframe=M1, symbols=chosen, open_time=times, **arrays)

    def candles(self, symbol: str, until: int, rows: int) -> Candles:
        """Return the candles of a pair in the newest `rows` minutes that close by `until`."""
        panel = self.panel(until, rows, [symbol])
        present = ~np.isnan(panel.close[:, 0])
        arrays = {field: getattr(panel, field)[present, 0] for field in FIELDS}
        return Candles(timeframe=M1, open_time=panel.open_time[present], **arrays)

    def oldest(self, symbol: str) -> int | None:
        """Return the open time of the oldest candle of a pair; None if it has none."""
        known = self._known(symbol)
        return self._since + MINUTE_MS * known[0] if known else None

    def newest(self, symbol: str) -> int | None:
        """Return the close of the newest candle of a pair; None if it has none."""
        known = self._known(symbol)
        return self._since + MINUTE_MS * (known[-1] + 1) if known else None

    def _known(self, symbol: str) -> list[int]:
        with self._lock:
            found = np.flatnonzero(~np.isnan(self._values[0, self._column[symbol]]))
            return [int(row) for row in found[[0, -1]]] if len(found) else []

    def _row(self, open_time: int) -> int | None:
        row = (open_time - self._since) // MINUTE_MS
        beyond = row - self._rows + 1
        if beyond > 0:
            self._move(max(beyond, SPARE_ROWS))
            row = (open_time - self._since) // MINUTE_MS
        return row if row >= 0 else None

    def _move(self, by: int) -> None:
        kept = self._values[:, :, min(by, self._rows) :]
        moved = _empty(len(self._column), self._rows)
        moved[:, :, : kept.shape[2]] = kept
        self._values = moved
        self._since += by * MINUTE_MS

    def _part(self, field: int, columns: list[int], first: int, last: int) -> Floats:
        # pairs lie one behind the other, so that the copy of one is one run, as TA-Lib reads it
        known = self._values[field, columns, first:last]
        beyond = max(last - max(first, self._rows), 0)
        whole = np.pad(known, ((0, 0), (0, beyond)), constant_values=np.nan) if beyond else known
        return whole.T

    @property
    def _rows(self) -> int:
        return int(self._values.shape[2])


def _empty(pairs: int, rows: int) -> Floats:
    return np.full((len(FIELDS), pairs, rows), np.nan)


def values_of(candles: Candles, row: int) -> Values:
    """Return one row of a series as the grid takes it."""
    return (
        float(candles.open[row]),
        float(candles.high[row]),
        float(candles.low[row]),
        float(candles.close[row]),
        float(candles.volume[row]),
    )


class Grids:
    """The candles of one venue: those of BTC, which are needed much further back, and all others.

    Parameters
    ----------
    rows, btc_rows : int
        Minutes that are kept at least.
    now : int
        ms UTC; the grids begin so many minutes before it.
    """

    def __init__(self, rows: int, btc_rows: int, now: int) -> None:
        self.pairs = CandleGrid((), rows, now - rows * MINUTE_MS)
        self.btc = CandleGrid((BTC,), btc_rows, now - btc_rows * MINUTE_MS)

    def of(self, symbol: str) -> CandleGrid:
        """Return the grid in which a symbol has its column."""
        return self.btc if symbol == BTC else self.pairs
