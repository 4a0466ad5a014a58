from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.figure import Figure

from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.hours import BLOCKS, hours, rows_of, setup_names
from signalbot.stats.sample import Sample

Alerts = Callable[..., Sample]


def drawn(sample: Sample) -> Figure:
    return hours(sample, Caption.of(sample, "simulated market"))


def cells(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def names(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_each_alert_is_counted_in_the_three_hours_of_its_publication(alerts: Alerts) -> None:
    (row,) = rows_of(alerts([1, 2, -1, 5], hours=[0, 2, 3, 24 + 23]))

    assert row.n.tolist() == [2, 1, 0, 0, 0, 0, 0, 1]
    assert row.net_r.tolist() == [3, -1, 0, 0, 0, 0, 0, 5]


def test_a_cell_of_thirty_shows_its_mean_and_one_of_fewer_its_number_only(alerts: Alerts) -> None:
    figure = drawn(alerts([0.5] * 15 + [-1] * 15 + [9] * 29, hours=[0] * 30 + [3] * 29))

    assert cells(figure) == ["-0.25", "30", "29", "0", "0", "0", "0", "0", "0"]


def test_every_cell_has_a_colour_and_those_of_too_few_are_hatched(alerts: Alerts) -> None:
    axes = drawn(alerts([0.5] * 30 + [-0.5] * 30 + [9], hours=[0] * 30 + [3] * 30 + [6])).axes[0]

    (mesh,) = (each for each in axes.collections if isinstance(each, QuadMesh))
    (hatched,) = (each for each in axes.collections if type(each) is PolyCollection)
    colours = np.asarray(mesh.get_array())
    assert colours.shape == (1, BLOCKS, 3)
    assert colours[0, 0, 2] > colours[0, 0, 0]  # a gain is blue
    assert colours[0, 1, 0] > colours[0, 1, 2]  # a loss is not
    assert len(set(map(tuple, colours[0, 2:]))) == 1
    assert len(hatched.get_paths()) == BLOCKS - 2
    assert hatched.get_hatch()


def test_a_single_setup_has_its_line_only(alerts: Alerts) -> None:
    assert names(drawn(alerts([1.0]))) == ["Range breakout v1"]


def test_several_setups_stand_below_all_of_them_most_alerts_first(alerts: Alerts) -> None:
    setups = ["range_breakout 1.a"] * 2 + ["rsi_stochastic_reversal 2.b"] * 3
    sample = alerts([1.0] * 5, setups=setups)

    assert names(drawn(sample)) == [
        "all setups",
        "RSI-Stochastic\nreversal v2",
        "Range breakout v1",
    ]
    assert [int(row.n.sum()) for row in rows_of(sample)] == [5, 3, 2]


@pytest.mark.parametrize(("setups", "rows"), [(4, 5), (5, 5), (12, 5)])
def test_many_setups_share_the_last_line(setups: int, rows: int, alerts: Alerts) -> None:
    names_of_all = [f"setup_{number:02} 1.a" for number in range(setups)] * 2
    sample = alerts([1.0] * len(names_of_all), setups=names_of_all)

    lines = rows_of(sample)

    assert len(lines) == rows
    assert sum(int(row.n.sum()) for row in lines[1:]) == len(sample)
    assert lines[-1].name == ("setup_03 v1" if setups == 4 else f"{setups - 3} others")


def test_a_setup_without_an_alert_has_no_line(alerts: Alerts) -> None:
    sample = alerts([1.0, 1.0], setups=["one 1.a", "two 1.a"])

    assert [row.name for row in rows_of(sample[np.array([1])])] == ["two v1"]


def test_two_versions_of_a_setup_show_more_of_their_version() -> None:
    assert setup_names(["a 1.9f3ca1b2", "a 1.0badcafe", "b 1.9f3ca1b2"]) == [
        "a v1.9f3ca",
        "a v1.0badc",
        "b v1",
    ]


def test_a_long_name_keeps_its_beginning_its_end_and_its_version() -> None:
    long = "a_very_long_setup_name_that_nobody_can_read"

    assert setup_names([f"{long}_one 1.a", f"{long}_two 1.a", f"{' ' * 30} 1.a", " "]) == [
        "a_very_long_setup\n...an_read_one v1",
        "a_very_long_setup\n...an_read_two v1",
        "\n v1",
        " v",
    ]


def test_a_hostile_name_is_text() -> None:
    assert setup_names(["🚀$x$\n 币 1\n.a"]) == ["?$x$? ? v1?"]


def test_a_huge_mean_is_written_as_the_largest(alerts: Alerts) -> None:
    figure = drawn(alerts([1e6] * 30 + [-1e6] * 30, hours=[0] * 30 + [3] * 30))

    assert cells(figure)[0::2][:2] == ["+99.00", "-99.00"]


@pytest.mark.parametrize(("blocks", "is_warned"), [(1, False), (2, True)])
def test_more_than_one_mean_warns_of_luck(blocks: int, is_warned: bool, alerts: Alerts) -> None:
    at = [3 * block for block in range(blocks) for _ in range(30)]
    shown = [text.get_text() for text in drawn(alerts([1.0] * len(at), hours=at)).texts]

    luck = f"Among {blocks} cells the best looks good even where luck is all there is."
    assert (luck in shown) == is_warned


def test_nothing_yet_is_said(alerts: Alerts) -> None:
    assert cells(drawn(alerts([]))) == ["no decided alert yet"]
