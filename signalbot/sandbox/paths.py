"""Log-price paths of all pairs: one shared factor, own noise, jumps, and cascades of BTC.

The return of pair i in a minute is ::

    volatility_i * rhythm * (c_i * exp(h) * F + sqrt(1 - c_i^2) * exp(h_i) * E_i) + jump + cascade

with Student-t noise F (shared) and E_i (own). The log volatilities h and h_i are sums of
first-order autoregressions with half-lives from minutes to more than a day, a common stand-in for
the slow decay of volatility clustering. In a cascade BTC falls within four minutes, every other
pair falls further, and a third of it comes back in the next half hour; it and a jump leave raised
volatility behind. Arrays are (pairs x minutes), BTC in the first row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.candles import Floats
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.sandbox.coins import Coin

DAY = DAY_MS // MINUTE_MS
CASCADE_EVERY = 30 * DAY
FIRST_CASCADE = 2 * DAY
"""A market of at least so many minutes has a cascade."""

_MARGIN = 300  # minutes before and after a cascade, for whoever needs a history and a recovery
_FALL = np.array([0.15, 0.35, 0.3, 0.2])  # shares of the drop, minute by minute
_REBOUND = np.full(30, 0.35 / 30)
_CASCADE_PROFILE = np.r_[-_FALL, _REBOUND]
_CASCADE_DROP = (0.015, 0.025)
_CASCADE_SHOCK = 1.0  # what it adds to the log volatility of everything
_JUMP_SHOCK = 0.8
_SHOCK_HALF_LIFE = 30.0

_CLUSTERS = ((4.0, 0.36), (90.0, 0.35), (2_000.0, 0.35))  # half-life in minutes, deviation
_CLUSTER_VARIANCE = sum(deviation**2 for _, deviation in _CLUSTERS)
_FREEDOM = 8.0  # degrees of freedom of the Student t
_REVERSION_HALF_LIFE = 10.0 * DAY  # keeps a price of a long market near its tick's scale
_PEAK_MINUTE = 14 * 60 + 30
_RHYTHM = 0.17


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """What happened, before it is seen through ticks.

    Attributes
    ----------
    log_price : Floats
        Log of the price at the end of each minute over the price at the start, (pairs x minutes).
    volatility : Floats
        Standard deviation of the log return of that very minute, (pairs x minutes).
    """

    log_price: Floats
    volatility: Floats


def draw_paths(rng: np.random.Generator, coins: Sequence[Coin], minutes: int, start: int) -> Paths:
    """Draw the paths of all coins over `minutes` from `start` (ms UTC)."""
    shape = len(coins), minutes
    scale, share, jumps_per_day, fall = (
        np.array([[getattr(coin, trait)] for coin in coins])
        for trait in ("volatility", "correlation", "jumps_per_day", "fall")
    )
    calm = scale * np.exp(_RHYTHM * daily_rhythm(start, minutes))
    jumps = _jumps(rng, shape, jumps_per_day)
    onsets = _cascade_onsets(rng, minutes)
    shocks = np.where(jumps, _JUMP_SHOCK, 0.0)
    shocks[:, onsets + len(_FALL)] += _CASCADE_SHOCK
    level = calm * np.exp(persist(shocks, _SHOCK_HALF_LIFE))
    shared = share * np.exp(_log_volatility(rng, (1, minutes)))
    own = np.sqrt(1 - share**2) * np.exp(_log_volatility(rng, shape))
    returns = level * (shared * _noise(rng, (1, minutes)) + own * _noise(rng, shape))
    returns += calm * jumps
    for onset in onsets.tolist():
        drop = rng.uniform(*_CASCADE_DROP)
        returns[:, onset : onset + len(_CASCADE_PROFILE)] += fall * drop * _CASCADE_PROFILE
    return Paths(
        log_price=persist(returns, _REVERSION_HALF_LIFE),
        volatility=level * np.hypot(shared, own),
    )


def persist(noise: Floats, half_life: float) -> Floats:
    """Return x_t = a x_(t-1) + noise_t along the last axis, a halving in `half_life` steps.

    Computed by doubling: after k rounds x holds the last 2^k terms of the sum.
    """
    total = noise.copy()
    lag = 1
    while lag < total.shape[-1]:
        total[..., lag:] += 0.5 ** (lag / half_life) * total[..., :-lag]
        lag *= 2
    return total


def daily_rhythm(start: int, minutes: int) -> Floats:
    """Return +1 at the busiest minute of each UTC day, -1 half a day away, shape (minutes,)."""
    minute = start // MINUTE_MS + np.arange(minutes)
    rhythm: Floats = np.cos(2 * np.pi * ((minute - _PEAK_MINUTE) % DAY) / DAY)
    return rhythm


def _jumps(rng: np.random.Generator, shape: tuple[int, int], per_day: Floats) -> Floats:
    # in volatilities: at least 5, 8 on average, and 0 in nearly every minute
    size = rng.choice((-1.0, 1.0), shape) * (5 + 3 * rng.standard_exponential(shape))
    return np.where(rng.random(shape) < per_day / DAY, size, 0.0)


def _cascade_onsets(rng: np.random.Generator, minutes: int) -> NDArray[np.int64]:
    count = max(1, round(minutes / CASCADE_EVERY)) if minutes >= FIRST_CASCADE else 0
    slot = minutes // max(count, 1)
    return np.arange(count) * slot + rng.integers(_MARGIN, slot - _MARGIN, count)


def _log_volatility(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    total = np.full(shape, -_CLUSTER_VARIANCE)  # so that the mean of exp(2 h) is 1
    for half_life, deviation in _CLUSTERS:
        step = np.sqrt(1 - 0.25 ** (1 / half_life))
        noise = deviation * step * rng.standard_normal(shape)
        noise[:, 0] /= step  # starts in the stationary state
        total += persist(noise, half_life)
    return total


def _noise(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    noise: Floats = rng.standard_t(_FREEDOM, shape) * np.sqrt((_FREEDOM - 2) / _FREEDOM)
    return noise
