"""Order books of the generated market: five levels a side around the last price.

Sizes, gaps and widths follow real top-5 books: levels grow away from the spread, most neighbours
are one tick apart, and a minute that moves far leaves a thin and wide book behind.
"""

from decimal import Decimal

import numpy as np

from signalbot.domain.book import Book, Level
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
