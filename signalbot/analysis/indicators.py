"""Indicators of a whole panel, computed by TA-Lib.

TA-Lib's recursive indicators carry one NaN through to the end of a series, so every unbroken run
of candles of a pair is computed on its own: a gap silences a pair for its warm-up, not for ever.
Results have the panel's shape (time x pairs) and are NaN where there is no value yet. No value
looks ahead: row t depends on rows up to t only.

Oscillators of a market that did not move stand in the middle, where TA-Lib puts them at 0, an
extreme. They are rounded, because its running sums carry float noise from row to row: without that
two equal values would differ by it, and by how far back the candles begin.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from inspect import unwrap

import numpy as np
import talib

from signalbot.domain.candles import Floats
from signalbot.domain.panel import Panel

OSCILLATOR_DECIMALS = 9

# TA-Lib wraps its functions to look for pandas and polars at each call. Hundreds of pairs a minute
# are thousands of calls on plain arrays, so the functions themselves are called.
_ADX, _ATR, _BBANDS, _CMO, _EMA, _MAX, _MFI, _MIN, _SMA, _TRANGE = (
    unwrap(function)
    for function in (
        talib.ADX,
        talib.ATR,
        talib.BBANDS,
        talib.CMO,
        talib.EMA,
        talib.MAX,
        talib.MFI,
        talib.MIN,
        talib.SMA,
        talib.TRANGE,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An unbroken run of candles: rows first..last (not included) of one pair."""

    pair: int
    first: int
    last: int


def unbroken_runs(panel: Panel) -> tuple[Run, ...]:
    """Return every unbroken run of candles, pair by pair, in order of time."""
    rows, pairs = panel.shape
    present = np.zeros((pairs, rows + 2), dtype=bool)
    present[:, 1:-1] = ~np.isnan(panel.close.T)
    pair, row = (edge.tolist() for edge in np.nonzero(present[:, 1:] != present[:, :-1]))
    return tuple(
        Run(pair=each, first=first, last=last)
        for each, first, last in zip(pair[::2], row[::2], row[1::2], strict=True)
    )


class Indicators:
    """Indicators of one panel, each computed once however many setups ask for it."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._runs = unbroken_runs(panel)
        self._is_missing = np.isnan(panel.close)
        self._known: dict[Hashable, tuple[Floats, ...]] = {}

    def age(self) -> Floats:
        """Return how many candles the unbroken run has had, 1 at its first; NaN without candle."""
        return self._one("age", lambda close: np.arange(1.0, len(close) + 1), self._panel.close)

    def rsi(self, period: int) -> Floats:
        """Return Wilder's relative strength index, 0..100; its first average is a plain mean."""
        # the same averages as RSI, but 0 and not -100 where the close never moved
        momentum = self._one(("cmo", period), lambda close: _CMO(close, period), self._panel.close)
        return self._oscillator(("rsi", period), lambda: 50 + momentum / 2)

    def stochastic(self, period: int, smooth_k: int, smooth_d: int) -> tuple[Floats, Floats]:
        """Return %K (smoothed) and %D of the stochastic oscillator, 0..100."""
        key = ("stochastic", period, smooth_k)
        slow_k = self._oscillator(
            key, lambda: self._by_run(lambda each: _SMA(each, smooth_k), self._fast_k(period))
        )
        slow_d = self._oscillator(
            (*key, smooth_d), lambda: self._by_run(lambda each: _SMA(each, smooth_d), slow_k)
        )
        return slow_k, slow_d

    def atr(self, period: int) -> Floats:
        """Return Wilder's average true range in price units."""
        return self._one(("atr", period), lambda *prices: _ATR(*prices, period), *self._prices())

    def mean_true_range(self, period: int) -> Floats:
        """Return the plain mean of the true range in price units: no memory beyond `period`."""
        return self._one(
            ("mean range", period),
            lambda *prices: _SMA(_TRANGE(*prices), period),
            *self._prices(),
        )

    def adx(self, period: int) -> Floats:
        """Return the average directional index, 0..100: strength of a trend, not its direction."""
        return self._one(("adx", period), lambda *prices: _ADX(*prices, period), *self._prices())

    def money_flow(self, period: int) -> Floats:
        """Return the money flow index, 0..100: an RSI weighted by volume."""
        columns = (*self._prices(), self._panel.volume)
        return self._one(("mfi", period), lambda *each: _MFI(*each, period), *columns)

    def bands(self, period: int, deviations: float) -> tuple[Floats, Floats, Floats]:
        """Return the upper, middle and lower Bollinger band in price units."""
        key = ("bands", period, deviations)
        if key not in self._known:
            self._known[key] = self._each_by_run(
                lambda close: _BBANDS(close, period, deviations, deviations),
                (self._panel.close,),
                3,
            )
        upper, middle, lower = self._known[key]
        return upper, middle, lower

    def ema(self, period: int) -> Floats:
        """Return the exponential moving average of the close in price units."""
        return self._one(("ema", period), lambda close: _EMA(close, period), self._panel.close)

    def highest(self, period: int) -> Floats:
        """Return the highest high of the last `period` candles, this one included."""
        return self._one(("highest", period), lambda high: _MAX(high, period), self._panel.high)

    def lowest(self, period: int) -> Floats:
        """Return the lowest low of the last `period` candles, this one included."""
        return self._one(("lowest", period), lambda low: _MIN(low, period), self._panel.low)

    def mean_volume(self, period: int) -> Floats:
        """Return the mean volume of the last `period` candles, this one included."""
        return self._one(
            ("volume", period), lambda volume: _mean_volume(volume, period), self._panel.volume
        )

    def _prices(self) -> tuple[Floats, Floats, Floats]:
        return self._panel.high, self._panel.low, self._panel.close

    def _fast_k(self, period: int) -> Floats:
        bottom = self.lowest(period)
        height = self.highest(period) - bottom
        share = np.where(np.isnan(height), np.nan, 0.5)
        np.divide(self._panel.close - bottom, height, out=share, where=height > 0)
        return 100 * share

    def _oscillator(self, key: Hashable, compute: Callable[[], Floats]) -> Floats:
        if key not in self._known:
            self._known[key] = (np.round(compute(), OSCILLATOR_DECIMALS),)
        return self._known[key][0]

    def _one(self, key: Hashable, compute: Callable[..., Floats], *columns: Floats) -> Floats:
        if key not in self._known:
            self._known[key] = (self._by_run(compute, *columns),)
        return self._known[key][0]

    def _by_run(self, compute: Callable[..., Floats], *columns: Floats) -> Floats:
        (values,) = self._each_by_run(lambda *each: (compute(*each),), columns, 1)
        return values

    def _each_by_run(
        self,
        compute: Callable[..., tuple[Floats, ...]],
        columns: tuple[Floats, ...],
        count: int,
    ) -> tuple[Floats, ...]:
        results = tuple(np.empty_like(columns[0], order="F") for _ in range(count))
        for result in results if self._is_missing.any() else ():
            result[self._is_missing] = np.nan
        for run in self._runs:
            place = slice(run.first, run.last), run.pair
            computed = compute(*[column[place] for column in columns])
            for result, values in zip(results, computed, strict=True):
                result[place] = values
        return results


def previous(values: Floats, rows: int = 1) -> Floats:
    """Return `values` moved down by `rows`: row t holds what row t - rows held, NaN before."""
    moved = np.full_like(values, np.nan)
    moved[rows:] = values[:-rows]
    return moved


def _mean_volume(volume: Floats, period: int) -> Floats:
    # where nothing was traded the running sum leaves noise, which may be below 0
    mean: Floats = _SMA(volume, period) * (_MAX(volume, period) > 0)
    return mean
