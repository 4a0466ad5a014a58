import pytest

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.stats.disclosure import before_costs, bounds_of, ended, voids
from signalbot.stats.performance import summarise
from signalbot.stats.sample import Sample


def settled(row: int, **changes: object) -> Settled:
    given: dict[str, object] = {
        "alert_id": f"{row:04}",
        "setup": "reversal",
        "version": "1",
        "symbol": "A/USDT:USDT",
        "side": "long",
        "published_at": row,
        "kind": OutcomeKind.STOP,
        "net_r": -1.2,
        "breakeven_win_rate": 0.5,
        "gross_r": -1.0,
        "worst_net_r": -1.2,
        "best_net_r": -1.2,
    }
    return Settled(**(given | changes))


TARGET = {"kind": OutcomeKind.TARGET, "net_r": 0.9, "gross_r": 1.0}
CERTAIN = {"worst_net_r": 0.9, "best_net_r": 0.9}
UNORDERED = {"ambiguous": True, "worst_net_r": -1.2, "best_net_r": 0.9}
UNTOLD = {"gross_r": None, "worst_net_r": None, "best_net_r": None}


def decided(*changes: dict[str, object]) -> Sample:
    return Sample.of(settled(row, **each) for row, each in enumerate(changes)).decided


def test_costs_are_what_lies_between_the_result_before_and_after_them() -> None:
    found = before_costs(decided(TARGET, {}, {}))

    assert found.n == 3
    assert found.expectancy_r == pytest.approx(-1 / 3)
    assert found.cost_r == pytest.approx((0.1 + 0.2 + 0.2) / 3)


def test_costs_are_taken_over_the_alerts_that_tell_them() -> None:
    found = before_costs(decided(TARGET, UNTOLD))

    assert (found.n, found.expectancy_r) == (1, 1.0)
    assert found.cost_r == pytest.approx(0.1)


def test_a_record_that_tells_no_result_before_costs_has_none() -> None:
    assert before_costs(decided(UNTOLD)) is None
    assert before_costs(decided()) is None


def test_ambiguous_outcomes_bound_the_result() -> None:
    found = bounds_of(decided(TARGET | CERTAIN, {}, UNORDERED, UNORDERED))

    assert (found.n, found.ambiguous, found.share) == (4, 2, 0.5)
    assert found.worst_expectancy_r == pytest.approx((0.9 - 1.2 * 3) / 4)
    assert found.best_expectancy_r == pytest.approx((0.9 * 3 - 1.2) / 4)


def test_bounds_that_are_not_told_are_left_out_and_not_taken_as_certain() -> None:
    found = bounds_of(decided(UNORDERED, UNTOLD))

    assert (found.n, found.ambiguous, found.share) == (1, 1, 1.0)
    assert bounds_of(decided(UNTOLD)) is None
    assert bounds_of(decided()) is None


def test_shares_are_of_the_alerts_that_have_ended() -> None:
    kinds = [OutcomeKind.VOID_LATE, OutcomeKind.NOT_FILLED, OutcomeKind.OPEN]
    untraded = [settled(9 + row, kind=kind, net_r=None) for row, kind in enumerate(kinds)]

    seen = summarise(Sample.of([settled(1), settled(2), *untraded]), (-1.2, -1.2))

    assert (voids(seen.buckets), ended(seen.buckets)) == (2, 4)
    assert (seen.void_share, seen.late_share) == (0.5, 0.25)


def test_without_an_ended_alert_there_is_no_share() -> None:
    seen = summarise(Sample.of([settled(1, kind=OutcomeKind.OPEN, net_r=None)]), None)

    assert (seen.void_share, seen.late_share) == (None, None)
