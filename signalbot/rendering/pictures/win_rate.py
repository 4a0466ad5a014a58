"""The win rate as it came about, with the band that may be read daily, against break-even."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from signalbot.domain.candles import Floats
from signalbot.rendering.figures import percent, percent_interval
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.sheet import (
    GAIN,
    LOSS,
    explain,
    mark_alerts,
    panel,
    say_empty,
    sheet,
    styled,
)
from signalbot.stats.sample import Codes, Sample
from signalbot.stats.uncertainty import always_valid
from signalbot.stats.verdict import MIN_DECIDED

MOST_POINTS = 120
"""Looks at the record that are drawn: half of them evenly spaced, half closer at the start."""


@styled
def win_rate(decided: Sample, caption: Caption) -> Figure:
    """Return the picture of the win rate after each decided alert.

    The rate itself is drawn from `MIN_DECIDED` alerts on; its band from the first, because that
    it says nothing yet is what an early record shows.
    """
    wins = np.cumsum(decided.is_win, dtype=np.int64)
    needed = np.cumsum(decided.breakeven) / np.arange(1, len(decided) + 1)
    figure = sheet("Win rate after costs, against what it needed", _fact(wins, needed), caption)
    axes = panel(figure, 0.21, 0.59)
    if not len(decided):
        say_empty(axes)
        return figure
    looks = looks_at(len(decided))
    won, needs = wins[looks - 1], needed[looks - 1]
    band = np.array([always_valid(int(w), int(n)) for w, n in zip(won, looks, strict=True)])
    _draw_band(axes, looks, band)
    ripe = looks >= MIN_DECIDED
    if ripe.any():
        _draw_rate(axes, looks[ripe], (won / looks)[ripe], GAIN, "won")
    _draw_rate(axes, looks, needs, LOSS, "needed to break even")
    late = looks >= max(MIN_DECIDED, len(decided) / 20)
    axes.set_ylim(_range(np.column_stack((band, needs))[late]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{100 * rate:.0f} %"))
    mark_alerts(axes, decided.published_at)
    axes.set_xlim(0, 1.02 * len(decided))  # room for the signs at the end
    explain(figure, axes)
    return figure


def looks_at(n: int) -> Codes:
    """Return after which alerts the record is looked at: 1 and n among them, ascending."""
    half = MOST_POINTS // 2
    both = (np.geomspace(1, n, half), np.linspace(1, n, half))
    return np.unique(np.concatenate(both).round().astype(np.int64))


def _draw_band(axes: Axes, looks: Codes, band: Floats) -> None:
    after, ends = np.concatenate(([0], looks)), np.vstack(([0.0, 1.0], band))
    label = "95 %, safe to read daily"
    axes.fill_between(after, *ends.T, color=GAIN, alpha=0.22, linewidth=0, label=label)
    axes.plot(after, ends, color=GAIN, linewidth=1.2)


def _draw_rate(axes: Axes, looks: Codes, rate: Floats, colour: str, name: str) -> None:
    is_won = colour == GAIN
    axes.plot(
        looks,
        rate,
        color=colour,
        linewidth=3,
        linestyle="-" if is_won else (0, (3, 1)),
        marker="o" if is_won else "D",
        markersize=9,
        markevery=[-1],
        label=name,
    )


def _fact(wins: Codes, needed: Floats) -> str:
    if not len(wins):
        return ""
    n, won = len(wins), int(wins[-1])
    interval = percent_interval(always_valid(won, n))
    needs = percent(float(needed[-1]))
    return f"won {won:,} of {n:,} = {percent(won / n)} (95 %: {interval}) · needed {needs}"


def _range(rates: Floats) -> tuple[float, float]:
    if not len(rates):
        return 0.0, 1.0
    return float(np.floor(10 * rates.min()) / 10), float(np.ceil(10 * rates.max()) / 10)
