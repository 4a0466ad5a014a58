import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.costs import CostRates, Levels, UnitCosts, unit_costs
from signalbot.risk.gates import refuse_cost, refuse_grid, refuse_levels, refuse_spread

RULES = Rules()


def trade(side: Side, entry: str, stop: str, target: str) -> Levels:
    return Levels(side=side, entry=Decimal(entry), stop=Decimal(stop), target=Decimal(target))


def long_with_stop(distance: Decimal, entry: Decimal = Decimal(1)) -> Levels:
    return Levels(side=Side.LONG, entry=entry, stop=entry - distance, target=entry + distance)


@pytest.mark.parametrize(
    "levels",
    [trade(Side.LONG, "1", "0.998", "1.002"), trade(Side.SHORT, "1", "1.002", "0.998")],
)
def test_a_stop_on_one_side_and_a_target_on_the_other_is_a_trade(levels):
    assert refuse_levels(levels) is None


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        (
            trade(Side.LONG, "1", "1", "1.01"),
            "the stop 1 of a long belongs above 0 and below the entry 1",
        ),
        (
            trade(Side.LONG, "1", "1.01", "1.02"),
            "the stop 1.01 of a long belongs above 0 and below the entry 1",
        ),
        (
            trade(Side.LONG, "0.0001", "0", "0.0002"),
            "the stop 0 of a long belongs above 0 and below the entry 0.0001",
        ),
        (
            trade(Side.SHORT, "1.20", "1.20", "1"),
            "the stop 1.2 of a short belongs above the entry 1.2",
        ),
        (
            trade(Side.SHORT, "1", "0.99", "0.98"),
            "the stop 0.99 of a short belongs above the entry 1",
        ),
    ],
)
def test_a_stop_on_the_wrong_side_is_told_where_it_belongs(levels, message):
    refusal = refuse_levels(levels)

    assert refusal.code is RefusalCode.INVALID_STOP_SIDE
    assert refusal.message == message


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        (
            trade(Side.LONG, "1", "0.99", "1"),
            "the target 1 of a long belongs above the entry 1",
        ),
        (
            trade(Side.LONG, "1", "0.99", "0.995"),
            "the target 0.995 of a long belongs above the entry 1",
        ),
        (
            trade(Side.SHORT, "1", "1.01", "1"),
            "the target 1 of a short belongs above 0 and below the entry 1",
        ),
        (
            trade(Side.SHORT, "1", "1.01", "0"),
            "the target 0 of a short belongs above 0 and below the entry 1",
        ),
    ],
)
def test_a_target_on_the_wrong_side_is_told_where_it_belongs(levels, message):
    refusal = refuse_levels(levels)

    assert refusal.code is RefusalCode.INVALID_TARGET_SIDE
    assert refusal.message == message


def test_a_wrong_stop_is_named_before_a_wrong_target():
    refusal = refuse_levels(trade(Side.LONG, "1", "1.01", "0.99"))

    assert refusal.code is RefusalCode.INVALID_STOP_SIDE


def test_a_tick_of_five_per_cent_of_the_stop_distance_fits_and_one_above_does_not():
    tick = Decimal("0.0001")

    assert refuse_grid(long_with_stop(20 * tick), tick, RULES) is None
    refusal = refuse_grid(long_with_stop(19 * tick), tick, RULES)
    assert refusal.code is RefusalCode.TICK_TOO_COARSE
    assert refusal.message == (
        "one tick (0.0001) is more than 5 % of the stop distance: it fits from a stop 0.002 away"
    )


def test_a_stop_three_spreads_away_fits_and_a_nearer_one_does_not():
    spread = Decimal("0.0007")

    assert refuse_spread(long_with_stop(Decimal("0.0021")), spread, RULES) is None
    refusal = refuse_spread(long_with_stop(Decimal("0.0020")), spread, RULES)
    assert refusal.code is RefusalCode.STOP_INSIDE_SPREAD
    assert refusal.message == (
        "the stop is nearer than 3 spreads (0.0007 each): it fits from 0.0021 away"
    )


@pytest.mark.parametrize("refuse", [refuse_grid, refuse_spread])
@settings(deadline=None)
@given(
    distance=st.integers(1, 10_000),
    size=st.integers(1, 3_000),
    unit=st.sampled_from([Decimal("1e-9"), Decimal("0.0001"), Decimal(100)]),
)
def test_the_distance_a_refusal_names_is_the_least_that_passes(refuse, distance, size, unit):
    entry = 10**6 * unit
    refusal = refuse(long_with_stop(distance * unit, entry), size * unit, RULES)

    if refusal:
        named = Decimal(re.search(r"fits from (?:a stop )?([0-9.]+) away", refusal.message)[1])
        assert named > distance * unit
        assert refuse(long_with_stop(named, entry), size * unit, RULES) is None
        assert refuse(long_with_stop(named - unit, entry), size * unit, RULES) == refusal


@settings(deadline=None)
@given(
    entry=st.integers(200, 10**6),
    share=st.sampled_from(["0.01", "0.03", "0.05", "0.07"]),
    side=st.sampled_from(Side),
)
def test_neither_gate_knows_long_from_short(entry, share, side):
    rules = Rules(max_tick_share=Decimal(share), min_stop_spreads=1 / Decimal(share))
    stop = entry - side.sign * 25
    levels = Levels(
        side=side, entry=Decimal(entry), stop=Decimal(stop), target=Decimal(entry + side.sign)
    )

    fits = Decimal(share) * 25 >= 1
    assert (refuse_grid(levels, Decimal(1), rules) is None) == fits
    assert (refuse_spread(levels, Decimal(1), rules) is None) == fits


def test_costs_of_exactly_the_limit_fit():
    assert (
        refuse_cost(UnitCosts(loss=Decimal("1.25"), gain=Decimal(1), risk=Decimal(1)), RULES)
        is None
    )


@pytest.mark.parametrize(
    ("loss", "shown"), [("1.2500000001", "0.26"), ("1.26", "0.26"), ("1.4995", "0.50")]
)
def test_costs_above_the_limit_never_read_like_the_limit(loss, shown):
    refusal = refuse_cost(UnitCosts(loss=Decimal(loss), gain=Decimal(1), risk=Decimal(1)), RULES)

    assert refusal.code is RefusalCode.COST_TOO_HIGH
    assert refusal.message == (
        f"costs are {shown} R at the stop, allowed are 0.25 R:"
        " a wider stop or a cheaper venue would fit"
    )


def taking(fee: str) -> CostRates:
    slip = Decimal("0.0002")
    rate = Decimal(fee)
    return CostRates(fee_in=rate, fee_stop=rate, fee_target=rate, slip_in=slip, slip_stop=slip)


def test_a_wider_stop_or_a_cheaper_venue_fits_as_the_refusal_says():
    # at 0.05 % and 0.02 % both ways the costs are 0.0014 - 0.0006999 d for a stop d below 1.0000:
    # 0.2538 R at d = 0.0055, 0.2493 R at d = 0.0056; at 0.02 % they are 0.1450 R at d = 0.0055
    near, wide = long_with_stop(Decimal("0.0055")), long_with_stop(Decimal("0.0056"))

    assert refuse_cost(unit_costs(near, taking("0.0005")), RULES).message.startswith(
        "costs are 0.26 R"
    )
    assert refuse_cost(unit_costs(wide, taking("0.0005")), RULES) is None
    assert refuse_cost(unit_costs(near, taking("0.0002")), RULES) is None


@settings(deadline=None)
@given(
    near=st.integers(1, 2_000),
    wider=st.integers(1, 2_000),
    side=st.sampled_from(Side),
)
def test_a_wider_stop_always_costs_less_in_r(near, wider, side):
    def cost_r(distance: int) -> Decimal:
        stop, target = Decimal(10_000 - side.sign * distance), Decimal(10_000 + side.sign)
        levels = Levels(side=side, entry=Decimal(10_000), stop=stop, target=target)
        return unit_costs(levels, taking("0.0005")).cost_r

    assert cost_r(near + wider) < cost_r(near)


@pytest.mark.parametrize("gain", ["0", "-0.001"])
def test_a_trade_that_loses_even_at_its_target_is_refused_however_cheap_its_stop(gain):
    costs = UnitCosts(loss=Decimal("1.01"), gain=Decimal(gain), risk=Decimal(1))

    refusal = refuse_cost(costs, RULES)

    assert refusal.code is RefusalCode.COST_TOO_HIGH
    assert refusal.message == (
        "the costs eat the whole gain at the target: a farther target would fit"
    )
