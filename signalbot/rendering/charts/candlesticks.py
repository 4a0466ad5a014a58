"""Candles and their volume as shapes, all of one kind in one collection.

A candle that closed below its open is filled, any other is hollow: no colour is needed to tell
them apart.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from signalbot.domain.candles import Candles, Floats

INK = "#303030"
WIDTH = 0.7
"""Of a body and of a bar, in steps."""


def draw_candles(axes: Axes, candles: Candles, left: Floats) -> None:
    """Draw candles; `left` is where each begins, in steps, shape (rows,)."""
    middle = left + 0.5
    bottom, top = np.minimum(candles.open, candles.close), np.maximum(candles.open, candles.close)
    # two pieces a candle: a wick through a hollow body would make it look filled
    lower = _joined((middle, candles.low), (middle, bottom))
    upper = _joined((middle, top), (middle, candles.high))
    wicks = LineCollection([*lower, *upper], colors=INK, linewidths=1.0, zorder=3, snap=True)
    axes.add_collection(wicks, autolim=False)
    _draw_boxes(axes, candles, middle, bottom, top)


def draw_volume(axes: Axes, candles: Candles, left: Floats) -> None:
    """Draw the volume of each candle as a bar, hollow or filled as the candle is."""
    _draw_boxes(axes, candles, left + 0.5, np.zeros(len(candles)), candles.volume)


def _draw_boxes(axes: Axes, candles: Candles, middle: Floats, bottom: Floats, top: Floats) -> None:
    left, right = middle - WIDTH / 2, middle + WIDTH / 2
    boxes = _joined((left, bottom), (left, top), (right, top), (right, bottom))
    is_down = candles.close < candles.open
    for rows, colour in ((~is_down, "white"), (is_down, INK)):
        shapes = PolyCollection(
            list(boxes[rows]),
            facecolors=colour,
            edgecolors=INK,
            linewidths=1.0,
            zorder=4,
            snap=True,
        )
        axes.add_collection(shapes, autolim=False)


def _joined(*corners: tuple[Floats, Floats]) -> Floats:
    """Return paths through corners, each the x and y of all candles; shape (rows, corners, 2)."""
    return np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
