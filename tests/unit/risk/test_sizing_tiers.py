"""Sizes under a venue's tiers: what they allow of leverage and of notional.

Slippage and closing fee are 0.02 % and 0.05 % where nothing else is said; the cap on leverage is
floor(1 / (3d(1 - mu) + mu)) for a long and floor(1 / (3d(1 + mu) + mu)) for a short, with d the
stop distance as a share of the entry and mu the maintenance rate and the fee together.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.costs import Levels, market_rates, unit_costs
from signalbot.risk.liquidation import Basis, Position, distance_stops, liquidation
from signalbot.risk.sizing import Order, Sizing, leverage_cap, size_position
from signalbot.risk.tiers import Band, Tier, single_tier, tiers_of

RULES = Rules()
FEE = Decimal("0.0005")
RATES = market_rates(FEE, Decimal("0.0002"), Decimal("0.0002"))
CONTRACT = Instrument(
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    tick=Decimal("0.00001"),
    step=Decimal(1),
    min_qty=Decimal(1),
    min_notional=Decimal(5),
    contract_size=Decimal(1),
    taker_rate=FEE,
    maker_rate=Decimal("0.0002"),
)
# a hair under 7x for a short with a stop 4.357 % away, as long as it ends in the first tier
FAR = Decimal("0.04357")


def tiers(*rows: tuple[str, str | None, str, str | None]) -> tuple[Tier, ...]:
    """Return tiers of (floor, cap, rate, leverage)."""
    numbers = [[None if text is None else Decimal(text) for text in row] for row in rows]
    return tiers_of(
        [
            Band(floor=floor or Decimal(0), cap=cap, mmr=rate or Decimal(0), max_leverage=highest)
            for floor, cap, rate, highest in numbers
        ]
    )


STEEP = tiers(("0", "5000", "0.01", "50"), ("5000", "50000", "0.05", "20"))
NARROW = tiers(("0", "5000", "0.015", "20"), ("5000", "10000", "0.025", "4"))


def order(
    known: tuple[Tier, ...] = (),
    side: Side = Side.LONG,
    distance: Decimal = Decimal("0.002"),
    max_leverage: str | None = None,
    basis: Basis = Basis.MARK,
) -> Order:
    one = Decimal(1)
    levels = Levels(
        side=side,
        entry=one,
        stop=one - side.sign * distance,
        target=one + side.sign * Decimal("0.1"),
    )
    return Order(
        levels=levels,
        rates=RATES,
        costs=unit_costs(levels, RATES),
        instrument=CONTRACT,
        tiers=known,
        max_leverage=None if max_leverage is None else Decimal(max_leverage),
        basis=basis,
    )


def sized(plan: Order, qty: int, leverage: int = 125) -> Sizing:
    """Size for an account that may risk what `qty` units lose, and has money in plenty."""
    equity = Decimal(10**9)
    risk_pct = qty * plan.costs.loss * 100 / equity
    profile = Profile(equity=equity, risk_pct=risk_pct, leverage=Decimal(leverage))
    return size_position(plan, profile, RULES)


@pytest.mark.parametrize(
    ("rate", "cap"),
    [
        ("0.015", 46),  # the published 46.71
        ("0.05", 17),  # 1 / (1 - 0.994 * 0.9495) = 17.79, as where the tiers are unknown
        ("0.1", 9),  # 1 / (1 - 0.994 * 0.8995) = 9.45
    ],
)
def test_the_leverage_cap_takes_the_maintenance_rate_of_the_tier(rate: str, cap: int) -> None:
    sizing = sized(order(single_tier(Decimal(rate))), 1000)

    assert sizing.leverage_cap == cap
    assert sizing.size.leverage == cap


def test_unknown_tiers_are_taken_for_the_worst() -> None:
    assert sized(order(), 1000).leverage_cap == 17


@pytest.mark.parametrize(
    ("max_leverage", "qty", "cap"),
    [
        (None, 5000, 20),  # the tier's
        ("12", 5000, 12),  # the contract's
        ("30", 5000, 20),
        (None, 5001, 4),  # one unit more is in the second tier
        ("3", 5001, 3),
    ],
)
def test_contract_and_tier_of_the_position_limit_the_leverage(
    max_leverage: str | None, qty: int, cap: int
) -> None:
    sizing = sized(order(NARROW, max_leverage=max_leverage), qty)

    assert sizing.refusal is None
    assert (sizing.leverage_cap, sizing.size.leverage, sizing.size.qty) == (cap, cap, qty)
    assert sizing.size.margin == sizing.size.notional / cap


def test_the_contracts_highest_leverage_counts_where_its_tiers_are_unknown() -> None:
    assert sized(order(max_leverage="10"), 1000).leverage_cap == 10


def test_a_modest_account_keeps_its_own_leverage() -> None:
    sizing = sized(order(NARROW), 1000, leverage=3)

    assert (sizing.size.leverage, sizing.leverage_cap) == (3, 20)


@pytest.mark.parametrize(("qty", "expected"), [(9_999, 9_999), (10_000, 10_000), (10_001, 10_000)])
def test_no_position_is_larger_than_the_last_tier(qty: int, expected: int) -> None:
    sizing = sized(order(NARROW), qty)

    assert sizing.refusal is None
    assert sizing.size.qty == expected


def test_the_cap_of_the_tiers_floors_to_the_step() -> None:
    plan = order(NARROW)
    plan = replace(plan, instrument=replace(CONTRACT, step=Decimal(3000)))

    assert sized(plan, 50_000).size.qty == 9000


def test_a_last_tier_without_an_end_limits_nothing() -> None:
    endless = tiers(("0", "5000", "0.015", None), ("5000", None, "0.025", None))

    assert sized(order(endless), 10**9, leverage=3).size.qty == 10**9


@pytest.mark.parametrize("qty", [1, 20_000])
def test_an_order_beyond_the_last_tier_fits_no_account(qty: int) -> None:
    plan = order(NARROW)
    plan = replace(plan, instrument=replace(CONTRACT, min_qty=Decimal(10_001)))

    sizing = sized(plan, qty)

    assert sizing.refusal == Refusal(
        code=RefusalCode.ABOVE_TIER_NOTIONAL,
        message="the venue's tiers end at a notional of 10000, below the smallest order:"
        " no account would make it fit",
    )
    assert sizing.size.qty == 10_001


def test_the_smallest_order_may_fill_the_last_tier() -> None:
    plan = order(NARROW)
    plan = replace(plan, instrument=replace(CONTRACT, min_qty=Decimal(10_000)))

    assert sized(plan, 20_000).size.qty == 10_000


def end_in_stops(sizing: Sizing, plan: Order) -> Decimal:
    levels, size = plan.levels, sizing.size
    position = Position.leveraged(
        side=levels.side, entry=levels.entry, qty=size.qty, leverage=size.leverage
    )
    found = liquidation(position, plan.tiers, plan.basis, Decimal(0))
    assert found.refusals == ()
    assert found.price is not None
    return distance_stops(levels.entry, levels.stop, found.price)


def test_a_short_counts_the_tier_it_ends_in() -> None:
    plan = order(STEEP, Side.SHORT, FAR)
    sizing = sized(plan, 4999)

    # 1 / (1.13071 * 1.0505 - 1) = 5.32; the rate of the first tier alone would give 7.01
    assert sizing.leverage_cap == 5
    # 7x would end at (4999 + 714.14 + 200) / (1.05 * 4999) = 1.1267, 2.9 stops away
    assert end_in_stops(sizing, plan) >= 3


def test_a_small_short_ends_in_its_own_tier() -> None:
    plan = order(STEEP, Side.SHORT, FAR)
    sizing = sized(plan, 4000)

    # three stops away it is worth 4522.84; 1 / (1.13071 * 1.0105 - 1) = 7.01
    assert sizing.leverage_cap == 7
    assert end_in_stops(sizing, plan) >= 3


def test_a_long_counts_the_tier_it_begins_in() -> None:
    plan = order(STEEP, Side.LONG, FAR)

    # 1 / (1 - 0.86929 * 0.9895) = 7.15 and 1 / (1 - 0.86929 * 0.9495) = 5.73
    assert sized(plan, 4999).leverage_cap == 7
    assert sized(plan, 5001).leverage_cap == 5
    assert end_in_stops(sized(plan, 5001), plan) >= 3


def test_a_short_beyond_the_last_tier_counts_the_rate_of_the_last() -> None:
    assert sized(order(STEEP, Side.SHORT, FAR), 49_000).leverage_cap == 5


@pytest.mark.parametrize("side", Side)
def test_on_the_entry_basis_both_sides_bear_the_same_leverage(side: Side) -> None:
    # 1 / (3 * 0.039 + 0.05 + 0.0005) = 5.97; on the mark 6.19 for a long, 5.76 for a short
    plan = order((), side, Decimal("0.039"), basis=Basis.ENTRY)

    assert sized(plan, 1000).leverage_cap == 5
    cap = leverage_cap(plan.levels, Decimal(3), Decimal("0.05"), FEE, Basis.ENTRY)
    assert round(cap, 2) == Decimal("5.97")


def test_on_the_entry_basis_the_tier_is_that_of_the_entry() -> None:
    plan = order(STEEP, Side.SHORT, FAR, basis=Basis.ENTRY)
    sizing = sized(plan, 4999)

    # charged at the entry: 1 / (0.13071 + 0.0105) = 7.08
    assert sizing.leverage_cap == 7
    assert end_in_stops(sizing, plan) >= 3


def test_the_smallest_size_is_told_beside_the_size() -> None:
    sizing = sized(order(NARROW), 1000, leverage=3)

    # 5 / 0.998 = 5.01, so six
    assert (sizing.smallest.qty, sizing.size.qty) == (6, 1000)
    assert sizing.smallest.leverage == 3
    assert sizing.smallest.margin == 2
    assert sizing.smallest.loss_at_stop == Decimal("0.0203916012")
