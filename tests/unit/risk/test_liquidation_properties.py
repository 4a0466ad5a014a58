from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.risk.liquidation import (
    Basis,
    Liquidation,
    Position,
    liquidation,
    liquidation_range,
)
from signalbot.risk.tiers import Band, Tier, tiers_of

TINY = Fraction(1, 10**12)


def numbers(low: int, high: int, exponent: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number).scaleb(exponent))


FEES = numbers(0, 100, -5)
ADDED = st.integers(0, 400).map(lambda number: Decimal(number) / 100)  # of the margin posted


@st.composite
def ladders(draw) -> tuple[Tier, ...]:
    # up to eight tiers of any width, first rates from 0.1 % on, the last one perhaps without cap
    widths = draw(st.lists(st.integers(1, 10**7), min_size=1, max_size=8))
    steps = draw(st.lists(st.integers(0, 100), min_size=len(widths), max_size=len(widths)))
    edges = [Decimal(edge) for edge in accumulate(widths, initial=0)]
    rates = [Decimal(rate).scaleb(-3) for rate in accumulate(steps, initial=1)]
    caps: list[Decimal | None] = [*edges[1:]]
    if draw(st.booleans()):
        caps[-1] = None
    return tiers_of(
        [
            Band(floor=floor, cap=cap, mmr=rate)
            for floor, cap, rate in zip(edges, caps, rates, strict=False)
        ]
    )


@st.composite
def cases(draw) -> tuple[Position, tuple[Tier, ...]]:
    # prices from 1e-9 to 1e6, the notional anywhere up to the end of the last tier
    tiers = draw(ladders())
    entry = draw(numbers(1_000, 9_999, -3)) * draw(st.integers(-9, 5).map(Decimal(1).scaleb))
    last = tiers[-1]
    end = last.cap if last.cap.is_finite() else 2 * last.floor + 1
    notional = end * draw(numbers(1, 999, -3))
    position = Position.leveraged(
        side=draw(st.sampled_from(Side)),
        entry=entry,
        qty=notional / entry,
        leverage=draw(numbers(100, 15_000, -2)),
    )
    return replace(position, added_margin=position.margin * draw(ADDED)), tiers


def left(position: Position, price: Fraction, kept_on: Fraction, rate: Fraction) -> Fraction:
    """Return the equity at a price less `rate` of the notional `kept_on`; by fractions."""
    profit = position.side.sign * Fraction(position.qty) * (price - Fraction(position.entry))
    margin = Fraction(position.margin) + Fraction(position.added_margin)
    return margin + profit - rate * kept_on


def notional_at(position: Position, price: Decimal) -> Fraction:
    return Fraction(position.qty) * Fraction(price)


def reach(position: Position, found: Liquidation) -> Decimal:
    """Return how far away a liquidation is; infinite where there is none."""
    if found.price is not None:
        return abs(found.price - position.entry)
    at_once = {refusal.code for refusal in found.refusals} == {RefusalCode.LIQUIDATED_AT_ENTRY}
    return Decimal(0) if at_once else Decimal("Infinity")


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES)
def test_at_the_liquidation_price_the_equity_is_the_maintenance(case, basis, fee):
    position, tiers = case

    found = liquidation(position, tiers, basis, fee)

    if found.price is not None:
        price = Fraction(found.price)
        kept_on = Fraction(position.qty) * (
            price if basis is Basis.MARK else Fraction(position.entry)
        )
        rate = Fraction(found.mmr) + Fraction(fee)
        maintenance = rate * kept_on - Fraction(found.cum)
        excess = left(position, price, kept_on, rate) + Fraction(found.cum)
        assert abs(excess) <= TINY * maintenance


@given(case=cases(), fee=FEES)
def test_the_tier_holds_the_notional_at_the_liquidation_price(case, fee):
    position, tiers = case

    found = liquidation(position, tiers, Basis.MARK, fee)

    if found.price is not None:
        tier, notional = tiers[found.tier - 1], notional_at(position, found.price)
        assert notional > Fraction(tier.floor) * (1 - TINY)
        assert not tier.cap.is_finite() or notional <= Fraction(tier.cap) * (1 + TINY)


@given(case=cases(), fee=FEES)
def test_it_is_the_only_tier_that_holds_its_own_solution(case, fee):
    position, tiers = case
    sign, qty = position.side.sign, Fraction(position.qty)
    margin = Fraction(position.margin) + Fraction(position.added_margin)
    holding = []
    for number, tier in enumerate(tiers, start=1):
        factor = Fraction(tier.mmr) + Fraction(fee) - sign
        assume(factor != 0)
        money = margin + Fraction(tier.cum) - sign * qty * Fraction(position.entry)
        notional = money / factor
        if tier.floor < notional and (not tier.cap.is_finite() or notional <= tier.cap):
            holding.append((number, notional / qty))

    found = liquidation(position, tiers, Basis.MARK, fee)

    if found.price is not None:
        ((number, price),) = holding
        assert found.tier == number
        assert abs(Fraction(found.price) - price) <= TINY * price
    elif not found.refusals:
        assert holding == []
        assert position.side is Side.LONG


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES, more=numbers(1, 10**6, -4))
def test_more_margin_never_brings_it_nearer(case, basis, fee, more):
    position, tiers = case
    richer = replace(position, added_margin=position.added_margin + position.margin * more)

    before = liquidation(position, tiers, basis, fee)
    after = liquidation(richer, tiers, basis, fee)

    assert reach(richer, after) >= reach(position, before)


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES, more=numbers(1, 100, -5))
def test_a_closing_fee_never_takes_it_farther(case, basis, fee, more):
    position, tiers = case

    cheap = liquidation(position, tiers, basis, fee)
    dear = liquidation(position, tiers, basis, fee + more)

    assert reach(position, dear) <= reach(position, cheap)


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES)
def test_a_long_is_liquidated_below_its_entry_and_a_short_above(case, basis, fee):
    position, tiers = case

    found = liquidation(position, tiers, basis, fee)

    if found.price is None:
        assert found.refusals or position.side is Side.LONG
    else:
        assert found.price.is_finite()
        assert found.price > 0
        assert (position.entry - found.price) * position.side.sign > 0


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES, power=st.integers(-6, 6))
def test_a_coin_quoted_in_other_units_is_liquidated_at_the_same_share(case, basis, fee, power):
    position, tiers = case
    scaled = replace(position, entry=position.entry.scaleb(power), qty=position.qty.scaleb(-power))

    found = liquidation(position, tiers, basis, fee)
    other = liquidation(scaled, tiers, basis, fee)

    assert other == replace(found, price=found.price and found.price.scaleb(power))


@given(case=cases(), fee=FEES)
def test_a_larger_position_is_never_liquidated_farther_away(case, fee):
    # both have the same leverage
    position, tiers = case
    half = replace(
        position,
        qty=position.qty / 2,
        margin=position.margin / 2,
        added_margin=position.added_margin / 2,
    )

    small = liquidation(half, tiers, Basis.MARK, fee)
    large = liquidation(position, tiers, Basis.MARK, fee)

    assume(all(found.price is not None for found in (small, large)))
    slack = position.entry.scaleb(-20)  # a half is rounded at its 28th digit
    assert reach(position, large) <= reach(half, small) + slack


@given(case=cases(), basis=st.sampled_from(Basis), fee=FEES)
def test_a_range_runs_upwards_on_the_losing_side(case, basis, fee):
    position, _ = case

    low, high = liquidation_range(position, basis, fee)

    ends = [end for end in (low, high) if end is not None]
    assert all(lower <= upper for lower, upper in pairwise(ends))
    assert all((position.entry - end) * position.side.sign >= 0 for end in ends)
    assert position.side is Side.LONG or len(ends) == 2


@given(case=cases(), leverage=numbers(100, 15_000, -2))
def test_exactly_the_leverage_of_the_tier_is_allowed(case, leverage):
    position, tiers = case
    capped = tuple(replace(tier, max_leverage=leverage) for tier in tiers)
    terms = {"side": position.side, "entry": position.entry, "qty": position.qty}

    at_most = liquidation(
        Position.leveraged(**terms, leverage=leverage), capped, Basis.ENTRY, Decimal(0)
    )
    beyond = liquidation(
        Position.leveraged(**terms, leverage=leverage + Decimal("0.01")),
        capped,
        Basis.ENTRY,
        Decimal(0),
    )

    assert RefusalCode.LEVERAGE_ABOVE_TIER not in {refusal.code for refusal in at_most.refusals}
    assert beyond.refusals[0].code is RefusalCode.LEVERAGE_ABOVE_TIER
