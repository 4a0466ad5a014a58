import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import SetupState
from signalbot.domain.baseline import Baseline
from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.stats.performance import Performance, performance, summarise
from signalbot.stats.sample import Sample
from signalbot.stats.state import state_of
from signalbot.stats.verdict import Verdict

TARGET, STOP, EXPIRED = OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.EXPIRED
Result = tuple[OutcomeKind, float | None]
WIN: Result = (TARGET, 0.9)
LOSS: Result = (STOP, -1.1)


def alerts_of(
    results: list[Result], breakeven: float = 0.55, step_ms: int = HOUR_MS
) -> list[Settled]:
    return [
        Settled(
            alert_id=f"{row:05}",
            setup="reversal",
            version="1",
            symbol="LAYER/USDT:USDT",
            side="long",
            published_at=row * step_ms,
            kind=kind,
            net_r=net_r,
            breakeven_win_rate=breakeven,
        )
        for row, (kind, net_r) in enumerate(results)
    ]


def shown(results: list[Result], breakeven: float = 0.55, step_ms: int = HOUR_MS) -> Performance:
    return performance(Sample.of(alerts_of(results, breakeven, step_ms)), seed=142)


def letters(text: str) -> list[Result]:
    return [WIN if letter == "W" else LOSS for letter in text]


def test_the_published_example_of_seventeen_trades() -> None:
    seen = shown(letters("WWLWWLWWWLWWLWWLW"))

    assert (seen.alerts, seen.decided, seen.wins) == (17, 17, 12)
    assert seen.win_rate is None
    assert seen.verdict is Verdict.NOT_ENOUGH_DATA
    assert seen.wilson_95 == pytest.approx((0.46867, 0.86720), abs=5e-6)
    assert seen.always_valid_95 == pytest.approx((0.34254, 0.94200), abs=5e-6)
    assert seen.breakeven_win_rate == pytest.approx(0.55)
    assert seen.expectancy_r == pytest.approx(0.3117647, abs=5e-8)
    assert seen.profit_factor == pytest.approx(1.9636364, abs=5e-8)
    assert seen.max_drawdown_r == pytest.approx(1.1)
    assert seen.longest_losing_run == 1
    assert seen.expected_longest_losing_run == pytest.approx(2.1, abs=0.05)
    assert seen.n_effective == 17
    assert seen.alerts_needed == 13
    assert seen.slices == ()


def test_no_alerts_at_all_say_nothing() -> None:
    seen = shown([])

    assert (seen.alerts, seen.decided, seen.wins, seen.longest_losing_run) == (0, 0, 0, 0)
    assert seen.wilson_95 == seen.always_valid_95 == (0.0, 1.0)
    assert (seen.win_rate, seen.breakeven_win_rate, seen.e_value) == (None, None, None)
    assert (seen.expectancy_r, seen.expectancy_r_95, seen.profit_factor) == (None, None, None)
    assert (seen.max_drawdown_r, seen.n_effective, seen.expected_longest_losing_run) == (0, 0, 0)
    assert (seen.verdict, seen.alerts_needed) == (Verdict.NOT_ENOUGH_DATA, 30)


def test_what_is_not_decided_is_counted_but_does_not_count() -> None:
    undecided: list[Result] = [
        (OutcomeKind.OPEN, None),
        (OutcomeKind.NOT_FILLED, None),
        (OutcomeKind.VOID_LATE, None),
        (OutcomeKind.NOT_PUBLISHED, None),
    ]

    seen = shown([WIN, *undecided, LOSS])

    assert (seen.alerts, seen.decided, seen.wins) == (6, 2, 1)
    assert sum(seen.buckets.values()) == 6
    assert set(seen.buckets) == set(OutcomeKind)
    assert seen.expectancy_r == pytest.approx(-0.1)


def test_a_gap_counts_as_the_stop_it_was_settled_as() -> None:
    seen = shown([WIN, (OutcomeKind.UNRESOLVED_GAP, -1.1), (OutcomeKind.DELISTED, 0.2)])

    assert (seen.decided, seen.wins) == (3, 2)
    assert seen.buckets[OutcomeKind.UNRESOLVED_GAP] == 1


def test_many_small_wins_never_beat_the_costs() -> None:
    # 45 % expire at +0.05 R: 69 % are won, 55 % would do, and yet it loses 0.09 R a trade
    block: list[Result] = [(EXPIRED, 0.05)] * 45 + [(TARGET, 9 / 11)] * 24 + [(STOP, -1.0)] * 31

    seen = shown(block * 6)

    assert seen.decided == 600
    assert seen.win_rate == pytest.approx(0.69)
    assert seen.always_valid_95[0] > seen.breakeven_win_rate
    assert seen.expectancy_r == pytest.approx(-0.09, abs=0.005)
    assert seen.verdict is not Verdict.BEATS_COSTS
    assert state_of(seen) is not SetupState.PROVEN


def test_a_record_of_wins_beats_its_costs_and_is_proven_at_a_hundred() -> None:
    at_99, at_100 = shown(letters("WWWWL" * 20)[:99]), shown(letters("WWWWL" * 20))

    assert at_99.verdict is at_100.verdict is Verdict.BEATS_COSTS
    assert [state_of(each) for each in (at_99, at_100)] == ["unproven", "proven"]
    assert at_100.alerts_needed is None
    assert at_100.e_value > 20


def test_a_record_of_losses_loses() -> None:
    seen = shown(letters("LLW" * 20))

    assert seen.verdict is Verdict.LOSES
    assert state_of(seen) is SetupState.LOSING


def test_a_record_at_breakeven_is_undecided() -> None:
    seen = shown(letters("WWWWLLLW" * 10))

    assert seen.verdict is Verdict.UNDECIDED
    assert state_of(seen) is SetupState.UNPROVEN
    assert seen.alerts_needed > 100


@pytest.mark.parametrize("text", ["W" * 200, "WWWWL" * 40])
def test_one_afternoon_of_coins_rising_together_proves_nothing(text: str) -> None:
    seen = shown(letters(text), step_ms=MINUTE_MS)

    assert seen.n_effective < 2
    assert seen.verdict is Verdict.UNDECIDED


def test_the_interval_lies_around_the_expectancy_and_depends_on_the_seed_alone() -> None:
    sample = Sample.of(alerts_of(letters("WWLWWLWWWLWWLWWLW" * 4)))

    first, again, other = (performance(sample, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first.expectancy_r_95 != other.expectancy_r_95
    assert first.expectancy_r_95[0] < first.expectancy_r < first.expectancy_r_95[1]


def test_baselines_and_corrections_stand_beside_the_figures() -> None:
    sample = Sample.of(alerts_of(letters("WWL" * 20)))
    day = Baseline(
        day="2026-11-01",
        setup="reversal",
        version="1",
        n=60,
        left_out=0,
        observed_mean_r=Decimal("0.2"),
        twins_mean_r=Decimal("-0.1"),
        inverse_mean_r=Decimal("-0.3"),
        p_value=Decimal("0.5"),
        seed=1,
        twin_sums=(-60_000,),
    )

    seen = performance(sample, seed=1, baselines=[day], corrections=2)

    assert (seen.baseline.n, seen.baseline.twins_r, seen.baseline.p_value) == (60, -0.1, 0.5)
    assert seen.corrections == 2
    assert performance(sample, seed=1).baseline is None
    assert json.dumps(dataclasses.asdict(seen), allow_nan=False)


def test_slices_are_those_of_the_decided_alerts() -> None:
    seen = shown([*letters("WL" * 20), (OutcomeKind.OPEN, None)])

    assert [(part.by, part.n) for part in seen.slices] == [
        ("setup", 40),
        ("symbol", 40),
        ("side", 40),
    ]


@pytest.mark.parametrize("text", ["", "W", "L", "W" * 40, "L" * 40, "WL" * 40])
def test_every_figure_is_a_json_value(text: str) -> None:
    seen = shown(letters(text))

    assert json.dumps(dataclasses.asdict(seen), allow_nan=False)


def test_plans_that_can_never_pay_are_figures_too() -> None:
    seen = shown(letters("WL" * 20), breakeven=1.0)

    assert seen.verdict is Verdict.LOSES
    assert json.dumps(dataclasses.asdict(seen), allow_nan=False)


@given(st.permutations(alerts_of(letters("WWLWWLWWWLWWLWWLW"))))
def test_the_order_in_which_alerts_come_changes_nothing(alerts: list[Settled]) -> None:
    expected = shown(letters("WWLWWLWWWLWWLWWLW"))

    assert summarise(Sample.of(alerts), expected.expectancy_r_95) == expected


@given(st.permutations(letters("WWLWWLWWWLWWLWWLW")))
def test_counts_and_means_do_not_depend_on_when_the_wins_came(results: list[Result]) -> None:
    seen = summarise(Sample.of(alerts_of(results)), (0.0, 0.6))

    assert seen.always_valid_95 == pytest.approx((0.34254, 0.94200), abs=5e-6)
    assert seen.expectancy_r == pytest.approx(0.3117647, abs=5e-8)
    assert seen.profit_factor == pytest.approx(1.9636364, abs=5e-8)
    assert seen.max_drawdown_r >= 1.1 - 1e-9
