from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from signalbot.domain.outcome import DECIDED, OutcomeKind
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.distribution import counts_in, distribution, edges_of
from signalbot.stats.sample import Sample

Alerts = Callable[..., Sample]


def drawn(sample: Sample) -> Figure:
    return distribution(sample, Caption.of(sample, "simulated market"))


def bars(figure: Figure) -> dict[str, BarContainer]:
    found = figure.axes[0].containers
    return {str(each.get_label()): each for each in found if isinstance(each, BarContainer)}


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_stops_targets_and_time_outs_are_told_apart_by_hatch_and_number(alerts: Alerts) -> None:
    kinds = sorted(DECIDED, key=list(OutcomeKind).index)
    figure = drawn(alerts([1.0, -1.1, 0.2, -0.4, -1.2], kinds=kinds))

    assert legend(figure) == ["mean", "stop 1", "target 1", "time out 1", "other 2"]
    hatches = {name: each.patches[0].get_hatch() for name, each in bars(figure).items()}
    assert len(set(hatches.values())) == 4


def test_a_kind_without_an_alert_is_left_out(alerts: Alerts) -> None:
    assert legend(drawn(alerts([0.9, 0.8]))) == ["mean", "target 2"]


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=60))
def test_the_bars_hold_every_alert_once_and_lie_on_each_other(
    alerts: Alerts, net_r: list[float]
) -> None:
    patches = [patch for each in bars(drawn(alerts(net_r))).values() for patch in each.patches]

    assert sum(patch.get_height() for patch in patches) == len(net_r)
    for left in {patch.get_x() for patch in patches}:
        stacked = sorted(
            (patch.get_y(), patch.get_height()) for patch in patches if patch.get_x() == left
        )
        assert [bottom for bottom, _ in stacked] == [
            sum(height for _, height in stacked[:place]) for place in range(len(stacked))
        ]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_no_bar_holds_wins_and_losses(net_r: list[float]) -> None:
    results = np.array(net_r)
    edges = edges_of(results)

    counts = counts_in(edges, results)

    assert counts[edges[1:] <= 0].sum() == (results <= 0).sum()
    assert counts[edges[:-1] >= 0].sum() == (results > 0).sum()


@pytest.mark.parametrize(
    ("net_r", "ends", "width"),
    [([0.0], (-1, 1), 0.1), ([-1.2, 0.9], (-2, 1), 0.1), ([-1.2, 1.4], (-2, 2), 0.25)],
)
def test_the_axis_ends_at_whole_r(net_r: list[float], ends: tuple[int, int], width: float) -> None:
    edges = edges_of(np.array(net_r))

    assert (edges[0], edges[-1]) == ends
    assert np.diff(edges) == pytest.approx(width)
    assert 0.0 in edges


def test_outliers_are_counted_at_the_ends_and_that_is_said(alerts: Alerts) -> None:
    figure = drawn(alerts([-400.0, 500.0, 0.3, 0.3]))

    shown = [text.get_text() for text in figure.texts]
    assert figure.axes[0].get_xlim() == (-3, 5)
    assert (
        "2 beyond -3 or +5 R, counted in the outermost bars; so is the mean, drawn at the end."
        in shown
    )


def test_an_outlier_that_leaves_the_mean_in_place_is_said_alone(alerts: Alerts) -> None:
    shown = [text.get_text() for text in drawn(alerts([-4.0, 0.5])).texts]

    assert "1 beyond -3 or +5 R, counted in the outermost bars." in shown


def test_zero_and_the_mean_are_marked(alerts: Alerts) -> None:
    zero, mean = drawn(alerts([0.9, -1.1, -1.1])).axes[0].get_lines()

    assert list(zero.get_xdata()) == [0, 0]
    assert list(mean.get_xdata()) == pytest.approx([-1.3 / 3] * 2)
    assert (zero.get_linestyle(), mean.get_linestyle()) == ("-", "--")


@pytest.mark.parametrize(
    ("net_r", "fact"),
    [
        ([0.9, -1.1] * 20, "mean -0.10 R · 20 of 40 above 0"),
        ([0.0] * 30, "mean 0.00 R · 0 of 30 above 0"),
        ([1e6] * 30, "mean +1M R · 30 of 30 above 0"),
    ],
)
def test_the_fact_is_the_mean_and_how_many_won(
    net_r: list[float], fact: str, alerts: Alerts
) -> None:
    assert drawn(alerts(net_r)).texts[1].get_text() == fact


def test_nothing_yet_is_said(alerts: Alerts) -> None:
    figure = drawn(alerts([]))

    assert figure.axes[0].texts[0].get_text() == "no decided alert yet"
    assert figure.texts[1].get_text() == "not enough data: n = 0"
