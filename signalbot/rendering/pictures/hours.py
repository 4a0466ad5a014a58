"""Mean net R by hour of publication (UTC) and setup: a heat map that says n in every cell.

Hours are taken three at a time: on a phone 24 columns could not be read, and a cell of one hour
of one setup takes a long record to hold enough alerts.
"""

from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from signalbot.domain.candles import Floats
from signalbot.domain.timeframe import HOUR_MS
from signalbot.rendering.figures import r_value
from signalbot.rendering.pictures.caption import Caption, printable
from signalbot.rendering.pictures.sheet import GAIN, LOSS, panel, say_empty, sheet, styled
from signalbot.setups.catalogue import title_of
from signalbot.stats.sample import Codes, Sample
from signalbot.stats.verdict import MIN_DECIDED

BLOCK_HOURS = 3
BLOCKS = 24 // BLOCK_HOURS
MOST_ROWS = 4
"""Rows below that of all setups; where there are more, those with least alerts share the last."""
FULL_COLOUR_R = 0.5
"""Mean net R, in either direction, from which a cell has its full colour."""
LARGEST_SHOWN_R = 99
"""A mean beyond it, in either direction, is written as this one."""
LONGEST_NAME = 200
LINE = 17
"""Characters of a line of a name, which has two."""
TOO_FEW = "#ececec"

_COLOURED = 0.65  # black type must be readable on the full colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the map: its name, and n and sum of net R of each block, shape (BLOCKS,)."""

    name: str
    n: Codes
    net_r: Floats


@styled
def hours(decided: Sample, caption: Caption) -> Figure:
    """Return the heat map; a cell of fewer than `MIN_DECIDED` alerts shows their number only."""
    lines = rows_of(decided)
    shown = sum(int((line.n >= MIN_DECIDED).sum()) for line in lines)
    fact = f"mean net R, and n below it · hatched: n under {MIN_DECIDED}, too few"
    luck = f"Among {shown} cells the best looks good even where luck is all there is."
    note = luck if shown > 1 else ""
    figure = sheet("Net R by hour and setup", fact, caption, note)
    axes = panel(figure, 0.22, 0.64, left=0.205)
    if not len(decided):
        say_empty(axes)
        return figure
    _colour_cells(axes, lines)
    for place, line in enumerate(lines):
        for block in range(BLOCKS):
            middle = block + 0.5, place + 0.5
            _label_cell(axes, middle, int(line.n[block]), float(line.net_r[block]))
    starts = range(0, 24, BLOCK_HOURS)
    axes.set(xlim=(0, BLOCKS), ylim=(len(lines), 0), xlabel="hour of publication, UTC")
    axes.set_xticks(
        np.arange(BLOCKS) + 0.5, [f"{at:02}-{at + BLOCK_HOURS:02}" for at in starts], size=13
    )
    axes.set_yticks(np.arange(len(lines)) + 0.5, [line.name for line in lines], size=12.5)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    return figure


def rows_of(decided: Sample) -> tuple[Row, ...]:
    """Return the lines of the map: all setups together, then each, those with most alerts first.

    A record of one setup has its line only. Beyond `MOST_ROWS` the rest is one line.
    """
    counts = np.bincount(decided.setup.codes, minlength=len(decided.setup.names))
    ranked = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], code))
    single = ranked if len(ranked) <= MOST_ROWS else ranked[: MOST_ROWS - 1]
    rest = ranked[len(single) :]
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
    shown = printable(f"v{major}{point}{rest[:more]}" if more else f"v{major}", 8)
    return _on_two_lines(printable(title_of(name), LONGEST_NAME), shown)


def _on_two_lines(name: str, version: str) -> str:
    if len(f"{name} {version}") <= LINE:
        return f"{name} {version}"
    # of a long name its beginning and its end, which is where two of them differ
    name = " ".join(name.split())
    first = next(iter(wrap(name, LINE)), "")
    tail, room = name[len(first) :].strip(), LINE - 1 - len(version)
    shown = tail if len(tail) <= room else f"...{tail[3 - room :]}"
    return f"{first}\n{shown} {version}"


def _row(name: str, decided: Sample, chosen: NDArray[np.bool_]) -> Row:
    block = decided.published_at[chosen] // HOUR_MS % 24 // BLOCK_HOURS
    net_r = np.bincount(block, weights=decided.net_r[chosen], minlength=BLOCKS)
    return Row(
        name=name,
        n=np.bincount(block, minlength=BLOCKS),
        net_r=net_r.astype(np.float64),  # whole numbers where there is nothing to add
    )


def _colour_cells(axes: Axes, lines: tuple[Row, ...]) -> None:
    colours = [
        [_colour(n, net_r) for n, net_r in zip(line.n, line.net_r, strict=True)] for line in lines
    ]
    axes.pcolormesh(np.array(colours), edgecolor="#c4c4c4", linewidth=1)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    few = [
        square + np.array((block, place))
        for place, line in enumerate(lines)
        for block in np.flatnonzero(line.n < MIN_DECIDED)
    ]
    hatched = PolyCollection(few, facecolor="none", edgecolor="#c4c4c4", linewidth=0, hatch="//")
    axes.add_collection(hatched)


def _label_cell(axes: Axes, middle: tuple[float, float], n: int, net_r: float) -> None:
    if n < MIN_DECIDED:
        ground = {"facecolor": TOO_FEW, "edgecolor": "none", "pad": 2}
        axes.text(*middle, f"{n}", size=12, ha="center", va="center", bbox=ground)
        return
    mean = r_value(max(-LARGEST_SHOWN_R, min(net_r / n, LARGEST_SHOWN_R)))
    axes.text(*middle, mean, size=14, weight="bold", ha="center", va="bottom")
    axes.text(*middle, f"{n}", size=12, ha="center", va="top")


def _colour(n: int, net_r: float) -> tuple[float, float, float]:
    if n < MIN_DECIDED:
        return to_rgb(TOO_FEW)
    mean = net_r / n
    share = _COLOURED * min(abs(mean) / FULL_COLOUR_R, 1.0)
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(GAIN if mean > 0 else LOSS))
    return red, green, blue
