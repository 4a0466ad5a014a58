import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from signalbot.stats.returns import (
    expected_longest_losing_run,
    longest_losing_run,
    max_drawdown_r,
    profit_factor,
)

EXAMPLE = np.array([0.9 if letter == "W" else -1.1 for letter in "WWLWWLWWWLWWLWWLW"])
results = arrays(np.float64, st.integers(0, 40), elements=st.floats(-3, 3))


def test_the_published_example_has_its_published_figures() -> None:
    assert EXAMPLE.mean() == pytest.approx(0.3117647, abs=5e-8)
    assert profit_factor(EXAMPLE) == pytest.approx(1.9636364, abs=5e-8)
    assert max_drawdown_r(EXAMPLE) == pytest.approx(1.1)
    assert longest_losing_run(EXAMPLE) == 1


def test_without_a_loss_there_is_no_profit_factor() -> None:
    assert profit_factor(np.array([0.9, 0.0])) is None
    assert profit_factor(np.array([])) is None


def test_without_a_win_the_profit_factor_is_zero() -> None:
    assert profit_factor(np.array([-1.1])) == 0.0


def test_the_first_peak_is_the_start() -> None:
    assert max_drawdown_r(np.array([-1.0, -0.5, 2.0])) == 1.5


def test_a_record_that_only_rises_has_no_drawdown() -> None:
    assert max_drawdown_r(np.array([0.9, 0.1])) == 0.0
    assert max_drawdown_r(np.array([])) == 0.0


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("", 0), ("W", 0), ("L", 1), ("LLWL", 2), ("WLLLWLL", 3), ("WLL", 2), ("LLLL", 4)],
)
def test_the_longest_losing_run_may_stand_anywhere(letters: str, expected: int) -> None:
    net_r = np.array([1.0 if letter == "W" else -1.0 for letter in letters])

    assert longest_losing_run(net_r) == expected


def test_a_result_of_exactly_nothing_is_no_win() -> None:
    assert longest_losing_run(np.array([0.0, -1.0, 0.0])) == 3


@given(results)
def test_a_drawdown_is_never_negative_nor_deeper_than_all_losses(net_r: np.ndarray) -> None:
    depth = max_drawdown_r(net_r)

    assert 0 <= depth <= -net_r[net_r < 0].sum() + 1e-9


@given(results)
def test_the_figures_leave_their_argument_alone(net_r: np.ndarray) -> None:
    before = net_r.copy()

    profit_factor(net_r)
    max_drawdown_r(net_r)
    longest_losing_run(net_r)

    assert np.array_equal(before, net_r)


@given(results.filter(lambda net_r: (net_r < -1e-9).any()), st.floats(0.1, 10))
def test_scaling_every_result_scales_the_drawdown_and_keeps_the_factor(
    net_r: np.ndarray, scale: float
) -> None:
    assert max_drawdown_r(scale * net_r) == pytest.approx(scale * max_drawdown_r(net_r), abs=1e-9)
    assert profit_factor(scale * net_r) == pytest.approx(profit_factor(net_r))


def exact_expected_run(wins: int, n: int) -> float:
    win, loss = wins / n, 1 - wins / n
    expected = 0.0
    for run in range(1, n + 1):
        without = [1.0] * run + [1 - loss**run]
        for trades in range(run + 1, n + 1):
            without.append(without[-1] - win * loss**run * without[trades - run - 1])
        expected += 1 - without[n]
    return expected


@pytest.mark.parametrize(("wins", "n"), [(9, 30), (15, 30), (27, 30), (22, 50), (30, 100)])
def test_the_expected_run_is_slightly_above_the_exact_one(wins: int, n: int) -> None:
    ratio = expected_longest_losing_run(wins, n) / exact_expected_run(wins, n)

    assert 0.9999 < ratio < 1.05


def test_the_expected_run_without_a_win_or_without_a_loss_is_certain() -> None:
    assert expected_longest_losing_run(0, 12) == 12
    assert expected_longest_losing_run(12, 12) == 0
    assert expected_longest_losing_run(0, 0) == 0


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_winning_more_often_shortens_the_expected_run(count: tuple[int, int]) -> None:
    wins, n = count

    assert expected_longest_losing_run(wins + 1, n) < expected_longest_losing_run(wins, n)


def test_where_all_were_won_no_run_is_expected_without_a_sign() -> None:
    assert f"{expected_longest_losing_run(3, 3):.0f}" == "0"
