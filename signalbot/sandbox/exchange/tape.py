"""The trades inside the minutes of a market: they add up to its candles.

A candle says where the price began, turned and ended, and how much was traded; the trades are
drawn to fit. They are a function of the market, the symbol and the minute alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.candles import Floats, Instants
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange.source import Source

CLOSES_WITHIN_MS = 2_000
"""A candle is called closed so long after its end, or with the first trade behind it.

Measured on a recording of four perpetuals: after 203 and 791 ms with a trade, after 2,003 and
2,004 ms without one.
"""

_TRADE_VALUE = 80.0  # quote units, as in the generated market
_MOST_TRADES = 120  # a minute; a busier one has larger trades
_FEWEST_TRADES = 4  # open, high, low and close
_REMEMBERED = 16  # minutes
_NOISE = 0.1  # of the candle's range
_OF_TRADES = 1  # tells these draws from those of the books

_SMALL = 2**29  # what is below it is held in half of the memory; four of them can be added

Counts = NDArray[np.int64]
Whole = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """Trades in the order of time; every array has shape (trades,).

    Attributes
    ----------
    id : array of int64
        Counts up by one over all trades of the symbol.
    time : array of int64
        ms UTC; several trades may share an instant.
    ticks, steps : array of int64
        Price in ticks, quantity in steps.
    sold : array of bool
        Whether the seller crossed the spread.
    """

    id: Counts
    time: Instants
    ticks: Counts
    steps: Counts
    sold: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.id)

    def within(self, after: int, until: int) -> "Trades":
        """Return the trades with after < time <= until."""
        first, last = np.searchsorted(self.time, [after, until], side="right").tolist()
        rows = slice(first, last)
        return Trades(
            id=self.id[rows],
            time=self.time[rows],
            ticks=self.ticks[rows],
            steps=self.steps[rows],
            sold=self.sold[rows],
        )


class Tape:
    """The trades of one symbol, and its candles in whole ticks and steps.

    It has a row for every minute from the first candle to the last. Where the source has none,
    nothing is traded and the prices are the last close; no candle is shown then.

    Attributes
    ----------
    open_time : array of int64
        Open times of the minutes, ms UTC, shape (minutes,).
    is_there : array of bool
        Whether the source has a candle for the minute.
    source_row : array of int64
        Row of that candle, or of the last one before it.
    open, high, low, close, volume : array of int32 or int64
        Of every minute, in ticks and steps, same shape.
    count : array of int32
        How many trades every minute has.
    minute : callable
        Gives the `Trades` of a row.
    """

    def __init__(self, source: Source, symbol: str) -> None:
        candles = source.series[symbol]
        coin = self.coin = source.coins[symbol]
        self.open_time, self.source_row, self.is_there = _grid(candles.open_time)
        self.close = self._spread(coin.in_ticks(candles.close))
        self.open, self.high, self.low = (
            np.where(self.is_there, self._spread(coin.in_ticks(prices)), self.close)
            for prices in (candles.open, candles.high, candles.low)
        )
        self.volume = np.where(self.is_there, self._spread(coin.in_steps(candles.volume)), 0)
        value = coin.prices(self.close.astype(float)) * coin.quantities(self.volume.astype(float))
        typical = np.clip(np.rint(value / _TRADE_VALUE), _FEWEST_TRADES, _MOST_TRADES)
        self.count = np.minimum(typical, self.volume).astype(np.int32)
        self._seed = (source.seed, list(source.series).index(symbol))
        self._before = np.cumsum(self.count, dtype=np.int64) - self.count
        self.minute: Callable[[int], Trades] = lru_cache(_REMEMBERED)(self._draw)

    def _spread(self, values: Floats) -> Whole:
        whole = np.rint(values)
        if whole.max() < _SMALL:
            return whole.astype(np.int32)[self.source_row]
        return whole.astype(np.int64)[self.source_row]

    @property
    def begins_at(self) -> int:
        """First instant of the tape, ms UTC."""
        return int(self.open_time[0])

    @property
    def ends_at(self) -> int:
        """Close of the last minute, ms UTC."""
        return int(self.open_time[-1]) + MINUTE_MS

    def row_at(self, instant: int) -> int:
        """Return the row of the minute that contains an instant; beyond the ends there is none."""
        return (instant - self.begins_at) // MINUTE_MS

    def starts(self, row: int) -> int:
        """Return when the candle of a row appears, which is when the one before it closes."""
        open_time = self.begins_at + row * MINUTE_MS
        latest = open_time + CLOSES_WITHIN_MS
        if not 0 <= row < len(self.count) or not self.count[row]:
            return latest
        return min(int(self.minute(row).time[0]), latest)

    def last_ticks(self, instant: int) -> int:
        """Return the price of the last trade until an instant, in ticks."""
        row = min(self.row_at(instant), len(self.count) - 1)
        trades = self.minute(row).within(0, instant)
        if len(trades):
            return int(trades.ticks[-1])
        return int(self.close[row - 1] if row else self.open[0])

    def trades(self, after: int, until: int) -> list[Trades]:
        """Return the trades with after < time <= until, a batch for every minute."""
        first = max(self.row_at(after), 0)
        last = min(self.row_at(until), len(self.count) - 1)
        batches = (self.minute(row).within(after, until) for row in range(first, last + 1))
        return [batch for batch in batches if len(batch)]

    def _draw(self, row: int) -> Trades:
        rng = np.random.default_rng((*self._seed, row, _OF_TRADES))
        count = int(self.count[row])
        ticks = self._ticks(rng, row, count)
        falls = np.diff(ticks, prepend=self.open[row])
        spare = int(self.volume[row]) - count
        shares = rng.standard_exponential(count)
        return Trades(
            id=self._before[row] + 1 + np.arange(count),
            time=self.open_time[row] + np.sort(rng.integers(0, MINUTE_MS, count)),
            ticks=ticks,
            steps=1 + rng.multinomial(spare, shares / shares.sum()) if count else ticks,
            sold=np.where(falls, falls < 0, rng.random(count) < 0.5),
        )

    def _ticks(self, rng: np.random.Generator, row: int, count: int) -> Counts:
        open_, close = self.open[row], self.close[row]
        if count < _FEWEST_TRADES:  # too little was traded to show where the price turned
            flat: Counts = np.full(count, open_)
            flat[count - 1 :] = close
            return flat
        high, low = self.high[row], self.low[row]
        turns = np.sort(rng.choice(np.arange(1, count - 1), 2, replace=False))
        extremes = (high, low) if rng.random() < 0.5 else (low, high)
        anchors = np.r_[0, turns, count - 1]
        path = np.interp(np.arange(count), anchors, [open_, *extremes, close])
        noise = _NOISE * (high - low) * rng.standard_normal(count)
        ticks: Counts = np.clip(np.rint(path + noise), low, high).astype(np.int64)
        ticks[anchors] = (open_, *extremes, close)
        return ticks


def _grid(open_time: Instants) -> tuple[Instants, Counts, NDArray[np.bool_]]:
    # every minute, the row of its candle or of the last one before it, whether it has one
    begins_at, last = open_time[[0, -1]].tolist()
    minutes = (last - begins_at) // MINUTE_MS + 1
    if minutes == len(open_time):
        return open_time, *_whole(minutes)
    grid = np.arange(begins_at, last + 1, MINUTE_MS)
    row = np.searchsorted(open_time, grid, side="right") - 1
    return grid, row, open_time[row] == grid


@lru_cache(4)
def _whole(minutes: int) -> tuple[Counts, NDArray[np.bool_]]:
    # one for all tapes without a gap
    return np.arange(minutes), np.ones(minutes, dtype=bool)
