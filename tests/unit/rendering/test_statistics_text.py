from dataclasses import replace
from pathlib import Path

import pytest

from signalbot.domain.outcome import OutcomeKind
from signalbot.record.entries import Head
from signalbot.rendering.statistics_text import refusals_text, statistics_text
from signalbot.stats.baseline_record import BaselineRecord
from signalbot.stats.disclosure import BeforeCosts, Bounds
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.stats.slices import Slice
from signalbot.stats.verdict import Verdict

GOLDEN = Path(__file__).parents[2] / "golden"
SINCE = "2026-11-01"
NOBODY = performance(Sample.of([]), seed=0)


def buckets(*counts: int) -> dict[OutcomeKind, int]:
    return dict(zip(OutcomeKind, counts, strict=True))


UNDECIDED = Performance(
    alerts=312,
    buckets=buckets(121, 150, 22, 11, 6, 0, 1, 0, 1),
    decided=294,
    wins=129,
    win_rate=129 / 294,
    wilson_95=(0.383, 0.496),
    always_valid_95=(0.344, 0.538),
    breakeven_win_rate=0.472,
    e_value=0.2,
    verdict=Verdict.UNDECIDED,
    alerts_needed=1900,
    expectancy_r=-0.09,
    expectancy_r_95=(-0.22, 0.05),
    profit_factor=0.84,
    max_drawdown_r=31.4,
    longest_losing_run=9,
    expected_longest_losing_run=8.9,
    n_effective=201.0,
    slices=(),
    before_costs=BeforeCosts(n=294, expectancy_r=0.05, cost_r=0.14),
    bounds=Bounds(
        n=294, ambiguous=6, share=6 / 294, worst_expectancy_r=-0.10, best_expectancy_r=-0.06
    ),
    void_share=17 / 311,
    late_share=6 / 311,
    baseline=BaselineRecord(
        days=40,
        n=290,
        left_out=4,
        observed_r=-0.09,
        twins_r=-0.12,
        inverse_r=-0.17,
        p_value=0.312,
    ),
    corrections=3,
)
LOSES = replace(
    UNDECIDED,
    verdict=Verdict.LOSES,
    alerts_needed=None,
    expectancy_r=-0.21,
    expectancy_r_95=(-0.33, -0.09),
)
# the seventeen trades +0.9/-1.1 in the order WWLWWLWWWLWWLWWLW, two voids and one open
NOT_ENOUGH = Performance(
    alerts=20,
    buckets=buckets(12, 5, 0, 0, 2, 0, 0, 0, 1),
    decided=17,
    wins=12,
    win_rate=None,
    wilson_95=(0.46867, 0.86720),
    always_valid_95=(0.34254, 0.94200),
    breakeven_win_rate=0.55,
    e_value=0.6,
    verdict=Verdict.NOT_ENOUGH_DATA,
    alerts_needed=13,
    expectancy_r=0.3117647,
    expectancy_r_95=(-0.16, 0.78),
    profit_factor=1.9636364,
    max_drawdown_r=1.1,
    longest_losing_run=1,
    expected_longest_losing_run=2.1,
    n_effective=17.0,
    slices=(),
)


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


@pytest.mark.parametrize(
    ("name", "shown", "head", "since"),
    [
        ("statistics_empty", NOBODY, None, None),
        ("statistics_not_enough", NOT_ENOUGH, Head(seq=142, hash="9f3ca1b2" + "0" * 56), SINCE),
        ("statistics_undecided", UNDECIDED, Head(seq=1496, hash="3b1e77c0" + "0" * 56), SINCE),
        ("statistics_loses", LOSES, Head(seq=1496, hash="3b1e77c0" + "0" * 56), SINCE),
    ],
)
def test_statistics_read_as_the_golden_text(
    name: str, shown: Performance, head: Head | None, since: str | None
) -> None:
    text = statistics_text(shown, head, since)

    assert text == golden(name)
    assert len(text) <= 1024


def last_line(shown: Performance) -> str:
    plain = replace(shown, baseline=None, corrections=0)
    return statistics_text(plain, None, SINCE).rpartition("\n")[2]


def test_a_record_that_beats_its_costs_says_only_that() -> None:
    proven = replace(UNDECIDED, verdict=Verdict.BEATS_COSTS, alerts_needed=None, expectancy_r=0.2)

    assert last_line(proven) == "Verdict: beats its costs."


def test_where_no_decision_is_in_sight_no_number_is_promised() -> None:
    assert last_line(replace(UNDECIDED, alerts_needed=None)) == (
        "Verdict: not decided. Losing so far."
    )
    assert last_line(replace(UNDECIDED, alerts_needed=None, expectancy_r=0.0)) == (
        "Verdict: not decided."
    )


def test_a_rate_never_stands_without_its_count_and_interval() -> None:
    for shown in (NOBODY, NOT_ENOUGH, UNDECIDED, LOSES):
        won = next(
            line for line in statistics_text(shown, None, SINCE).splitlines() if "Won" in line
        )
        assert ("%" in won) == (shown.decided >= 30)
        assert f"{shown.wins} of {shown.decided}" in won


def test_the_buckets_add_up_to_all_alerts() -> None:
    line = statistics_text(UNDECIDED, None, SINCE).splitlines()[1]

    assert sum(int(part.rpartition(" ")[2]) for part in line.split(" · ")) == 312


def test_the_longest_record_fits_into_a_caption() -> None:
    setup = Slice(
        by="setup",
        value="rsi_stochastic_reversal 12.9f3ca1b2",
        n=999_999,
        wins=499_999,
        win_rate=0.5,
        breakeven_win_rate=0.5,
        expectancy_r=-1.11,
        p_value=0.01,
        p_holm=0.02,
    )
    million = replace(
        UNDECIDED,
        slices=(setup, setup),
        alerts=9_999_999,
        buckets=dict.fromkeys(OutcomeKind, 9_999_999),
        max_drawdown_r=99_999.9,
        longest_losing_run=99_999,
        alerts_needed=9_999_999,
    )

    text = statistics_text(million, Head(seq=10**9, hash="0" * 64), SINCE)

    assert len(text) <= 1024


def lines_of(**changes: object) -> list[str]:
    return statistics_text(replace(UNDECIDED, **changes), None, SINCE).splitlines()


def test_an_order_of_prices_that_is_known_throughout_is_no_line() -> None:
    certain = replace(UNDECIDED.bounds, ambiguous=0, share=0.0)

    assert len(lines_of(bounds=certain)) == len(lines_of(bounds=None)) == len(lines_of()) - 1


def test_what_a_record_does_not_tell_is_not_shown_as_zero() -> None:
    told = "\n".join(lines_of(before_costs=None, bounds=None, baseline=None, corrections=0))

    for words in ("Before costs", "unknown", "Random", "other way", "corrected"):
        assert words not in told


def test_a_baseline_of_one_alert_says_so() -> None:
    one = replace(UNDECIDED.baseline, n=1)

    assert "Random entries on the same pairs and hours: -0.12 R (p 0.312, 1 alert at -0.09 R)" in (
        lines_of(baseline=one)
    )


def test_refusals_are_listed_by_name_most_frequent_first() -> None:
    counts = {"STOP_INSIDE_SPREAD": 4, "BTC_HALT": 9, "COST_TOO_HIGH": 48, "BUDGET": 4}

    assert refusals_text(counts) == (
        "Refused matches: 65 (costs too high 48, BTC halt 9, alert budget used 4,"
        " stop inside the spread 4)"
    )


def test_a_record_without_a_refusal_says_so() -> None:
    assert refusals_text({}) == "Refused matches: 0"


def test_a_refusal_of_another_version_keeps_its_name() -> None:
    assert refusals_text({"LUNAR_PHASE": 1}) == "Refused matches: 1 (LUNAR_PHASE 1)"


def test_each_setup_has_a_line_with_its_interval() -> None:
    part = Slice(
        by="setup",
        value="range_breakout 1.9f3ca1b2",
        n=170,
        wins=120,
        win_rate=120 / 170,
        breakeven_win_rate=0.5,
        expectancy_r=0.1,
        p_value=0.01,
        p_holm=0.02,
    )
    other = replace(part, by="hour", value="14")

    lines = lines_of(slices=(part, other), corrections=0)

    # the always-valid interval of 120 of 170 is .57961-.81384
    assert lines[-1] == "  Range breakout v1: 120 of 170 = 70.6 % (58-81 %), needed 50.0 %, +0.10 R"
