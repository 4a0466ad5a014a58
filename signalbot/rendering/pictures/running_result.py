"""Net R of all alerts added up, before and after costs, with its drawdown."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from signalbot.domain.candles import Floats, Instants
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.sheet import (
    GAIN,
    LOSS,
    NEUTRAL,
    explain,
    mark_alerts,
    mark_r,
    panel,
    say_empty,
    sheet,
    styled,
    total,
)
from signalbot.stats.returns import max_drawdown_r
from signalbot.stats.sample import Codes

MOST_BINS = 300
"""Stretches of a long record; of each the highest and the lowest point are drawn."""


@styled
def running_result(
    published_at: Instants, net_r: Floats, gross_r: Floats | None, caption: Caption
) -> Figure:
    """Return the picture of how the results of decided alerts added up.

    Parameters
    ----------
    published_at, net_r : array
        Of decided alerts in order of publication, shape (alerts,); R after costs, without NaN.
    gross_r : array or None
        R before costs; no line is drawn where it is not known of every alert.
    """
    known = gross_r is not None and bool(np.isfinite(gross_r).all())
    before = np.cumsum(gross_r) if gross_r is not None and known and len(net_r) else None
    figure = sheet("Results of all alerts, added up", _fact(net_r, before), caption)
    above, below = panel(figure, 0.44, 0.37), panel(figure, 0.2, 0.2)
    if not len(net_r):
        say_empty(above)
        say_empty(below)
        return figure
    running = np.concatenate(([0.0], np.cumsum(net_r)))
    drawdown = running - np.maximum.accumulate(running)
    paths = [running, drawdown]
    if before is not None:
        paths.append(np.concatenate(([0.0], before)))
    rows = np.unique(np.concatenate([extremes(path, MOST_BINS) for path in paths]))
    _draw_sums(above, rows, running, paths[2] if before is not None else None)
    _draw_drawdown(below, rows, drawdown)
    mark_alerts(below, published_at)
    above.set(xlim=below.get_xlim(), xticks=below.get_xticks())
    above.tick_params(labelbottom=False)
    explain(figure, above)
    return figure


def extremes(path: Floats, bins: int) -> Codes:
    """Return the rows that keep the shape of a path: of each of `bins` stretches its ends.

    Every row of a path of at most twice as many points; always the first and the last.
    """
    if len(path) <= 2 * bins:
        return np.arange(len(path))
    edges = np.linspace(0, len(path), bins + 1).astype(np.int64)
    kept = [(a + path[a:b].argmin(), a + path[a:b].argmax()) for a, b in pairwise(edges)]
    return np.unique([0, len(path) - 1, *np.ravel(kept)])


def _fact(net_r: Floats, before: Floats | None) -> str:
    parts = [f"after costs {total(float(net_r.sum()))} R"]
    if before is not None:
        parts.append(f"before costs {total(float(before[-1]))} R")
    parts.append(f"deepest drawdown {total(max_drawdown_r(net_r)).lstrip('+')} R")
    return " · ".join(parts)


def _draw_sums(axes: Axes, rows: Codes, running: Floats, before: Floats | None) -> None:
    axes.axhline(0, color="black", linewidth=1.2)
    if before is not None:
        axes.plot(
            rows, before[rows], color=NEUTRAL, linewidth=2.2, dashes=(4, 1.5), label="before costs"
        )
    axes.plot(rows, running[rows], color=GAIN, linewidth=3, label="after costs")
    mark_r(axes, "sum, R")


def _draw_drawdown(axes: Axes, rows: Codes, drawdown: Floats) -> None:
    axes.fill_between(rows, drawdown[rows], color=LOSS, alpha=0.45, linewidth=0)
    axes.plot(rows, drawdown[rows], color=LOSS, linewidth=1.5)
    deepest = int(drawdown.argmin())
    depth = float(drawdown[deepest])
    if depth < 0:
        axes.plot([deepest], [depth], "v", color="black", markersize=9, clip_on=False)
        is_late = 2 * deepest >= len(drawdown)
        axes.annotate(
            "deepest",
            xy=(deepest, depth),
            xytext=(-9 if is_late else 9, -1),
            textcoords="offset points",
            ha="right" if is_late else "left",
            va="center",
        )
    mark_r(axes, "drawdown, R", most=3)
    axes.set_ylim(1.2 * depth or -1, 0)
