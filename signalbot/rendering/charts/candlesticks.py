"""Candles and their volume as shapes, all of one kind in one collection.

A candle that closed above its open is hollow, one that closed below is filled: no colour is
needed to tell them apart.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from signalbot.domain.candles import Candles, Floats

INK = "#303030"
BODY = 0.7
"""Width of a body in steps."""


def draw_candles(axes: Axes, candles: Candles, left: Floats) -> None:
    """Draw candles; `left` is where each begins, in steps, shape (rows,)."""
    middle = left + 0.5
    low_body = np.minimum(candles.open, candles.close)
    high_body = np.maximum(candles.open, candles.close)
    # two pieces a candle: a wick through a hollow body would make it look filled
    lower = np.stack([_points(middle, candles.low), _points(middle, low_body)], axis=1)
    upper = np.stack([_points(middle, high_body), _points(middle, candles.high)], axis=1)
    wicks = LineCollection(np.concatenate([lower, upper]), colors=INK, linewidths=1.0, zorder=3)
    wicks.set_snap(True)
    axes.add_collection(wicks, autolim=False)
    is_down = candles.close < candles.open
    boxes = _boxes(middle, low_body, high_body, BODY)
    for rows, colour in ((~is_down, "white"), (is_down, INK)):
        bodies = PolyCollection(
            boxes[rows], facecolors=colour, edgecolors=INK, linewidths=1.0, zorder=4
        )
        bodies.set_snap(True)
        axes.add_collection(bodies, autolim=False)


def draw_volume(axes: Axes, candles: Candles, left: Floats) -> None:
    """Draw the volume of each candle as a bar, hollow or filled as the candle is."""
    bottom = np.zeros(len(candles))
    boxes = _boxes(left + 0.5, bottom, candles.volume, BODY)
    is_down = candles.close < candles.open
    for rows, colour in ((~is_down, "white"), (is_down, INK)):
        bars = PolyCollection(boxes[rows], facecolors=colour, edgecolors=INK, linewidths=1.0)
        bars.set_snap(True)
        axes.add_collection(bars, autolim=False)


def _points(x: Floats, y: Floats) -> Floats:
    return np.stack([x, y], axis=1)


def _boxes(middle: Floats, low: Floats, high: Floats, width: float) -> NDArray[np.float64]:
    left, right = middle - width / 2, middle + width / 2
    corners = [_points(left, low), _points(left, high), _points(right, high), _points(right, low)]
    return np.stack(corners, axis=1)
