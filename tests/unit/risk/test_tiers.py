from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.risk.tiers import UNBOUNDED, Band, single_tier, tier_at, tiers_of


def band(floor: str, cap: str | None, mmr: str, cum: str | None = None, **more: str) -> Band:
    return Band(
        floor=Decimal(floor),
        cap=None if cap is None else Decimal(cap),
        mmr=Decimal(mmr),
        cum=None if cum is None else Decimal(cum),
        **{name: Decimal(value) for name, value in more.items()},
    )


# The worked example of the method: amounts 0, 50 and 300.
FIRST, SECOND, THIRD = (
    band("0", "5000", "0.015"),
    band("5000", "10000", "0.025"),
    band("10000", "20000", "0.05"),
)


def test_a_missing_amount_is_recomputed() -> None:
    tiers = tiers_of([FIRST, SECOND, THIRD])

    assert [tier.cum for tier in tiers] == [0, 50, 300]


def test_a_stated_amount_is_kept_and_the_next_one_builds_on_it() -> None:
    tiers = tiers_of([FIRST, band("5000", "10000", "0.025", "49"), THIRD])

    assert [tier.cum for tier in tiers] == [0, 49, 299]


def test_without_recomputing_a_missing_amount_is_nothing_and_a_stated_one_stays() -> None:
    tiers = tiers_of([FIRST, band("5000", "10000", "0.025", "49"), THIRD], recompute=False)

    assert [tier.cum for tier in tiers] == [0, 49, 0]


def test_range_rate_and_leverage_are_taken_over() -> None:
    (tier,) = tiers_of([band("0", "5000", "0.015", max_leverage="20")])

    assert (tier.floor, tier.cap) == (0, 5000)
    assert (tier.mmr, tier.max_leverage) == (Decimal("0.015"), 20)


def test_a_last_tier_without_cap_holds_every_larger_notional() -> None:
    tiers = tiers_of([FIRST, band("5000", None, "0.025")])

    assert tiers[1].cap == UNBOUNDED
    assert tier_at(tiers, Decimal("1e30")) == 1


@pytest.mark.parametrize(
    ("notional", "index"),
    [
        ("0.01", 0),
        ("5000", 0),
        ("5000.01", 1),
        ("10000", 1),
        ("19999.99", 2),
        ("20000", 2),
        ("20000.01", None),
    ],
)
def test_a_notional_on_the_edge_belongs_to_the_lower_tier(notional: str, index: int | None) -> None:
    tiers = tiers_of([FIRST, SECOND, THIRD])

    assert tier_at(tiers, Decimal(notional)) == index
    holding = [place for place, tier in enumerate(tiers) if tier.holds(Decimal(notional))]
    assert holding == ([] if index is None else [index])


def test_the_maintenance_counts_the_closing_fee_and_takes_the_amount_off() -> None:
    tiers = tiers_of([FIRST, SECOND])

    # by hand: 8000 * (0.025 + 0.0005) - 50
    assert tiers[1].maintenance(Decimal(8000), Decimal("0.0005")) == 154


@pytest.mark.parametrize(
    ("bands", "field", "was", "place"),
    [
        ([], "tiers", "empty", None),
        ([band("1", "5000", "0.015")], "floor", 1, "tier 1"),
        ([band("NaN", "5000", "0.015")], "floor", None, "tier 1"),
        ([band("0", "0", "0.015")], "cap", 0, "tier 1"),
        ([band("0", "-5", "0.015")], "cap", -5, "tier 1"),
        ([band("0", "Infinity", "0.015")], "cap", None, "tier 1"),
        ([band("0", "NaN", "0.015")], "cap", None, "tier 1"),
        ([band("0", None, "0.015"), SECOND], "cap", None, "tier 1"),
        ([FIRST, THIRD], "floor", 10000, "tier 2"),  # a hole
        ([FIRST, band("4000", "10000", "0.025")], "floor", 4000, "tier 2"),  # an overlap
        ([FIRST, FIRST], "floor", 0, "tier 2"),
        ([FIRST, SECOND, band("5000", "9000", "0.05")], "floor", 5000, "tier 3"),
        ([SECOND, FIRST], "floor", 5000, "tier 1"),  # out of order
        ([FIRST, band("5000", "5000", "0.025")], "cap", 5000, "tier 2"),
        ([FIRST, band("5000", "10000", "0.0149")], "mmr", Decimal("0.0149"), "tier 2"),
        ([band("0", "5000", "0")], "mmr", 0, "tier 1"),
        ([band("0", "5000", "-0.1")], "mmr", Decimal("-0.1"), "tier 1"),
        ([band("0", "5000", "1")], "mmr", 1, "tier 1"),
        ([band("0", "5000", "1.5")], "mmr", Decimal("1.5"), "tier 1"),  # per cent for a rate
        ([band("0", "5000", "NaN")], "mmr", None, "tier 1"),
        ([band("0", "5000", "0.015", "-1")], "cum", -1, "tier 1"),
        ([band("0", "5000", "0.015", "NaN")], "cum", None, "tier 1"),
        (
            [band("0", "5000", "0.015", max_leverage="0.5")],
            "max_leverage",
            Decimal("0.5"),
            "tier 1",
        ),
        ([band("0", "5000", "0.015", max_leverage="0")], "max_leverage", 0, "tier 1"),
        ([band("0", "5000", "0.015", max_leverage="NaN")], "max_leverage", None, "tier 1"),
    ],
)
def test_wrong_tiers_are_refused_by_field_and_number(
    bands: list[Band], field: str, was: object, place: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        tiers_of(bands)

    error = caught.value
    assert (error.field, error.where) == (field, place)
    if was is not None:  # a NaN is not equal to itself
        assert error.was == was


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        (
            [FIRST, THIRD],
            "tiers.json tier 2: floor was 10000; allowed: 5000, where the tier before ends",
        ),
        (
            [band("1", "5", "0.01")],
            "tiers.json tier 1: floor was 1; allowed: 0, where the first tier begins",
        ),
        (
            [band("0", None, "0.015"), SECOND],
            "tiers.json tier 1: cap was missing;"
            " allowed: a number: only the last tier may have none",
        ),
        (
            [FIRST, band("5000", "10000", "0.01")],
            "tiers.json tier 2: mmr was 0.01; allowed: not below 0.015 of the tier before",
        ),
        ([], "tiers.json: tiers was 'empty'; allowed: at least one tier"),
    ],
)
def test_the_message_names_the_place_and_what_would_be_right(
    bands: list[Band], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        tiers_of(bands, where="tiers.json")

    assert str(caught.value) == message


def test_a_rate_may_stay_the_same_from_one_tier_to_the_next() -> None:
    tiers = tiers_of([FIRST, band("5000", "10000", "0.015"), THIRD])

    assert [tier.cum for tier in tiers] == [0, 0, 350]


def test_a_single_tier_holds_everything_with_the_stated_amount() -> None:
    (tier,) = single_tier(Decimal("0.10"), Decimal(135365))

    assert (tier.mmr, tier.cum, tier.max_leverage) == (Decimal("0.10"), 135365, None)
    assert tier.holds(Decimal("1e30"))


@pytest.mark.parametrize(
    ("mmr", "cum", "field"), [("0", "0", "mmr"), ("1", "0", "mmr"), ("0.1", "-1", "cum")]
)
def test_a_single_tier_is_checked_like_a_file(mmr: str, cum: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        single_tier(Decimal(mmr), Decimal(cum))

    assert caught.value.field == field


@given(
    widths=st.lists(st.integers(1, 10**9), min_size=2, max_size=12),
    steps=st.lists(st.integers(1, 80), min_size=12, max_size=12),
    fee=st.integers(0, 100).map(lambda number: Decimal(number).scaleb(-5)),
)
def test_recomputed_maintenance_has_no_jump_between_tiers(
    widths: list[int], steps: list[int], fee: Decimal
) -> None:
    bands, floor, rate = [], 0, 0
    for width, step in zip(widths, steps, strict=False):
        rate += step
        bands.append(band(str(floor), str(floor + width), str(Decimal(rate).scaleb(-3))))
        floor += width

    tiers = tiers_of(bands)

    for lower, upper in pairwise(tiers):
        assert lower.maintenance(lower.cap, fee) == upper.maintenance(upper.floor, fee)
