from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from numpy.typing import NDArray

from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.running_result import extremes, running_result
from signalbot.stats.returns import max_drawdown_r
from signalbot.stats.sample import Sample

NET_R = [0.9, -1.1, 0.9, 0.9, -1.1, -1.1] * 6
Alerts = Callable[..., Sample]


def drawn(sample: Sample, gross_r: NDArray[np.float64] | None = None) -> Figure:
    return running_result(
        sample.published_at, sample.net_r, gross_r, Caption.of(sample, "simulated market")
    )


def lines(figure: Figure) -> dict[str, tuple[list[float], list[float]]]:
    found = figure.axes[0].get_lines()
    return {
        str(line.get_label()): (list(line.get_xdata()), list(line.get_ydata())) for line in found
    }


def fact(figure: Figure) -> str:
    return figure.texts[1].get_text()


def test_the_line_is_the_running_sum_from_zero(alerts: Alerts) -> None:
    alert, path = lines(drawn(alerts([0.9, -1.1, 0.5])))["after costs"]

    assert alert == [0, 1, 2, 3]
    assert path == pytest.approx([0, 0.9, -0.2, 0.3])


def test_the_line_before_costs_is_drawn_beside_it_where_every_result_is_known(
    alerts: Alerts,
) -> None:
    figure = drawn(alerts(NET_R), np.array(NET_R) + 0.1)

    assert lines(figure)["before costs"][1][-1] == pytest.approx(sum(NET_R) + 3.6)
    assert fact(figure) == ("after costs -3.6 R · before costs 0.0 R · deepest drawdown 5.2 R")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "before costs",
        "after costs",
    ]


@pytest.mark.parametrize("unknown", [1, len(NET_R)])
def test_a_result_not_known_before_costs_leaves_that_line_out(unknown: int, alerts: Alerts) -> None:
    gross_r = np.array(NET_R)
    gross_r[:unknown] = np.nan

    figure = drawn(alerts(NET_R), gross_r)

    assert "before costs" not in lines(figure)
    assert fact(figure) == "after costs -3.6 R · deepest drawdown 5.2 R"


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_the_deepest_point_is_the_drawdown_of_the_statistics(
    alerts: Alerts, net_r: list[float]
) -> None:
    below = drawn(alerts(net_r)).axes[1].get_lines()[0]

    assert -min(below.get_ydata()) == pytest.approx(max_drawdown_r(np.array(net_r)))
    assert max(below.get_ydata()) == 0


@pytest.mark.parametrize(
    ("net_r", "at", "side"), [([-1, 2, 2], 1, "left"), ([2, 2, -1], 3, "right")]
)
def test_the_deepest_point_is_marked_and_named_towards_the_middle(
    net_r: list[float], at: int, side: str, alerts: Alerts
) -> None:
    below = drawn(alerts(net_r)).axes[1]

    (name,) = (text for text in below.texts if text.get_text() == "deepest")
    marker = below.get_lines()[1]
    assert list(marker.get_xdata()) == [at]
    assert list(marker.get_ydata()) == [-1]
    assert name.get_horizontalalignment() == side


def test_a_record_that_only_rises_has_no_deepest_point(alerts: Alerts) -> None:
    below = drawn(alerts([0.9] * 3)).axes[1]

    assert [text.get_text() for text in below.texts] == ["alert\nday"]
    assert below.get_ylim() == (-1, 0)


def test_nothing_yet_is_said(alerts: Alerts) -> None:
    figure = drawn(alerts([]), np.array([]))

    assert fact(figure) == "not enough data: n = 0"
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["no decided alert yet"] * 2


def test_a_long_record_keeps_its_end_and_its_extremes() -> None:
    path = np.sin(np.arange(100_000) / 7)
    path[31_415], path[92_653] = 50, -50

    rows = extremes(path, 300)

    assert len(rows) <= 602
    assert {0, 31_415, 92_653, 99_999} <= set(rows.tolist())


def test_a_long_record_is_thinned_to_its_shape(alerts: Alerts) -> None:
    net_r = np.tile(NET_R, 300)

    alert, path = lines(drawn(alerts(net_r.tolist())))["after costs"]

    whole = np.concatenate(([0.0], np.cumsum(net_r)))
    assert len(alert) < 2_000 < len(whole)
    assert path == whole[np.array(alert, dtype=int)].tolist()
    assert (min(path), max(path), path[-1]) == (whole.min(), whole.max(), whole[-1])
