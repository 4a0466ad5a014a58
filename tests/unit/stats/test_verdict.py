import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.stats.uncertainty import always_valid
from signalbot.stats.verdict import FAR_AWAY, Standing, Verdict, alerts_needed, verdict_of


def standing(**changes: object) -> Standing:
    given: dict[str, object] = {
        "decided": 200,
        "wins": 150,
        "breakeven_win_rate": 0.5,
        "expectancy_r": 0.4,
        "expectancy_r_95": (0.2, 0.6),
        "n_effective": 200.0,
    }
    return Standing(**(given | changes))


def test_both_intervals_above_beat_the_costs() -> None:
    assert verdict_of(standing()) is Verdict.BEATS_COSTS


@pytest.mark.parametrize(
    "changes",
    [
        {"expectancy_r_95": (-0.01, 0.6)},
        {"expectancy_r_95": (0.0, 0.6)},
        {"breakeven_win_rate": always_valid(150, 200)[0]},
        {"wins": 100},
    ],
)
def test_one_interval_that_is_not_above_leaves_it_undecided(changes: dict[str, object]) -> None:
    assert verdict_of(standing(**changes)) is Verdict.UNDECIDED


@pytest.mark.parametrize("changes", [{"expectancy_r_95": (-0.6, -0.01)}, {"wins": 60}])
def test_one_interval_below_loses_whatever_the_other_says(changes: dict[str, object]) -> None:
    assert verdict_of(standing(**changes)) is Verdict.LOSES


def test_below_thirty_there_is_no_verdict() -> None:
    few = standing(decided=29, wins=29, n_effective=29.0)

    assert verdict_of(few) is Verdict.NOT_ENOUGH_DATA
    assert alerts_needed(few, Verdict.NOT_ENOUGH_DATA) == 1


def test_a_handful_of_bets_never_beats_the_costs() -> None:
    assert verdict_of(standing(n_effective=29.9)) is Verdict.UNDECIDED


def test_a_handful_of_bets_may_lose() -> None:
    assert verdict_of(standing(n_effective=2.0, wins=60)) is Verdict.LOSES


@pytest.mark.parametrize("verdict", [Verdict.BEATS_COSTS, Verdict.LOSES])
def test_a_verdict_needs_no_more_alerts(verdict: Verdict) -> None:
    assert alerts_needed(standing(), verdict) is None


def test_the_win_rate_takes_as_many_as_move_its_interval_off_breakeven() -> None:
    leaning = standing(decided=100, wins=60, breakeven_win_rate=0.5)

    needed = alerts_needed(leaning, Verdict.UNDECIDED)

    total = 100 + needed
    assert always_valid(math.floor(0.6 * (total - 10)), total - 10)[0] < 0.5
    assert always_valid(math.ceil(0.6 * (total + 10)), total + 10)[0] > 0.5


def test_the_expectancy_takes_the_square_of_how_far_its_interval_reaches() -> None:
    leaning = standing(expectancy_r=0.1, expectancy_r_95=(-0.1, 0.35))

    assert alerts_needed(leaning, Verdict.UNDECIDED) == 600


def test_down_is_decided_by_whichever_interval_gets_there_first() -> None:
    by_mean = {"expectancy_r": -0.1, "expectancy_r_95": (-0.3, 0.05)}
    wins = {"wins": 99, "breakeven_win_rate": 0.5}

    both = alerts_needed(standing(**by_mean, **wins), Verdict.UNDECIDED)
    rate_up = alerts_needed(standing(**by_mean), Verdict.UNDECIDED)
    mean_up = alerts_needed(standing(**wins), Verdict.UNDECIDED)

    assert both == rate_up == pytest.approx(250, abs=1)
    assert mean_up > 10_000


def test_few_bets_need_as_many_alerts_as_make_thirty() -> None:
    leaning = standing(n_effective=20.0)

    assert alerts_needed(leaning, Verdict.UNDECIDED) == 100


@pytest.mark.parametrize(
    "changes",
    [
        {"wins": 100},
        {"expectancy_r": 0.0, "expectancy_r_95": (-0.2, 0.2)},
        {"expectancy_r": 0.0001, "expectancy_r_95": (-0.2, 0.2)},
        {"expectancy_r": 1e-300, "expectancy_r_95": (-0.2, 0.2)},
        {"wins": 200, "breakeven_win_rate": 1.0},
    ],
)
def test_a_record_that_points_nowhere_has_no_end_in_sight(changes: dict[str, object]) -> None:
    assert alerts_needed(standing(**changes), Verdict.UNDECIDED) is None


@given(st.integers(0, 200), st.floats(0, 1), st.floats(-1, 1), st.floats(0.01, 1))
def test_an_undecided_record_needs_at_least_one_alert(
    wins: int, breakeven: float, mean: float, half_width: float
) -> None:
    given = standing(
        wins=wins,
        breakeven_win_rate=breakeven,
        expectancy_r=mean,
        expectancy_r_95=(mean - half_width, mean + half_width),
    )

    needed = alerts_needed(given, verdict_of(given))

    assert needed is None or 1 <= needed <= FAR_AWAY
    assert needed is None or verdict_of(given) is Verdict.UNDECIDED
