"""How the results of single alerts lie: a histogram of net R, by how the alert ended."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from signalbot.domain.candles import Floats
from signalbot.domain.outcome import OutcomeKind
from signalbot.rendering.figures import r_value
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.sheet import (
    GAIN,
    LOSS,
    explain,
    panel,
    say_empty,
    sheet,
    signed,
    styled,
    total,
)
from signalbot.stats.sample import KINDS, Codes, Sample

LOWEST_R, HIGHEST_R = -3, 5
"""Results beyond are counted in the outermost bars."""
FINE_R = 3
"""Span of results up to which bars are 0.1 R wide; they are 0.25 R beyond."""

_TARGET, _STOP, _EXPIRED = (
    KINDS.index(kind) for kind in (OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.EXPIRED)
)
_LOOKS = (
    ("stop", LOSS, "//"),
    ("target", GAIN, ""),
    ("time out", "#f0e442", ".."),
    ("other", "#b0b0b0", "xx"),
)


@styled
def distribution(decided: Sample, caption: Caption) -> Figure:
    """Return the histogram of net R, with its mean and 0 marked.

    A bar holds the results above its left end, up to and with its right one: 0 R is no win.
    """
    net_r = decided.net_r
    figure = sheet("Result of each alert after costs", _fact(net_r), caption, _note(net_r))
    axes = panel(figure, 0.25, 0.55)
    if not len(net_r):
        say_empty(axes)
        return figure
    edges = edges_of(net_r)
    groups = _groups(decided.kind)
    bottom = np.zeros(len(edges) - 1)
    for group, (name, colour, hatch) in enumerate(_LOOKS):
        counts = counts_in(edges, net_r[groups == group])
        (some,) = np.nonzero(counts)
        if len(some):
            axes.bar(
                edges[some],
                counts[some],
                edges[1] - edges[0],
                bottom[some],
                align="edge",
                label=f"{name} {int(counts.sum()):,}",
                color=colour,
                edgecolor="black",
                linewidth=0.8,
                hatch=hatch,
            )
            bottom = bottom + counts
    _mark(axes, edges, float(net_r.mean()))
    explain(figure, axes)
    return figure


def edges_of(net_r: Floats) -> Floats:
    """Return the ends of the bars: whole R at both ends, 0 among them, clipped to what is shown."""
    low = int(np.clip(np.floor(net_r.min()), LOWEST_R, -1))
    high = int(np.clip(np.ceil(net_r.max()), 1, HIGHEST_R))
    parts = 10 if high - low <= FINE_R else 4
    return np.arange(low * parts, high * parts + 1) / parts


def counts_in(edges: Floats, net_r: Floats) -> Codes:
    """Return how many results lie in each bar, those beyond the ends in the outermost ones."""
    places = np.searchsorted(edges, net_r, side="left") - 1
    bars = len(edges) - 1
    return np.bincount(np.clip(places, 0, bars - 1), minlength=bars)


def _groups(kind: Codes) -> Codes:
    return np.select([kind == _STOP, kind == _TARGET, kind == _EXPIRED], [0, 1, 2], default=3)


def _fact(net_r: Floats) -> str:
    if not len(net_r):
        return ""
    above = int((net_r > 0).sum())
    return f"mean {_short(float(net_r.mean()))} R · {above:,} of {len(net_r):,} above 0"


def _short(mean: float) -> str:
    return r_value(mean) if abs(mean) < 1000 else total(mean)


def _note(net_r: Floats) -> str:
    beyond = int(((net_r < LOWEST_R) | (net_r > HIGHEST_R)).sum())
    if not beyond:
        return ""
    ends = f"{signed(LOWEST_R)} or {signed(HIGHEST_R)} R"
    is_mean_shown = LOWEST_R <= net_r.mean() <= HIGHEST_R
    mean = "" if is_mean_shown else "; so is the mean, drawn at the end"
    return f"{beyond:,} beyond {ends}, counted in the outermost bars{mean}."


def _mark(axes: Axes, edges: Floats, mean: float) -> None:
    axes.axvline(0, color="black", linewidth=2)
    shown = float(np.clip(mean, edges[0], edges[-1]))  # outliers may pull it off the axis
    axes.axvline(shown, color="black", linewidth=2.5, dashes=(3, 1.5), label="mean")
    axes.set(xlim=(edges[0], edges[-1]), xlabel="net R of an alert", ylabel="alerts")
    span = round(edges[-1] - edges[0])
    ticks = np.linspace(edges[0], edges[-1], (2 if span <= FINE_R else 1) * span + 1)
    axes.set_xticks(ticks, [signed(float(tick)) for tick in ticks])
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
