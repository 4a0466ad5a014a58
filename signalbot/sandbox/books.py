"""Order books of the generated market: five levels a side around the last price.

Sizes, gaps and widths follow real top-5 books: levels grow away from the spread, most neighbours
are one tick apart, and a minute that moves far leaves a thin and wide book behind.
"""

from decimal import Decimal

import numpy as np

from signalbot.domain.book import Book, Level
from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.coins import Coin

LEVELS = 5
_LEVEL_SHARES = np.array([0.05, 0.15, 0.21, 0.24, 0.35])
_LEVEL_DEVIATION = 0.8
_WIDTH_DEVIATION = 0.35
_NEXT_TICK = 0.9  # chance that the next level is one tick away


def draw_book(rng: np.random.Generator, coin: Coin, *, time: int, last: int, stress: float) -> Book:
    """Draw a book whose best prices enclose the last one.

    Parameters
    ----------
    last : int
        The last traded price, in ticks.
    stress : float
        1 in an ordinary minute; depth shrinks and the spread widens by this factor.
    """
    width = coin.spread_bps / 1e4 * last * stress * rng.lognormal(0, _WIDTH_DEVIATION)
    spread = max(1, round(width))
    ask = last + int(rng.integers(0, spread + 1))
    depth = coin.depth / stress
    return Book(
        symbol=coin.symbol,
        time=time,
        bids=_side(rng, coin, best=ask - spread, direction=-1, depth=depth),
        asks=_side(rng, coin, best=ask, direction=1, depth=depth),
    )


def closing_book(coin: Coin, candles: Candles, row: int, seed: tuple[int, ...]) -> Book:
    """Draw the book at the close of a row: after a minute that moved far it is thin and wide."""
    high, low, close = (float(getattr(candles, field)[row]) for field in ("high", "low", "close"))
    return draw_book(
        np.random.default_rng(seed),
        coin,
        time=int(candles.open_time[row]) + MINUTE_MS,
        last=round(coin.in_ticks(close)),
        stress=max(1.0, (high - low) / close / (2 * coin.volatility)),
    )


def _side(
    rng: np.random.Generator, coin: Coin, *, best: int, direction: int, depth: float
) -> tuple[Level, ...]:
    ticks = best + direction * np.r_[0, rng.geometric(_NEXT_TICK, LEVELS - 1).cumsum()]
    noise = rng.lognormal(0, _LEVEL_DEVIATION, LEVELS)
    value = depth * _LEVEL_SHARES * noise
    steps = np.maximum(np.rint(coin.in_steps(value / coin.prices(ticks))), 1)
    tick, step = Decimal(10) ** coin.tick_exponent, Decimal(10) ** coin.step_exponent
    rows = zip(ticks.tolist(), steps.tolist(), strict=True)
    return tuple((price * tick, int(quantity) * step) for price, quantity in rows)
