"""What every chart of an alert has: what it is of, candles, volume, plan, axes and expiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from signalbot.domain.alert import Alert
from signalbot.domain.candles import Candles
from signalbot.domain.rounding import exact
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import MINUTE_MS, day
from signalbot.rendering.charts.candlesticks import INK, draw_candles, draw_volume
from signalbot.rendering.charts.levels import (
    TAG_GAP,
    Placed,
    draw_level,
    draw_zones,
    levels_of,
    placed,
)
from signalbot.rendering.charts.scale import PriceRange, price_marks, time_marks
from signalbot.rendering.figures import VENUE_TITLES, clock, percent, price
from signalbot.rendering.pictures.caption import printable
from signalbot.rendering.pictures.sheet import HEIGHT, WIDTH
from signalbot.setups.catalogue import title_of

LONGEST_COIN = 16
LONGEST_NAME = 24
"""Characters shown of a coin, and of a venue or a setup that the product does not know."""

_DPI = 100
_LEFT, _DIGIT = 0.015, 0.0129  # shares of the picture's width
_FINE = 12.5
_GREY = "#606060"
_EDGE = 5  # steps at either end of the time axis without a mark, which would leave the picture
_AFTER = 4  # steps shown after the time of the plan: an exit at the market comes a candle later


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is drawn beside the plan.

    Attributes
    ----------
    candles : Candles
        Those of the snapshot, and what followed where that is known.
    fact : str
        The line below the title.
    prices : sequence of Decimal
        What must not be cut off beside the prices of the plan.
    """

    candles: Candles
    fact: str
    prices: Sequence[Decimal] = ()


def frame(snapshot: Snapshot, scene: Scene) -> tuple[Figure, Axes]:
    """Return a chart and its axes of prices; the horizontal unit is a step, 0 where it fired."""
    alert, candles = snapshot.alert, scene.candles
    plan, step_ms = alert.plan, alert.timeframe.step_ms
    levels = levels_of(plan)
    shown = PriceRange.of(candles, [*(level.price for level in levels), *scene.prices])
    tags = placed(levels, shown)
    right = plan.max_hold_min * MINUTE_MS / step_ms
    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor="white")
    _write(figure, snapshot, scene.fact)
    upper, lower = _panels(figure, max(len(price(level.price, plan.tick)) for level in levels))
    upper.set(xlim=(-SHOWN, right + _AFTER), ylim=(shown.low, shown.high))
    lower.set(xlim=upper.get_xlim(), ylim=(0, 1.1 * float(candles.volume.max()) or 1))
    _mark_prices(upper, shown, tags, plan.tick)
    _mark_times(upper, lower, alert)
    draw_zones(upper, plan, right)
    left = (candles.open_time - alert.candle_close) / step_ms
    draw_candles(upper, candles, left)
    draw_volume(lower, candles, left)
    for tag in tags:
        draw_level(upper, tag, plan.tick)
    if shown.highest > shown.high:
        _note(upper, float(left[candles.high.argmax()]), 0.985, shown.highest, plan.tick)
    if shown.lowest < shown.low:
        _note(upper, float(left[candles.low.argmin()]), 0.015, shown.lowest, plan.tick)
    return figure, upper


def _write(figure: Figure, snapshot: Snapshot, fact: str) -> None:
    alert, plan = snapshot.alert, snapshot.alert.plan
    venue = VENUE_TITLES.get(plan.venue, printable(plan.venue, LONGEST_NAME))
    coin, setup = printable(plan.coin, LONGEST_COIN), printable(title_of(alert.setup), LONGEST_NAME)
    title = f"{plan.side.upper()} {coin} · {venue} · {alert.timeframe.name}"
    version = printable(alert.version.partition(".")[0], LONGEST_NAME)
    figure.text(_LEFT, 0.977, title, size=18, weight="bold", va="top")
    figure.text(_LEFT, 0.915, fact, size=14, va="top")
    closed = f"{day(alert.candle_close)} {clock(alert.candle_close)} UTC"
    costs, needs = f"{float(alert.cost_r):.2f} R", percent(alert.breakeven_win_rate)
    lines = (
        f"#{snapshot.seq} {snapshot.hash[:8]} · {setup} v{version}, {alert.state}",
        f"{closed} · costs {costs}, needs {needs} wins to break even",
    )
    for row, line in enumerate(reversed(lines)):
        figure.text(_LEFT, 0.018 + 0.037 * row, line, size=_FINE, va="bottom", color=INK)


def _panels(figure: Figure, digits: int) -> tuple[Axes, Axes]:
    """Return the axes of prices and of volume; to their right is room for so many digits."""
    width = 1 - _LEFT - _DIGIT * digits - 0.035
    upper = figure.add_axes((_LEFT, 0.315, width, 0.535))
    lower = figure.add_axes((_LEFT, 0.185, width, 0.115))
    for axes in (upper, lower):
        axes.spines["left"].set_visible(False)
    return upper, lower


def _mark_prices(axes: Axes, shown: PriceRange, tags: Sequence[Placed], tick: Decimal) -> None:
    marks = price_marks(shown, tick, most=7)
    covered = [any(abs(shown.share(mark) - tag.tag) < TAG_GAP for tag in tags) for mark in marks]
    labels = [
        "" if hidden else price(mark, tick) for mark, hidden in zip(marks, covered, strict=True)
    ]
    axes.yaxis.tick_right()
    axes.set_yticks([float(mark) for mark in marks], labels, size=_FINE, color=_GREY)
    axes.tick_params(length=0, pad=8)


def _mark_times(upper: Axes, lower: Axes, alert: Alert) -> None:
    close, step_ms = alert.candle_close, alert.timeframe.step_ms
    valid_until = close + alert.plan.entry_ttl_min * MINUTE_MS
    first, last = (close + round(end) * step_ms for end in upper.get_xlim())
    marks = time_marks(first + _EDGE * step_ms, last - _EDGE * step_ms, most=8)
    places = [(instant - close) / step_ms for instant, _ in marks]
    upper.set_xticks(places, [""] * len(places))
    lower.set_xticks(places, [label for _, label in marks], size=_FINE)
    lower.set_yticks([])
    small: dict[str, Any] = {"size": _FINE, "color": _GREY, "va": "top"}
    lower.text(0.004, 0.97, "volume", transform=lower.transAxes, **small)
    lower.text(1.012, -0.08, "UTC", transform=lower.transAxes, **small)
    place = (valid_until - close) / step_ms
    for axes in (upper, lower):
        axes.axvline(place, color=INK, linewidth=1.5, linestyle=(0, (2, 2)), zorder=2)
    lower.text(
        place + 1,
        0.97,
        f"valid until {clock(valid_until)}",
        transform=lower.get_xaxis_transform(),
        **small,
    )


def _note(axes: Axes, at: float, height: float, extreme: float, tick: Decimal) -> None:
    """Say how far candles went that the axes do not show."""
    is_high = height > 0.5
    sign, words = ("\u25b2", "up to") if is_high else ("\u25bc", "down to")
    note = axes.text(
        at + 0.5,
        height,
        f"{sign} {words} {price(exact(extreme), tick)}",
        size=_FINE,
        ha="left" if at < -SHOWN / 2 else "right",
        va="top" if is_high else "bottom",
        transform=axes.get_xaxis_transform(),
        zorder=7,
    )
    note.set_path_effects([withStroke(linewidth=3, foreground="white")])
