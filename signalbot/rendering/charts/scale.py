"""Which prices and times a chart shows, and where its marks stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.candles import Candles
from signalbot.domain.rounding import ceil_to
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, day
from signalbot.rendering.figures import clock

REACH = 2
"""What is farther from the plan than so many times its own height is cut off."""
ROUND_TIMES = (15, 30, 60, 120, 180, 240, 360)
"""Minutes between two marks of the time axis."""

_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """The prices that are shown, and the extremes of the candles, which may lie outside."""

    low: float
    high: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, candles: Candles, wanted: Sequence[Decimal]) -> "PriceRange":
        """Return the range that shows all `wanted` prices, and of the candles what it can.

        A wick of many times the plan would flatten the plan to a line, so it is cut off.
        """
        bottom, top = float(min(wanted)), float(max(wanted))
        lowest, highest = float(candles.low.min()), float(candles.high.max())
        reach = REACH * (top - bottom)
        low = max(min(lowest, bottom), bottom - reach)
        high = min(max(highest, top), top + reach)
        margin = 0.04 * (high - low)
        return cls(low=low - margin, high=high + margin, lowest=lowest, highest=highest)

    def share(self, price: Decimal) -> float:
        """Return how high a price stands, as a share of the range."""
        return (float(price) - self.low) / (self.high - self.low)


def price_marks(shown: PriceRange, tick: Decimal, most: int) -> list[Decimal]:
    """Return round prices in a range, on steps of 1, 2 or 5 times a power of ten, at most `most`.

    No step is finer than the tick's last decimal, so each is written exactly with its decimals.
    """
    low, high = Decimal(repr(shown.low)), Decimal(repr(shown.high))
    least = max((high - low) / most, tick)
    power = Decimal(1).scaleb(least.adjusted())
    step = next(power * factor for factor in (*_STEPS, 10) if power * factor >= least)
    first = ceil_to(low, step)
    return [first + step * index for index in range(int((high - first) / step) + 1)]


def time_marks(since: int, until: int, most: int) -> list[tuple[int, str]]:
    """Return round instants in a span of time with their UTC labels; at most `most` of them.

    Midnight carries the new day in a second line.
    """
    span = until - since
    fitting = [minutes * MINUTE_MS for minutes in ROUND_TIMES if span < most * minutes * MINUTE_MS]
    step = fitting[0] if fitting else -(-span // (most * HOUR_MS)) * HOUR_MS
    instants = range(-(-since // step) * step, until + 1, step)
    marks: list[tuple[int, str]] = []
    for instant in instants:
        is_new_day = bool(marks) and instant % DAY_MS == 0
        label = f"{clock(instant)}\n{day(instant)}" if is_new_day else clock(instant)
        marks.append((instant, label))
    return marks


def apart(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return ascending heights moved apart until neighbours keep `gap`, inside [low, high].

    Where there is no room for all, the lowest leave it.
    """
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap if placed else low))
    ceiling = high
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed
