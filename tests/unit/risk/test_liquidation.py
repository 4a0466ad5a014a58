from decimal import Decimal

import pytest

from signalbot.domain.side import Side
from signalbot.risk.liquidation import (
    Basis,
    Liquidation,
    Position,
    distance_pct,
    distance_stops,
    liquidation,
    liquidation_range,
)
from signalbot.risk.tiers import Band, Tier, single_tier, tiers_of

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


def shown(found: Liquidation, places: int) -> str:
    assert found.price is not None
    assert found.refusals == ()
    return f"{found.price:.{places}f}"


def test_the_mark_basis_takes_the_tier_at_the_liquidation_price() -> None:
    found = liquidation(leveraged(SHORT, "0.5", "9500", "5"), WORKED, MARK, FREE)

    # the entry is worth 4750, tier 1; the liquidation 5609.8, tier 2
    assert shown(found, 8) == "0.59050064"
    assert (found.tier, found.mmr, found.cum) == (2, Decimal("0.025"), 50)


def test_the_tier_of_the_entry_would_put_it_too_far_away() -> None:
    alone = single_tier(Decimal("0.015"))

    found = liquidation(leveraged(SHORT, "0.5", "9500", "5"), alone, MARK, FREE)

    assert shown(found, 8) == "0.59113300"


def test_the_example_of_the_binance_faq() -> None:
    found = liquidation(
        funded(LONG, "1456.84", "3683.979", "1535443.01"),
        single_tier(Decimal("0.10"), Decimal(135365)),
        MARK,
        FREE,
    )

    assert shown(found, 2) == "1114.78"
    assert (found.tier, found.mmr, found.cum) == (1, Decimal("0.10"), 135365)


@pytest.mark.parametrize(("basis", "price"), [(MARK, "19698.49246231"), (ENTRY, "19700.00000000")])
def test_the_bybit_example_by_its_rule_and_by_the_older_one(basis: Basis, price: str) -> None:
    position = leveraged(LONG, "20000", "1", "50")

    found = liquidation(position, single_tier(Decimal("0.005")), basis, FREE)

    assert shown(found, 8) == price


@pytest.mark.parametrize(("fee", "price"), [("0", "48200"), ("0.0006", "48230")])
def test_the_example_of_the_mexc_help_page(fee: str, price: str) -> None:
    position = leveraged(LONG, "50000", "0.1", "25")

    found = liquidation(position, single_tier(Decimal("0.004")), ENTRY, Decimal(fee))

    # by hand: 50000 - (200 - 5000 * (0.004 + fee)) / 0.1
    assert shown(found, 0) == price


@pytest.mark.parametrize(
    ("added", "price", "distance"), [("0", "0.7052", "-32.3"), ("20", "0.6364", "-38.9")]
)
def test_the_example_of_the_liq_command(added: str, price: str, distance: str) -> None:
    layer = tiers(("0", "5000", "0.015", None, "50"), ("5000", "25000", "0.02", None, "25"))
    position = leveraged(LONG, "1.042", "295", "3", added)

    found = liquidation(position, layer, MARK, FREE)

    # by hand: (102.4633 + added - 307.39) / (295 * (0.015 - 1))
    assert shown(found, 4) == price
    assert found.tier == 1
    assert found.price is not None
    assert f"{distance_pct(position.entry, found.price):.1f}" == distance


def test_a_closing_fee_brings_it_nearer() -> None:
    position = leveraged(LONG, "100", "10", "10")

    found = liquidation(position, single_tier(Decimal("0.005")), MARK, Decimal("0.0005"))

    # by hand: (100 - 1000) / (10 * (0.005 + 0.0005 - 1))
    assert shown(found, 7) == "90.4977376"


def test_a_long_falls_into_a_lower_tier() -> None:
    # worth 6000 at the entry: (1200 - 6000) / (6000 * (0.015 - 1)) = 0.81218..., worth 4873
    found = liquidation(leveraged(LONG, "1", "6000", "5"), WORKED, MARK, FREE)

    assert shown(found, 8) == "0.81218274"
    assert (found.tier, found.cum) == (1, 0)


@pytest.mark.parametrize(
    ("side", "qty", "margin", "price", "tier"),
    [
        # the margin left where it is worth 5000 is just the 75 that both tiers demand
        (LONG, "6250", "1325", "0.8", 1),
        (SHORT, "4000", "1075", "1.25", 1),
    ],
)
def test_a_liquidation_on_the_edge_belongs_to_the_lower_tier(
    side: Side, qty: str, margin: str, price: str, tier: int
) -> None:
    found = liquidation(funded(side, "1", qty, margin), WORKED, MARK, FREE)

    assert (found.price, found.tier) == (Decimal(price), tier)


def test_the_entry_basis_stays_in_the_tier_of_the_entry() -> None:
    found = liquidation(leveraged(LONG, "1", "6000", "5"), WORKED, ENTRY, FREE)

    # by hand: 1 - (1200 + 50 - 6000 * 0.025) / 6000
    assert shown(found, 8) == "0.81666667"
    assert (found.tier, found.cum) == (2, 50)


@pytest.mark.parametrize(
    ("basis", "margin"),
    [
        (MARK, "100"),  # once over: worthless at 0 exactly
        (MARK, "150"),
        (ENTRY, "101.5"),  # 100 - (101.5 - 1.5) / 1 = 0
        (ENTRY, "150"),
    ],
)
def test_a_long_whose_margin_covers_everything_cannot_be_liquidated(
    basis: Basis, margin: str
) -> None:
    found = liquidation(funded(LONG, "100", "1", margin), WORKED, basis, FREE)

    assert (found.price, found.refusals) == (None, ())
    assert (found.tier, found.mmr, found.cum) == (1, Decimal("0.015"), 0)


def test_on_the_entry_basis_margin_above_the_value_may_still_be_lost() -> None:
    found = liquidation(funded(LONG, "100", "1", "101"), WORKED, ENTRY, FREE)

    # by hand: 100 - (101 - 1.5) / 1
    assert found.price == Decimal("0.5")


@pytest.mark.parametrize(
    ("side", "qty", "margin", "amounts", "price", "tier"),
    [
        # 5000 / 4900: beyond it tier 2 demands 125 and 100 are left
        (SHORT, "4900", "200", ("0", "0"), "1.02040816", 2),
        # 5000 / 6000: below it tier 1 demands 75 and 50 are left
        (LONG, "6000", "1050", ("0", "100"), "0.83333333", 1),
        # both tiers hold a solution, the other is 0.82910: (1100 - 6000) / (6000 * (0.025 - 1))
        (LONG, "6000", "1100", ("0", "0"), "0.83760684", 2),
    ],
)
def test_amounts_that_do_not_fit_each_other_give_the_first_price_that_liquidates(
    side: Side, qty: str, margin: str, amounts: tuple[str, str], price: str, tier: int
) -> None:
    jumping = tiers(
        ("0", "5000", "0.015", amounts[0], None), ("5000", None, "0.025", amounts[1], None)
    )

    found = liquidation(funded(side, "1", qty, margin), jumping, MARK, FREE)

    assert (shown(found, 8), found.tier) == (price, tier)


def test_a_tier_that_releases_as_much_as_is_lost_is_passed() -> None:
    # rate and fee of tier 2 make 1: the margin left is 97.5 all through it, (3600 - 6000) / (...)
    steep = tiers(("0", "5000", "0.5", None, None), ("5000", None, "0.9995", None, None))

    found = liquidation(funded(LONG, "1", "6000", "3600"), steep, MARK, Decimal("0.0005"))

    assert (shown(found, 8), found.tier) == ("0.80080080", 1)


@pytest.mark.parametrize(
    ("side", "leverage", "low", "high"),
    [
        (LONG, "3", "0.701684", "0.731228"),  # 0.694667 / 0.99 and / 0.95
        (SHORT, "3", "1.323175", "1.375578"),  # 1.389333 / 1.05 and / 1.01
        (LONG, "30", "1.017441", "1.042000"),  # at 5 % it is liquidated at the entry
        (SHORT, "30", "1.042000", "1.066073"),
    ],
)
def test_unknown_tiers_give_a_range_low_price_first(
    side: Side, leverage: str, low: str, high: str
) -> None:
    ends = liquidation_range(leveraged(side, "1.042", "295", leverage), MARK, FREE)

    assert [f"{end:.6f}" for end in ends] == [low, high]


def test_a_range_has_no_end_where_there_is_no_liquidation() -> None:
    assert liquidation_range(leveraged(LONG, "100", "1", "1"), MARK, FREE) == (None, None)
    # 100 - (103 - 1) / 1 is below 0, 100 - (103 - 5) / 1 is not
    assert liquidation_range(funded(LONG, "100", "1", "103"), ENTRY, FREE) == (None, 2)


def test_distances_are_told_in_per_cent_and_in_stops() -> None:
    entry, stop, price = Decimal("1.042"), Decimal("1.035"), Decimal("0.7052")

    assert f"{distance_pct(entry, price):.1f}" == "-32.3"
    assert distance_pct(Decimal(100), Decimal(150)) == 50
    assert f"{distance_stops(entry, stop, price):.0f}" == "48"
    assert distance_stops(Decimal(100), Decimal(102), Decimal(110)) == 5
