import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from signalbot.stats.uncertainty import (
    Interval,
    always_valid,
    e_value,
    exact_p,
    holm,
    log_evidence,
    wilson,
)

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("wins", "n", "expected"),
    [
        (12, 17, (0.46867, 0.86720)),
        (120, 170, (0.63345, 0.76922)),
    ],
)
def test_wilson_gives_the_published_intervals(wins: int, n: int, expected: Interval) -> None:
    assert wilson(wins, n) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize(
    ("wins", "n", "expected"),
    [
        (12, 17, (0.34254, 0.94200)),
        (120, 170, (0.57961, 0.81384)),
        (0, 10, (0.0, 0.37699)),
    ],
)
def test_always_valid_gives_the_published_intervals(wins: int, n: int, expected: Interval) -> None:
    assert always_valid(wins, n) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("interval", [wilson, always_valid])
def test_nothing_is_known_before_the_first_trade(interval: Callable[[int, int], Interval]) -> None:
    assert interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("n", [1, 10, 1_000_000])
def test_only_losses_and_only_wins_leave_the_end_of_the_scale_in(n: int) -> None:
    assert always_valid(0, n)[0] == 0.0
    assert always_valid(n, n)[1] == 1.0


@given(counts)
def test_both_intervals_hold_the_observed_rate(count: tuple[int, int]) -> None:
    wins, n = count

    for low, high in (wilson(wins, n), always_valid(wins, n)):
        assert 0 <= low <= wins / n + 1e-12
        assert wins / n - 1e-12 <= high <= 1


@given(counts)
def test_wins_and_losses_are_mirror_images(count: tuple[int, int]) -> None:
    wins, n = count

    for interval in (wilson, always_valid):
        low, high = interval(wins, n)
        assert interval(n - wins, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts.filter(lambda count: count[0] < count[1]))
def test_one_more_win_raises_both_ends(count: tuple[int, int]) -> None:
    wins, n = count

    before, after = always_valid(wins, n), always_valid(wins + 1, n)

    assert before[0] < after[0] + 1e-12
    assert before[1] < after[1] + 1e-12


@given(counts)
def test_looking_every_day_costs_width(count: tuple[int, int]) -> None:
    wins, n = count

    one_look, any_look = wilson(wins, n), always_valid(wins, n)

    assert any_look[1] - any_look[0] > one_look[1] - one_look[0]


@given(counts, st.floats(0.001, 0.2))
def test_the_ends_are_where_the_evidence_reaches_its_bound(
    count: tuple[int, int], alpha: float
) -> None:
    wins, n = count

    low, high = always_valid(wins, n, alpha)

    bound = pytest.approx(-math.log(alpha), abs=1e-5)
    assert wins == 0 or log_evidence(wins, n, low) == bound
    assert wins == n or log_evidence(n - wins, n, 1 - high) == bound


@pytest.mark.parametrize(("wins", "n"), [(1, 10**6), (10**6 - 1, 10**6), (10**8, 2 * 10**8)])
def test_long_records_are_solved_too(wins: int, n: int) -> None:
    low, high = always_valid(wins, n)

    assert 0 < low < wins / n < high < 1


def test_reading_after_every_trade_breaks_wilson_but_not_the_always_valid_set() -> None:
    runs, looks = 10_000, range(10, 501)
    flips = np.random.Generator(np.random.PCG64(20251101)).integers(2, size=(runs, 500))
    wins = np.cumsum(flips, axis=1)[:, 9:]

    def share_excluding_half(interval: Callable[[int, int], Interval]) -> float:
        fewest, boundary = 0, []
        for n in looks:  # the boundary rises by one win at most with each trade
            while interval(fewest, n)[1] < 0.5:
                fewest += 1
            boundary.append(fewest)
        lowest = np.array(boundary)
        out = (wins < lowest) | (wins > np.array(looks) - lowest)
        return float(out.any(axis=1).mean())

    assert share_excluding_half(wilson) == pytest.approx(0.407, abs=0.015)
    assert share_excluding_half(always_valid) == pytest.approx(0.024, abs=0.005)


@pytest.mark.parametrize("rate", [0.5, 0.6, 0.75])
def test_looking_after_every_trade_leaves_the_truth_out_in_a_twentieth_of_runs_at_most(
    rate: float,
) -> None:
    runs, looks = 2_000, range(10, 501)
    flips = np.random.Generator(np.random.PCG64(20251102)).random((runs, 500)) < rate
    wins = np.cumsum(flips, axis=1)[:, 9:]

    # whether a count leaves the rate out is asked once, of the evidence itself
    counts = [np.unique(wins[:, look], return_inverse=True) for look in range(len(looks))]
    out = np.zeros(runs, dtype=bool)
    for n, (seen, run) in zip(looks, counts, strict=True):
        left_out = [log_evidence(count, n, rate) >= math.log(20) for count in seen.tolist()]
        out |= np.array(left_out)[run]

    assert 0 < out.mean() <= 0.05


def test_the_e_value_is_the_bayes_factor_of_a_jeffreys_prior() -> None:
    # one win: B(1.5, 0.5) / B(0.5, 0.5) = 1/2, over a likelihood of 1/4
    assert e_value(1, 1, 0.25) == pytest.approx(2.0)


def test_the_e_value_is_twenty_where_the_interval_ends() -> None:
    low, high = always_valid(12, 17)

    assert e_value(12, 17, low) == pytest.approx(20)
    assert e_value(12, 17, high) == pytest.approx(20)


@pytest.mark.parametrize(("wins", "n", "rate"), [(0, 10**6, 0.9), (5, 10, 1.0), (5, 10, 0.0)])
def test_overwhelming_evidence_stays_a_json_number(wins: int, n: int, rate: float) -> None:
    value = e_value(wins, n, rate)

    assert value > 1e300
    assert json.loads(json.dumps(value, allow_nan=False)) == value


def test_a_certain_rate_that_held_is_not_refuted() -> None:
    assert e_value(10, 10, 1.0) < 1


def test_holm_gives_the_textbook_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_never_lowers_a_p_value_nor_changes_the_ranking(p_values: list[float]) -> None:
    adjusted = holm(p_values)

    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    ranked = [q for _, q in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)
    assert min(adjusted) == pytest.approx(min(1, len(p_values) * min(p_values)))


@given(st.permutations([0.005, 0.01, 0.03, 0.04]))
def test_holm_does_not_depend_on_the_order(p_values: list[float]) -> None:
    expected = {0.005: 0.02, 0.01: 0.03, 0.03: 0.06, 0.04: 0.06}

    assert holm(p_values) == pytest.approx([expected[p] for p in p_values])


@given(counts)
def test_wilson_is_the_interval_that_scipy_gives(count: tuple[int, int]) -> None:
    expected = binomtest(*count).proportion_ci(method="wilson")

    assert wilson(*count) == pytest.approx((expected.low, expected.high), abs=1e-12)


# below the smallest normal numbers scipy's own overflows
@given(counts, st.just(0.0) | st.floats(1e-300, 1) | st.sampled_from([0.25, 0.5, 0.55]))
def test_an_exact_p_value_is_the_one_that_scipy_gives(count: tuple[int, int], rate: float) -> None:
    expected = binomtest(*count, rate).pvalue

    assert exact_p(*count, rate) == pytest.approx(expected, rel=1e-7, abs=1e-15)


def test_an_exact_p_value_adds_up_what_is_no_likelier() -> None:
    # of 4 trades at 0.5: 1, 4, 6, 4, 1 of 16
    assert [exact_p(wins, 4, 0.5) for wins in range(5)] == pytest.approx(
        [2 / 16, 10 / 16, 1.0, 10 / 16, 2 / 16]
    )
    # of 2 trades at 0.9: 1, 18, 81 of 100
    assert [exact_p(wins, 2, 0.9) for wins in range(3)] == pytest.approx([0.01, 0.19, 1.0])
