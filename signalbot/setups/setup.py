"""What a setup is, and what it finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signalbot.analysis.indicators import Indicators
from signalbot.domain.candles import Floats
from signalbot.domain.panel import Panel
from signalbot.domain.side import Side
from signalbot.domain.timeframe import Timeframe

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a setup fires for one side, over a whole panel; arrays of shape (matches,).

    `row` and `pair` index the panel; `stop` and `target` are prices, not yet on the tick.
    `reasons` are the numbers that made it fire.
    """

    side: Side
    row: NDArray[np.intp]
    pair: NDArray[np.intp]
    stop: Floats
    target: Floats
    reasons: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A hypothesis with a name, a version and a record of its own.

    Attributes
    ----------
    name, title : str
        Identifier, and what a reader is shown.
    version : str
        `<code version>.<hash of parameters and gates>`; any change starts a new record.
    warmup : int
        Candles of an unbroken run before the setup may fire.
    max_hold_min : int
        Minutes after which an open position is closed at the market.
    find : callable
        The setup itself, written once: masks over all rows of a panel, for both sides.
    """

    name: str
    title: str
    version: str
    timeframe: Timeframe
    warmup: int
    max_hold_min: int
    find: Callable[[Panel, Indicators], tuple[Found, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One setup firing on one pair at one candle close. Prices are on no tick yet."""

    setup: Setup
    pair: int
    symbol: str
    row: int
    candle_close: int
    side: Side
    entry: float
    stop: float
    target: float
    reasons: Mapping[str, float]
