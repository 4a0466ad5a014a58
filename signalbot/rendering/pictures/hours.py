"""Mean net R by hour of publication (UTC) and setup: a heat map that says n in every cell.

Hours are taken three at a time: on a phone 24 columns could not be read, and a cell of one hour
of one setup takes a long record to hold enough alerts.
"""

from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from signalbot.domain.candles import Floats
from signalbot.domain.timeframe import HOUR_MS
from signalbot.rendering.figures import r_value
from signalbot.rendering.pictures.sheet import (
    GAIN,
    LOSS,
    Caption,
    panel,
    printable,
    say_empty,
    sheet,
    styled,
)
from signalbot.setups.catalogue import title_of
from signalbot.stats.sample import Codes, Sample
from signalbot.stats.verdict import MIN_DECIDED

BLOCK_HOURS = 3
BLOCKS = 24 // BLOCK_HOURS
MOST_SETUPS = 6
"""Rows of single setups, those with most alerts; the other ones share a row."""
FULL_COLOUR_R = 0.5
"""Mean net R, in either direction, from which a cell has its full colour."""
LARGEST_SHOWN_R = 99
"""A mean beyond it, in either direction, is written as this one."""
LONGEST_NAME = 40

_COLOURED = 0.65  # black type must be readable on the full colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the map: its name, and n and sum of net R of each block, shape (BLOCKS,)."""

    name: str
    n: Codes
    net_r: Floats


@styled
def hours(decided: Sample, caption: Caption) -> Figure:
    """Return the heat map; cells of fewer than `MIN_DECIDED` alerts show their n only."""
    lines = rows_of(decided)
    findings = sum(int((line.n >= MIN_DECIDED).sum()) for line in lines)
    fact = f"mean net R of an alert · hatched: n below {MIN_DECIDED}, no finding"
    luck = f"Of {findings} cells with a finding the best looks good by luck alone."
    note = luck if findings > 1 else ""
    figure = sheet("Net R by hour and setup", fact, caption, note)
    axes = panel(figure, 0.22, 0.64, left=0.205)
    if not len(decided):
        say_empty(axes)
        return figure
    for place, line in enumerate(lines):
        for block in range(BLOCKS):
            _draw_cell(axes, (block, place), int(line.n[block]), float(line.net_r[block]))
    starts = range(0, 24, BLOCK_HOURS)
    axes.set(xlim=(0, BLOCKS), ylim=(len(lines), 0), xlabel="hour of publication, UTC")
    axes.set_xticks(
        np.arange(BLOCKS) + 0.5, [f"{at:02}-{at + BLOCK_HOURS:02}" for at in starts], size=13
    )
    names = ["\n".join(wrap(line.name, 17)[:2]) for line in lines]
    axes.set_yticks(np.arange(len(lines)) + 0.5, names, size=12.5)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    return figure


def rows_of(decided: Sample) -> tuple[Row, ...]:
    """Return the lines of the map: all setups together, then each, those with most alerts first.

    A record of one setup has its line only. Beyond `MOST_SETUPS` the rest is one line.
    """
    counts = np.bincount(decided.setup.codes, minlength=len(decided.setup.names))
    ranked = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], code))
    single, rest = ranked[:MOST_SETUPS], ranked[MOST_SETUPS:]
    names = setup_names([decided.setup.names[code] for code in single])
    lines = [
        _row(name, decided, decided.setup.codes == code)
        for name, code in zip(names, single, strict=True)
    ]
    if len(ranked) > 1:
        lines.insert(0, _row("all setups", decided, np.ones(len(decided), dtype=np.bool_)))
    if rest:
        lines.append(_row(f"{len(rest)} others", decided, np.isin(decided.setup.codes, rest)))
    return tuple(lines)


def setup_names(records: list[str]) -> list[str]:
    """Return what a reader is shown for each `name version`; more of the version where it takes it.

    Two versions of one setup differ behind the point: `1.9f3ca1b2` is shown as `v1` while it is
    the only one.
    """
    short = [_named(record, 0) for record in records]
    return [
        name if short.count(name) == 1 else _named(record, 5)
        for name, record in zip(short, records, strict=True)
    ]


def _named(record: str, more: int) -> str:
    name, _, version = record.rpartition(" ")
    major, point, rest = version.partition(".")
    shown = f"v{major}{point}{rest[:more]}" if more else f"v{major}"
    return f"{printable(title_of(name), LONGEST_NAME - 12)} {printable(shown, 11)}"


def _row(name: str, decided: Sample, chosen: NDArray[np.bool_]) -> Row:
    block = decided.published_at[chosen] // HOUR_MS % 24 // BLOCK_HOURS
    net_r = np.bincount(block, weights=decided.net_r[chosen], minlength=BLOCKS)
    return Row(
        name=name,
        n=np.bincount(block, minlength=BLOCKS),
        net_r=net_r.astype(np.float64),  # whole numbers where there is nothing to add
    )


def _draw_cell(axes: Axes, corner: tuple[int, int], n: int, net_r: float) -> None:
    is_finding = n >= MIN_DECIDED
    mean = net_r / n if is_finding else 0.0
    look = {"facecolor": _colour(mean)} if is_finding else {"facecolor": "#ececec", "hatch": "//"}
    axes.add_patch(Rectangle(corner, 1, 1, edgecolor="#c4c4c4", linewidth=1, **look))
    middle = corner[0] + 0.5, corner[1] + 0.5
    if not is_finding:
        ground = {"facecolor": "#ececec", "edgecolor": "none", "pad": 2}
        axes.text(
            *middle, f"{n:,}", size=12, ha="center", va="center", color="#303030", bbox=ground
        )
        return
    shown = r_value(max(-LARGEST_SHOWN_R, min(mean, LARGEST_SHOWN_R)))
    axes.text(*middle, shown, size=14, weight="bold", ha="center", va="bottom")
    axes.text(*middle, f"n {n:,}", size=11.5, ha="center", va="top")


def _colour(mean: float) -> tuple[float, float, float]:
    share = _COLOURED * min(abs(mean) / FULL_COLOUR_R, 1.0)
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(GAIN if mean > 0 else LOSS))
    return red, green, blue
