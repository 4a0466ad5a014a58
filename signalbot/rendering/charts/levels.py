"""The plan on a chart: entry, do-not-chase price, zones of stop and target, and their prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from signalbot.domain.alert import Plan
from signalbot.domain.side import Side
from signalbot.rendering.charts.scale import PriceRange, apart
from signalbot.rendering.figures import price
from signalbot.rendering.pictures.sheet import GAIN, LOSS

TAG_GAP = 0.077
"""Distance of two tags, in shares of the axes' height."""
ENTRY, CHASE = "#000000", "#6a3d9a"

_ON_TOP = 6
_SIZE = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A price with its name and colour; `line` is a line style of matplotlib."""

    name: str
    price: Decimal
    colour: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A level with the height of its line and of its tag, in shares of the axes' height."""

    level: Level
    line: float
    tag: float


def levels_of(plan: Plan) -> tuple[Level, ...]:
    """Return the prices of a plan that a reader needs."""
    beyond = "not above" if plan.side is Side.LONG else "not below"
    return (
        Level(name="target", price=plan.target, colour=GAIN, line="-"),
        Level(name=beyond, price=plan.do_not_chase, colour=CHASE, line=":"),
        Level(name="entry", price=plan.entry, colour=ENTRY, line="-"),
        Level(name="stop", price=plan.stop, colour=LOSS, line="-"),
    )


def placed(levels: Sequence[Level], shown: PriceRange) -> tuple[Placed, ...]:
    """Return levels from the lowest on, their tags moved apart where they would overlap."""
    ordered = sorted(levels, key=lambda level: level.price)
    lines = [shown.share(level.price) for level in ordered]
    tags = apart(lines, TAG_GAP, 0.5 * TAG_GAP, 1 - 0.5 * TAG_GAP)
    return tuple(
        Placed(level=level, line=line, tag=tag)
        for level, line, tag in zip(ordered, lines, tags, strict=True)
    )


def draw_zones(axes: Axes, plan: Plan, width: float) -> None:
    """Shade what lies between entry and target, and entry and stop, over `width` steps."""
    entry = float(plan.entry)
    for end, colour, hatch in ((plan.target, GAIN, None), (plan.stop, LOSS, "//")):
        zone = (0, entry), width, float(end) - entry
        axes.add_patch(Rectangle(*zone, facecolor=colour, alpha=0.16, linewidth=0))
        if hatch:
            shade: dict[str, Any] = {
                "edgecolor": colour,
                "alpha": 0.3,
                "linewidth": 0,
                "hatch": hatch,
            }
            axes.add_patch(Rectangle(*zone, fill=False, **shade))


def draw_level(axes: Axes, at: Placed, tick: Decimal) -> None:
    """Draw a level from where it fired to the end, its name at the end and its price behind it."""
    level, right = at.level, axes.get_xlim()[1]
    height = float(level.price)
    line: dict[str, Any] = {"color": level.colour, "linewidth": 2}
    axes.plot([0, right], [height, height], linestyle=level.line, **line)
    in_axes: dict[str, Any] = {"transform": axes.transAxes}
    axes.plot([1, 1.012], [at.line, at.tag], clip_on=False, **line, **in_axes)
    words: dict[str, Any] = {"size": _SIZE, "weight": "bold", "va": "center_baseline", **in_axes}
    tag = {"facecolor": level.colour, "edgecolor": "none", "pad": 2.5}
    axes.text(1.014, at.tag, price(level.price, tick), color="white", bbox=tag, **words)
    name = axes.text(0.992, at.tag, level.name, color=level.colour, ha="right", **words)
    name.set(path_effects=[withStroke(linewidth=3, foreground="white")], zorder=_ON_TOP)
