from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.win_rate import MOST_POINTS, looks_at, win_rate
from signalbot.stats.performance import performance
from signalbot.stats.sample import Sample
from signalbot.stats.uncertainty import always_valid

NET_R = [0.9, -1.1, 0.9, 0.9] * 10
Alerts = Callable[..., Sample]


def drawn(sample: Sample) -> Figure:
    return win_rate(sample, Caption.of(sample, "simulated market"))


def line(figure: Figure, name: str) -> Line2D | None:
    found = figure.axes[0].get_lines()
    return next((each for each in found if each.get_label() == name), None)


def rates(figure: Figure, name: str) -> dict[int, float]:
    found = line(figure, name)
    assert found is not None
    pairs = zip(found.get_xdata(), found.get_ydata(), strict=True)
    return {int(n): float(rate) for n, rate in pairs}


def test_the_rate_is_drawn_from_the_thirtieth_alert_on(alerts: Alerts) -> None:
    found = rates(drawn(alerts(NET_R)), "won")

    assert found[30] == 22 / 30
    assert found[40] == 30 / 40
    assert min(found) == 30


def test_the_band_is_the_always_valid_one_after_every_look(alerts: Alerts) -> None:
    low, high = drawn(alerts(NET_R)).axes[0].get_lines()[:2]

    wins = np.cumsum(np.array(NET_R) > 0)
    assert (low.get_ydata()[0], high.get_ydata()[0]) == (0, 1)
    for n, below, above in zip(
        low.get_xdata()[1:], low.get_ydata()[1:], high.get_ydata()[1:], strict=True
    ):
        assert (below, above) == always_valid(int(wins[n - 1]), int(n))


def test_the_line_to_reach_is_the_running_mean_of_the_planned_rates(alerts: Alerts) -> None:
    sample = alerts([0.9] * 40)
    sample.breakeven[:20] = 0.6

    needed = rates(drawn(sample), "needed to break even")

    assert needed[20] == pytest.approx(0.6)
    assert needed[40] == pytest.approx(0.55)


def test_the_figures_are_those_of_the_statistics(alerts: Alerts) -> None:
    sample = alerts(NET_R)
    shown = performance(sample, seed=1)

    low, high = shown.always_valid_95
    assert drawn(sample).texts[1].get_text() == (
        f"won {shown.wins} of {shown.decided} = 75.0 % (95 %: {100 * low:.0f}-{100 * high:.0f} %)"
        " · needed 50.0 %"
    )


def test_the_two_lines_differ_by_dash_and_marker_not_by_colour_alone(alerts: Alerts) -> None:
    figure = drawn(alerts(NET_R))

    won, needed = line(figure, "won"), line(figure, "needed to break even")

    assert won is not None
    assert needed is not None
    assert (won.get_linestyle(), needed.get_linestyle()) == ("-", "--")
    assert (won.get_marker(), needed.get_marker()) == ("o", "D")


@pytest.mark.parametrize("n", [1, 4, 29])
def test_a_few_alerts_have_a_band_and_no_rate(n: int, alerts: Alerts) -> None:
    figure = drawn(alerts([0.9] * n))

    assert line(figure, "won") is None
    assert figure.axes[0].get_ylim() == (0, 1)
    assert figure.texts[1].get_text() == f"not enough data: n = {n}"


def test_nothing_yet_is_said(alerts: Alerts) -> None:
    assert drawn(alerts([])).axes[0].texts[0].get_text() == "no decided alert yet"


@given(st.integers(1, 1_000_000))
def test_a_record_is_looked_at_few_times_the_first_and_the_last_alert_among_them(n: int) -> None:
    looks = looks_at(n)

    assert (looks[0], looks[-1]) == (1, n)
    assert len(looks) <= MOST_POINTS
    assert (np.diff(looks) > 0).all()


def test_a_short_record_is_looked_at_after_every_alert() -> None:
    assert looks_at(40).tolist() == list(range(1, 41))


@pytest.mark.parametrize("n", [40, 20_000])
def test_what_the_late_record_shows_lies_inside_the_axis(n: int, alerts: Alerts) -> None:
    figure = drawn(alerts(NET_R * (n // 40)))
    low, high = figure.axes[0].get_ylim()

    late = [rate for look, rate in rates(figure, "won").items() if look >= n / 20]

    assert low <= min(late) <= max(late) <= high
    assert low <= 0.5 <= high
