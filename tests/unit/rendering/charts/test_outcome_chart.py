from collections.abc import Callable
from decimal import Decimal

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from signalbot.domain.candles import Candles
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.rendering.charts.outcome_chart import outcome_chart
from signalbot.rendering.pictures.sheet import png

Snapshots = Callable[..., Snapshot]
Series = Callable[..., Candles]

CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z


def texts(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text)}


def stopped(candles: Series, exit_price: str = "1.0347") -> Outcome:
    later = candles([1.041, 1.038, 1.034], until=CLOSE + 3 * MINUTE_MS)
    return Outcome(
        kind=OutcomeKind.STOP,
        filled_at=CLOSE + 12_500,
        fill_price=Decimal("1.0421"),
        exit_at=CLOSE + 2 * MINUTE_MS,
        exit_price=Decimal(exit_price),
        net_r=Decimal("-1.21"),
        evidence=tuple(later.row(row) for row in range(3)),
    )


def test_it_says_how_the_alert_ended_and_where(snapshot: Snapshots, candles: Series) -> None:
    figure = outcome_chart(snapshot(), stopped(candles))

    shown = "stop -1.21 R after costs · \u25b6 in 1.0421 14:32 · \u2716 out 1.0347 14:34"
    assert {shown, "LONG LAYER · Binance USD-M · 1m"} <= texts(figure)


def test_the_evidence_follows_the_candle_that_fired(snapshot: Snapshots, candles: Series) -> None:
    wicks = outcome_chart(snapshot(), stopped(candles)).axes[0].collections[0]

    at = sorted({float(segment[0][0]) for segment in wicks.get_segments()})

    assert len(at) == SHOWN + 3
    assert at[-4:] == [-0.5, 0.5, 1.5, 2.5]


def test_fill_and_exit_are_marked_where_they_were(snapshot: Snapshots, candles: Series) -> None:
    marked = {
        line.get_marker(): line.get_xydata().tolist()
        for line in outcome_chart(snapshot(), stopped(candles)).axes[0].lines
    }

    assert marked[">"] == [[12_500 / MINUTE_MS, 1.0421]]
    assert marked["X"] == [[2.0, 1.0347]]


def test_an_exit_far_beyond_the_stop_is_not_cut_off(snapshot: Snapshots, candles: Series) -> None:
    figure = outcome_chart(snapshot(), stopped(candles, exit_price="0.5000"))

    assert figure.axes[0].get_ylim()[0] < 0.5


@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_end_has_a_chart(snapshot: Snapshots, kind: OutcomeKind) -> None:
    figure = outcome_chart(snapshot(), Outcome(kind=kind))

    assert len(png(figure)) > 1000
    assert not {line.get_marker() for line in figure.axes[0].lines} & {">", "X"}


def test_the_bytes_are_the_same_for_the_same_outcome(snapshot: Snapshots, candles: Series) -> None:
    first, second = (png(outcome_chart(snapshot(), stopped(candles))) for _ in range(2))

    assert first == second
