from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.stats.claim import Counts, claim, smallest_samples


def shown_by(win_rate_pct: str) -> list[tuple[int, int]]:
    return [(counts.wins, counts.n) for counts in smallest_samples(Decimal(win_rate_pct))]


@pytest.mark.parametrize(
    ("win_rate_pct", "expected"),
    [
        ("70.59", [(12, 17), (24, 34), (36, 51)]),
        ("70.6", [(12, 17), (24, 34), (36, 51)]),
        ("70.588235294118", [(12, 17), (24, 34), (36, 51)]),
        ("50", [(1, 2), (2, 4), (3, 6)]),
        ("5E+1", [(1, 2), (2, 4), (3, 6)]),
        ("0", [(0, 1), (0, 2), (0, 3)]),
        ("100.0", [(1, 1), (2, 2), (3, 3)]),
    ],
)
def test_the_shortest_records_of_a_rate(win_rate_pct: str, expected: list[tuple[int, int]]) -> None:
    assert shown_by(win_rate_pct) == expected


@pytest.mark.parametrize("win_rate_pct", ["12", "13"])
def test_a_tie_counts_whichever_way_it_was_rounded(win_rate_pct: str) -> None:
    assert (1, 8) in shown_by(win_rate_pct)


@given(st.integers(0, 10_000))
def test_every_rate_of_two_decimals_is_shown_by_three_records(hundredths: int) -> None:
    rate = Decimal(hundredths) / 100

    samples = smallest_samples(rate.quantize(Decimal("0.01")))

    assert len(samples) == 3
    for counts in samples:
        assert abs(Decimal(100 * counts.wins) / counts.n - rate) <= Decimal("0.005")


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_no_longer_record_is_named_than_the_one_it_was_made_of(count: tuple[int, int]) -> None:
    wins, n = count
    advertised = round(Decimal(100 * wins) / n, 2)

    assert smallest_samples(advertised)[0].n <= n


@pytest.mark.parametrize(
    "win_rate_pct", ["-1", "100.01", "NaN", "Infinity", "1E-999999", "1E+999999", "0.0001"]
)
def test_what_no_record_can_show_is_refused(win_rate_pct: str) -> None:
    with pytest.raises(InputError, match="win_rate was"):
        smallest_samples(Decimal(win_rate_pct))


def test_twelve_of_seventeen_as_the_method_works_it_out() -> None:
    said = claim(Counts(wins=12, losses=5), reward_risk=1, cost_r=0.5)

    assert said.wilson_95 == pytest.approx((0.46867, 0.86720), abs=5e-6)
    assert said.always_valid_95 == pytest.approx((0.34254, 0.94200), abs=5e-6)
    assert said.breakeven_win_rate == 0.75
    assert said.expectancy_r == pytest.approx(-0.0882, abs=5e-5)
    assert said.luck == pytest.approx(0.525, abs=5e-4)
    assert said.deleted_losers == 7


def test_without_costs_the_same_record_would_earn() -> None:
    said = claim(Counts(wins=12, losses=5), cost_r=0)

    assert said.breakeven_win_rate == 0.5
    assert said.expectancy_r == pytest.approx(0.4118, abs=5e-5)


def test_two_wins_of_three_at_half_the_reward_are_no_edge() -> None:
    said = claim(Counts(wins=200, losses=100), reward_risk=0.5, cost_r=0)

    assert said.breakeven_win_rate == pytest.approx(2 / 3)
    assert said.expectancy_r == pytest.approx(0, abs=1e-12)
    assert said.luck > 0.99


def test_where_a_win_does_not_pay_its_costs_nothing_breaks_even() -> None:
    said = claim(Counts(wins=9, losses=1), reward_risk=0.4, cost_r=0.5)

    assert said.breakeven_win_rate == 1.0
    assert said.expectancy_r < 0


def test_a_record_without_a_lead_needs_no_deleting() -> None:
    assert claim(Counts(wins=5, losses=12)).deleted_losers == 0


@pytest.mark.parametrize(
    ("counts", "options", "field"),
    [
        (Counts(wins=-1, losses=5), {}, "wins"),
        (Counts(wins=1, losses=-1), {}, "losses"),
        (Counts(wins=0, losses=0), {}, "losses"),
        (Counts(wins=1, losses=1), {"reward_risk": 0.0}, "reward_risk"),
        (Counts(wins=1, losses=1), {"reward_risk": float("nan")}, "reward_risk"),
        (Counts(wins=1, losses=1), {"cost_r": -0.1}, "cost_r"),
        (Counts(wins=1, losses=1), {"cost_r": float("inf")}, "cost_r"),
    ],
)
def test_impossible_claims_are_refused_by_field(
    counts: Counts, options: dict[str, float], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        claim(counts, **options)

    assert refused.value.field == field
