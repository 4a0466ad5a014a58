from dataclasses import astuple
from decimal import Decimal

import pytest

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.risk.liquidation import Basis, Liquidation, Position, liquidation
from signalbot.risk.tiers import Band, Tier, tiers_of

LONG, SHORT = Side.LONG, Side.SHORT
MARK, ENTRY = Basis.MARK, Basis.ENTRY
FREE = Decimal(0)


def tiers(*rows: tuple[str, str | None, str, str | None, str | None]) -> tuple[Tier, ...]:
    """Return tiers of (floor, cap, rate, amount, leverage)."""
    numbers = [[None if text is None else Decimal(text) for text in row] for row in rows]
    return tiers_of(
        [
            Band(floor=floor or FREE, cap=cap, mmr=mmr or FREE, cum=cum, max_leverage=leverage)
            for floor, cap, mmr, cum, leverage in numbers
        ]
    )


# The worked example of the method; the amounts of the second and third are 50 and 300.
WORKED = tiers(
    ("0", "5000", "0.015", None, "50"),
    ("5000", "10000", "0.025", None, "20"),
    ("10000", "20000", "0.05", None, "10"),
)


def leveraged(side: Side, entry: str, qty: str, leverage: str, added: str = "0") -> Position:
    return Position.leveraged(
        side=side,
        entry=Decimal(entry),
        qty=Decimal(qty),
        leverage=Decimal(leverage),
        added_margin=Decimal(added),
    )


def funded(side: Side, entry: str, qty: str, margin: str) -> Position:
    return Position(side=side, entry=Decimal(entry), qty=Decimal(qty), margin=Decimal(margin))


def codes(found: Liquidation) -> list[RefusalCode]:
    return [refusal.code for refusal in found.refusals]


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("side", Side)
def test_margin_that_only_meets_the_maintenance_is_liquidated_at_entry(
    side: Side, basis: Basis
) -> None:
    # worth 8000: maintenance 8000 * (0.025 + 0.0005) - 50 = 154
    fee = Decimal("0.0005")

    found = liquidation(funded(side, "2", "4000", "154"), WORKED, basis, fee)
    above = liquidation(funded(side, "2", "4000", "500"), WORKED, basis, fee)

    assert (found.price, found.tier) == (None, 2)
    assert codes(found)[-1] is RefusalCode.LIQUIDATED_AT_ENTRY
    assert above.refusals == ()


def test_a_refusal_at_the_entry_says_which_margin_and_leverage_would_fit() -> None:
    found = liquidation(leveraged(LONG, "100", "1", "70"), WORKED[:1], ENTRY, FREE)

    assert codes(found) == [RefusalCode.LEVERAGE_ABOVE_TIER, RefusalCode.LIQUIDATED_AT_ENTRY]
    assert [refusal.message for refusal in found.refusals] == [
        "70x is above the 50x of tier 1: 50x would fit",
        "the margin 1.42857 is not above the maintenance at the entry:"
        " more than 1.5, less than 66.6666x, would fit",
    ]


def test_leverage_above_the_tier_of_the_entry_is_refused_and_the_price_still_told() -> None:
    found = liquidation(leveraged(SHORT, "1", "6000", "25"), WORKED, MARK, FREE)

    # by hand: (240 + 50 + 6000) / (6000 * (0.025 + 1))
    assert codes(found) == [RefusalCode.LEVERAGE_ABOVE_TIER]
    assert f"{found.price:.8f}" == "1.02276423"
    assert found.refusals[0].message == (
        "25x is above the 20x of tier 2: 20x would fit, or a position of up to 5000"
    )


def test_a_tier_without_a_leverage_of_its_own_allows_any() -> None:
    open_ended = tiers(("0", "5000", "0.015", None, None), ("5000", None, "0.025", None, "20"))

    small = liquidation(leveraged(LONG, "1", "4000", "60"), open_ended, MARK, FREE)
    large = liquidation(leveraged(LONG, "1", "6000", "30"), open_ended, MARK, FREE)

    assert small.refusals == ()
    assert large.refusals[0].message.endswith("20x would fit, or a position of up to 5000")


def test_added_margin_does_not_lower_the_leverage_that_was_chosen() -> None:
    position = leveraged(LONG, "1", "6000", "25", added="240")

    assert position.total_margin == 480
    assert position.leverage == 25
    assert codes(liquidation(position, WORKED, MARK, FREE)) == [RefusalCode.LEVERAGE_ABOVE_TIER]


def test_a_leverage_that_divides_badly_is_no_more_than_itself() -> None:
    thirds = tiers(("0", None, "0.01", None, "3"))

    assert liquidation(leveraged(LONG, "0.1", "10", "3"), thirds, MARK, FREE).refusals == ()
    assert codes(liquidation(leveraged(LONG, "0.1", "10", "3.0001"), thirds, MARK, FREE)) == [
        RefusalCode.LEVERAGE_ABOVE_TIER
    ]


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("side", Side)
def test_a_position_beyond_the_last_tier_is_refused_with_the_largest_that_fits(
    side: Side, basis: Basis
) -> None:
    found = liquidation(leveraged(side, "2", "10000.5", "3"), WORKED, basis, FREE)

    assert astuple(found)[:4] == (None, None, None, None)
    assert codes(found) == [RefusalCode.ABOVE_TIER_NOTIONAL]
    assert found.refusals[0].message == (
        "a position worth 20001 is beyond the last tier: one of up to 20000 would fit"
    )


def test_a_short_whose_liquidation_is_beyond_the_last_tier_is_refused() -> None:
    # with margin of half the notional N, 1.5 N = 20000 * 1.05 - 300 at the cap: N = 13800
    short = liquidation(leveraged(SHORT, "1", "13801", "2"), WORKED, MARK, FREE)
    fits = liquidation(leveraged(SHORT, "1", "13800", "2"), WORKED, MARK, FREE)

    assert (short.price, short.tier) == (None, None)
    assert codes(short) == [RefusalCode.ABOVE_TIER_NOTIONAL]
    assert short.refusals[0].message == (
        "it would be liquidated beyond the last tier, which ends at 20000:"
        " one of up to 13800 with as much margin for its size would fit"
    )
    assert fits.refusals == ()
    assert f"{fits.price:.6f}" == "1.449275"  # 20000 / 13800
    assert fits.tier == 3
