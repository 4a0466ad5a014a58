"""What BTC is doing: trend, volatility regime, and HALT.

BTC is a filter, not a signal. HALT says that moves are so large that a small cap's stop cannot be
trusted: no alert is published until it has been calm again. Formulas: docs/assumptions.md.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import talib

from signalbot.domain.candles import Candles, Floats, Instants
from signalbot.domain.timeframe import M5


@dataclass(frozen=True, slots=True, kw_only=True)
class BtcRules:
    """Thresholds of the context; times in minutes, returns as natural logarithms.

    Attributes
    ----------
    decay : float
        Weight of the past in the variance, per minute (EWMA).
    sigma_floor : float
        Least standard deviation of a one-minute return.
    warmup_min : int
        Minutes before sigma counts.
    halt_z1, halt_z5, halt_return_5m : float
        HALT where a move over 1 or 5 minutes reaches so many sigmas, or over 5 minutes this size.
    calm_z5, calm_min : float, int
        HALT ends after so many minutes in a row with |z5| below calm_z5.
    ema_fast, ema_slow : int
        Trend: sign of the difference of these averages of 5-minute closes.
    volatility_days : int
        Volatility regime: tercile of sigma among so many days.
    """

    decay: float = 0.97
    sigma_floor: float = 0.0002
    warmup_min: int = 240
    halt_z1: float = 6.0
    halt_z5: float = 4.0
    halt_return_5m: float = 0.008
    calm_z5: float = 2.0
    calm_min: int = 15
    ema_fast: int = 20
    ema_slow: int = 60
    volatility_days: int = 7


class Trend(StrEnum):
    """Direction of BTC on 5-minute candles."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class Volatility(StrEnum):
    """Tercile of BTC's volatility among the last days."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BtcState:
    """The context at one candle close.

    Returns are natural logarithms; `z_1m` is None on candles longer than a minute.
    """

    halted: bool
    return_5m: float
    z_1m: float | None
    z_5m: float
    trend: Trend
    volatility: Volatility


@dataclass(frozen=True, slots=True, kw_only=True)
class BtcContext:
    """The context at every close of a BTC series; arrays of shape (rows,).

    Row t depends on candles up to t only. `z_1m` is all NaN on candles longer than a minute, and
    every z is NaN during the warm-up, in which the context is unknown.
    """

    close_time: Instants
    halted: np.ndarray[tuple[int], np.dtype[np.bool_]]
    return_5m: Floats
    z_1m: Floats
    z_5m: Floats
    trend: Floats
    volatility: Floats

    def at(self, close_time: int) -> BtcState | None:
        """Return the state known at that close; None where BTC has no candle or is warming up."""
        row = int(np.searchsorted(self.close_time, close_time))
        if row == len(self.close_time) or self.close_time[row] != close_time:
            return None
        if math.isnan(self.z_5m[row]):
            return None
        z_1m = float(self.z_1m[row])
        return BtcState(
            halted=bool(self.halted[row]),
            return_5m=float(self.return_5m[row]),
            z_1m=None if math.isnan(z_1m) else z_1m,
            z_5m=float(self.z_5m[row]),
            trend=_trend_of(float(self.trend[row])),
            volatility=_volatility_of(float(self.volatility[row])),
        )


def btc_context(candles: Candles, rules: BtcRules) -> BtcContext:
    """Return the context at every close of BTC's candles (1m or 5m)."""
    minutes = candles.timeframe.minutes
    bars = max(5 // minutes, 1)
    step_return = _returns(candles, 1)
    return_5m = _returns(candles, bars)
    sigma = _sigma(step_return, rules, minutes)
    z_1m = step_return / _shifted(sigma, 1) if minutes == 1 else np.full(len(candles), np.nan)
    z_5m = return_5m / (_shifted(sigma, bars) * math.sqrt(bars))
    alarm = np.abs(z_5m) >= rules.halt_z5
    alarm |= (np.abs(z_1m) >= rules.halt_z1) | (np.abs(return_5m) >= rules.halt_return_5m)
    # what BTC did in a gap is not known, and feeds drop out in just the moves HALT is for
    alarm[1:] |= np.diff(candles.open_time) != candles.timeframe.step_ms
    calm = np.abs(z_5m) < rules.calm_z5
    return BtcContext(
        close_time=candles.open_time + candles.timeframe.step_ms,
        halted=_halted(alarm, calm, math.ceil(rules.calm_min / minutes)),
        return_5m=return_5m,
        z_1m=z_1m,
        z_5m=z_5m,
        trend=_trend(candles, rules),
        volatility=_volatility(sigma, rules, minutes),
    )


def _shifted(values: Floats, rows: int) -> Floats:
    moved = np.full(len(values), np.nan)
    moved[rows:] = values[:-rows] if rows < len(values) else []
    return moved


def _returns(candles: Candles, bars: int) -> Floats:
    result = np.full(len(candles), np.nan)
    if len(candles) > bars:
        span = candles.open_time[bars:] - candles.open_time[:-bars]
        whole = span == bars * candles.timeframe.step_ms  # a gap inside: no return
        moves = np.log(candles.close[bars:] / candles.close[:-bars])
        result[bars:] = np.where(whole, moves, np.nan)
    return result


def _sigma(step_return: Floats, rules: BtcRules, minutes: int) -> Floats:
    # ignore_na: a gap adds nothing to the average and does not age it either
    decay = rules.decay**minutes
    squares = pd.Series(step_return**2)
    variance = squares.ewm(
        alpha=1 - decay, adjust=False, ignore_na=True, min_periods=rules.warmup_min // minutes
    ).mean()
    floor = rules.sigma_floor * math.sqrt(minutes)
    values: Floats = np.sqrt(variance.to_numpy())
    return np.maximum(values, floor)


def _halted(
    alarm: np.ndarray[tuple[int], np.dtype[np.bool_]],
    calm: np.ndarray[tuple[int], np.dtype[np.bool_]],
    calm_bars: int,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    halted = np.zeros(len(alarm), dtype=bool)
    for first in np.flatnonzero(alarm).tolist():
        if halted[first]:
            continue
        quiet, row = 0, first
        while row < len(alarm) and quiet < calm_bars:
            halted[row] = True
            quiet = 0 if alarm[row] or not calm[row] else quiet + 1
            row += 1
    return halted


def _trend(candles: Candles, rules: BtcRules) -> Floats:
    five = candles if candles.timeframe == M5 else candles.resample(M5)
    result = np.full(len(candles), np.nan)
    if not len(five):
        return result
    fast, slow = talib.EMA(five.close, rules.ema_fast), talib.EMA(five.close, rules.ema_slow)
    closes = candles.open_time + candles.timeframe.step_ms
    newest = np.searchsorted(five.open_time + M5.step_ms, closes, side="right") - 1
    known = newest >= 0
    result[known] = np.sign(fast - slow)[newest[known]]
    return result


def _volatility(sigma: Floats, rules: BtcRules, minutes: int) -> Floats:
    day = 1440 // minutes
    ranks = pd.Series(sigma).rolling(rules.volatility_days * day, min_periods=day).rank(pct=True)
    return ranks.to_numpy()


def _trend_of(sign: float) -> Trend:
    if math.isnan(sign) or sign == 0:
        return Trend.UNKNOWN
    return Trend.UP if sign > 0 else Trend.DOWN


def _volatility_of(rank: float) -> Volatility:
    if math.isnan(rank):
        return Volatility.UNKNOWN
    if rank <= 1 / 3:
        return Volatility.LOW
    return Volatility.NORMAL if rank <= 2 / 3 else Volatility.HIGH
