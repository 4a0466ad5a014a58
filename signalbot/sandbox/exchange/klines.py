"""Candles as the venue shows them: closed ones, and the one that is forming.

A candle that no trade has opened yet appears two seconds late, flat and empty; only then is the
one before it called closed. They are held in columns: four hundred contracts have a lot of them.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from signalbot.domain.candles import Floats, Instants
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.tape import Counts, Tape

INTERVALS = {
    **{f"{n}m": n * MINUTE_MS for n in (1, 3, 5, 15, 30)},
    **{f"{n}h": 60 * n * MINUTE_MS for n in (1, 2, 4, 6, 8, 12)},
    "1d": 1_440 * MINUTE_MS,
}
"""Intervals that klines are given in, in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Klines:
    """Candles in ticks and steps; every array has shape (candles,).

    Attributes
    ----------
    count : array of int64
        How many trades each has.
    value : array of float64
        What was traded in quote units, reckoned minute by minute with the mean of four prices.
    """

    open_time: Instants
    open: Counts
    high: Counts
    low: Counts
    close: Counts
    volume: Counts
    count: Counts
    value: Floats

    def __len__(self) -> int:
        return len(self.open_time)

    def take(self, rows: slice | NDArray[np.int64]) -> "Klines":
        """Return some of the candles."""
        return Klines(**{name: getattr(self, name)[rows] for name in _COLUMNS})

    def then(self, later: "Klines") -> "Klines":
        """Return these candles and later ones."""
        joined = (np.concatenate([getattr(self, name), getattr(later, name)]) for name in _COLUMNS)
        return Klines(**dict(zip(_COLUMNS, joined, strict=True)))

    def merged(self, interval_ms: int) -> "Klines":
        """Return candles of a longer interval, of whatever parts there are."""
        bucket = self.open_time - self.open_time % interval_ms
        starts = np.flatnonzero(np.diff(bucket, prepend=-1))
        if not len(starts):
            return self
        return Klines(
            open_time=bucket[starts],
            open=self.open[starts],
            high=np.maximum.reduceat(self.high, starts),
            low=np.minimum.reduceat(self.low, starts),
            close=self.close[np.r_[starts[1:], len(bucket)] - 1],
            volume=np.add.reduceat(self.volume, starts),
            count=np.add.reduceat(self.count, starts),
            value=np.add.reduceat(self.value, starts),
        )


_COLUMNS = tuple(field.name for field in fields(Klines))


def closed(tape: Tape, rows: slice | NDArray[np.int64]) -> Klines:
    """Return the finished candles of some rows, whether the source has them or not."""
    open_, high, low, close, volume, count = (
        each[rows].astype(np.int64)
        for each in (tape.open, tape.high, tape.low, tape.close, tape.volume, tape.count)
    )
    return Klines(
        open_time=tape.open_time[rows],
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=volume,
        count=count,
        value=_value(tape.coin, open_ + high + low + close, volume),
    )


def forming(tape: Tape, row: int, instants: ArrayLike) -> Klines:
    """Return the candle of a row as it stands at some instants; flat before its first trade."""
    trades = tape.minute(row)
    seen = np.searchsorted(trades.time, instants, side="right")
    last = int(tape.close[row - 1] if row else tape.open[0])
    ticks = np.r_[last, trades.ticks]
    turned = (np.maximum.accumulate(trades.ticks), np.minimum.accumulate(trades.ticks))
    high, low = (np.r_[last, each][seen] for each in turned)
    open_, close = ticks[np.minimum(seen, 1)], ticks[seen]
    volume = np.r_[0, np.cumsum(trades.steps)][seen]
    return Klines(
        open_time=np.full(len(seen), tape.open_time[row]),
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=volume,
        count=seen,
        value=_value(tape.coin, open_ + high + low + close, volume),
    )


def klines(tape: Tape, now: int, interval_ms: int, since: int, until: int) -> Klines:
    """Return the candles with since <= open time <= until that have appeared by now."""
    first = max(tape.row_at(-(-since // interval_ms) * interval_ms), 0)
    last = min(tape.row_at(until - until % interval_ms + interval_ms - 1), newest_row(tape, now))
    ended = tape.row_at(now)
    shown = closed(tape, first + np.flatnonzero(tape.is_there[first : min(last + 1, ended)]))
    if first <= ended <= last and tape.is_there[ended]:
        shown = shown.then(forming(tape, ended, [now]))
    return shown if interval_ms == MINUTE_MS else shown.merged(interval_ms)


def newest_row(tape: Tape, now: int) -> int:
    """Return the row of the newest candle that has appeared; -1 before the first one."""
    row = tape.row_at(now)
    if row >= len(tape.count):
        return len(tape.count) - 1
    return row if now >= tape.starts(row) else row - 1


def _value(coin: Coin, four_prices: Counts, volume: Counts) -> Floats:
    return coin.prices(four_prices / 4) * coin.quantities(volume.astype(float))
