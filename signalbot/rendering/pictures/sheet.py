"""The sheet every picture is drawn on: its size, type and colours, what it says, and the PNG.

A picture is read on a phone in the sun, and is passed on without the text beside it: so the type
is large, black on white, and the sheet itself says how many alerts, of which time and from where.

One picture at a time: matplotlib is not made for several threads.
"""

from io import BytesIO

from matplotlib import rc_context, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from PIL.Image import Dither, Quantize, frombuffer
from PIL.PngImagePlugin import PngInfo

from signalbot.domain.candles import Instants
from signalbot.domain.timeframe import day
from signalbot.rendering.pictures.caption import Caption
from signalbot.stats.verdict import MIN_DECIDED

WIDTH, HEIGHT = 900, 600
"""Pixels of a picture."""
GAIN, LOSS, NEUTRAL = "#0072b2", "#d55e00", "#8a8a8a"
"""Blue and vermilion of a palette made for the colour-blind (Okabe and Ito 2008), and a grey."""
GRID = "#d0d0d0"
SOFTWARE = "signalbot"
"""What every PNG names as its maker, so that an earlier picture is known by its content."""
COLOURS = 64

_DPI = 100
_NOT_OF_A_PICTURE = ("backend", "interactive", "toolbar", "timezone", "webagg", "tk.", "date.epoch")
_PLAIN = {
    key: value for key, value in rcParamsDefault.items() if not key.startswith(_NOT_OF_A_PICTURE)
}
# The machine's own settings must not reach a picture: it would differ from one to the next. And a
# name from outside is text, never a formula.
STYLE = _PLAIN | {
    "text.parse_math": False,
    "text.hinting": "no_hinting",
    "axes.unicode_minus": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 14,
    "legend.fontsize": 13.5,
    "axes.linewidth": 1.2,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 1.0,
    "hatch.linewidth": 1.2,
    "legend.frameon": False,
}
styled = rc_context(STYLE)
"""Decorator of whatever draws."""


def signed(value: float) -> str:
    """Return a number of an axis with its sign: `+20`, `-0.5`, `0`, `-15k`, `+2M`."""
    for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:+.5g}{sign}"
    return f"{value:+.5g}" if value else "0"


def total(value: float) -> str:
    """Return a sum of R with its sign and one decimal, short where it is very large."""
    text = f"{value:+,.1f}" if abs(value) < 100_000 else signed(value)
    return "0.0" if text in ("+0.0", "-0.0") else text


def sheet(title: str, fact: str, caption: Caption, note: str = "") -> Figure:
    """Return an empty sheet that says what it is; below `MIN_DECIDED` alerts no fact is stated.

    Parameters
    ----------
    title, fact : str
        What is shown, and what there is to see, without a promise.
    note : str
        A third line below: what the reader must know about the drawing.
    """
    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor="white")
    few = f"not enough data: n = {caption.n}"
    figure.text(0.025, 0.972, title, size=18, weight="bold", va="top")
    figure.text(0.025, 0.912, fact if caption.n >= MIN_DECIDED else few, size=15, va="top")
    for row, line in enumerate(reversed((*caption.lines(), *filter(None, [note])))):
        figure.text(0.025, 0.018 + 0.037 * row, line, size=12.5, va="bottom", color="#303030")
    return figure


def panel(figure: Figure, bottom: float, height: float, left: float = 0.12) -> Axes:
    """Return axes that span the sheet from `left`, in shares of its size."""
    return figure.add_axes((left, bottom, 0.945 - left, height))


def mark_alerts(axes: Axes, published_at: Instants) -> None:
    """Count decided alerts along the horizontal axis, and write the day below some of them."""
    n = len(published_at)
    axes.set_xlim(0, max(n, 1))
    rounded = MaxNLocator(nbins=4, integer=True).tick_values(0, n)
    shown = [int(tick) for tick in rounded if 1 <= tick <= n]
    axes.set_xticks(shown, [f"{tick:,}\n{day(int(published_at[tick - 1]))}" for tick in shown])
    for tick, label in zip(shown, axes.get_xticklabels(), strict=True):
        if tick > 0.95 * n:  # in the middle, it would leave the sheet
            label.set_horizontalalignment("right")
    axes.annotate(
        "alert\nday",
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(-8, -7),
        textcoords="offset points",
        ha="right",
        va="top",
    )


def mark_r(axes: Axes, name: str, most: int = 6) -> None:
    """Write the vertical axis in R, with signs."""
    axes.set_ylabel(name, size=12.5)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=most))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: signed(value)))


def say_empty(axes: Axes) -> None:
    """Write across axes that there is nothing yet."""
    middle = (0.5, 0.5)
    axes.annotate(
        "no decided alert yet", middle, xycoords="axes fraction", size=18, ha="center", va="center"
    )
    axes.set(xticks=[], yticks=[])


def explain(figure: Figure, axes: Axes) -> None:
    """Write what each line or shape is, in one row above the axes."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(0.012, 0.876),
        ncols=len(handles),
        handlelength=2.2,
        columnspacing=1.4,
    )


@styled
def png(figure: Figure) -> bytes:
    """Return a figure as PNG; the same values give the same bytes.

    It keeps `COLOURS` colours: a third of the size, and written in half the time.
    """
    pixels = BytesIO()
    figure.savefig(pixels, format="rgba")
    drawn = frombuffer("RGBA", (WIDTH, HEIGHT), pixels.getvalue())
    few = drawn.convert("RGB").quantize(COLOURS, Quantize.FASTOCTREE, dither=Dither.NONE)
    made_by = PngInfo()
    made_by.add_text("Software", SOFTWARE)
    picture = BytesIO()
    few.save(picture, "PNG", pnginfo=made_by)
    return picture.getvalue()
