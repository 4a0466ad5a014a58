from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.costs import (
    CostRates,
    Levels,
    UnitCosts,
    market_rates,
    replay_slippage,
    unit_costs,
)

SCALP = Levels(
    side=Side.LONG, entry=Decimal("1.000"), stop=Decimal("0.998"), target=Decimal("1.002")
)
MAKER, TAKER, SLIP = Decimal("0.0002"), Decimal("0.0005"), Decimal("0.0002")
FREE = CostRates(
    fee_in=Decimal(0),
    fee_stop=Decimal(0),
    fee_target=Decimal(0),
    slip_in=Decimal(0),
    slip_stop=Decimal(0),
)
TAKER_BOTH = replace(FREE, fee_in=TAKER, fee_stop=TAKER, fee_target=TAKER)
TAKER_SLIPPING = replace(TAKER_BOTH, slip_in=SLIP, slip_stop=SLIP, slip_target=SLIP)
TAKER_IN = replace(TAKER_BOTH, fee_target=MAKER)
MAKER_IN = replace(TAKER_IN, fee_in=MAKER)


@pytest.mark.parametrize(
    ("rates", "gain", "loss", "breakeven_pct", "r_per_trade"),
    [
        pytest.param(FREE, "0.002000", "0.002000", "50.00", "0.4118", id="none"),
        pytest.param(TAKER_BOTH, "0.000999", "0.002999", "75.01", "-0.0884", id="taker"),
        pytest.param(
            TAKER_SLIPPING, "0.0005986002", "0.0033986002", "85.02", "-0.2885", id="taker-slipping"
        ),
        pytest.param(TAKER_IN, "0.0012996", "0.0029990", "69.77", "0.0177", id="taker-in"),
        pytest.param(MAKER_IN, "0.0015996", "0.0026990", "62.79", "0.1677", id="maker-in"),
    ],
)
def test_the_published_scalp_under_each_cost_model(rates, gain, loss, breakeven_pct, r_per_trade):
    costs = unit_costs(SCALP, rates)

    assert costs.gain == Decimal(gain)
    assert costs.loss == Decimal(loss)
    assert costs.risk == Decimal("0.002")
    assert round(100 * costs.breakeven_win_rate, 2) == Decimal(breakeven_pct)
    twelve_of_seventeen = (12 * costs.gain - 5 * costs.loss) / 17 / costs.risk
    assert round(twelve_of_seventeen, 4) == Decimal(r_per_trade)


def test_a_short_pays_its_slippage_above_the_stop_and_below_the_entry():
    # E' = 0.9998, S' = 1.0022004: 0.0024004 + 0.0005 * (0.9998 + 1.0022004)
    short = Levels(
        side=Side.SHORT, entry=Decimal("1.000"), stop=Decimal("1.002"), target=Decimal("0.998")
    )

    costs = unit_costs(short, TAKER_SLIPPING)

    assert costs.loss == Decimal("0.0034014002")
    # T' = 0.9981996: 0.0016004 - 0.0005 * (0.9998 + 0.9981996)
    assert costs.gain == Decimal("0.0006014002")


def test_costs_and_reward_in_r_of_the_taker_scalp():
    costs = unit_costs(SCALP, TAKER_BOTH)

    assert costs.cost_r == Decimal("0.4995")  # 0.000999 / 0.002
    assert costs.reward_risk_net == Decimal("0.000999") / Decimal("0.002999")


def test_two_to_one_against_needs_two_wins_of_three():
    one_to_half = replace(SCALP, target=Decimal("1.001"))

    assert round(unit_costs(one_to_half, FREE).breakeven_win_rate, 4) == Decimal("0.6667")


@pytest.mark.parametrize("gain", ["0", "-0.0001"])
def test_a_plan_that_loses_even_at_its_target_never_breaks_even(gain):
    assert (
        UnitCosts(
            loss=Decimal("0.003"), gain=Decimal(gain), risk=Decimal("0.002")
        ).breakeven_win_rate
        == 1
    )


def test_expected_funding_is_paid_whatever_happens():
    without, paid = unit_costs(SCALP, TAKER_BOTH), unit_costs(SCALP, TAKER_BOTH, Decimal("0.0001"))

    assert paid.loss == without.loss + Decimal("0.0001")
    assert paid.gain == without.gain - Decimal("0.0001")
    assert paid.risk == without.risk


def test_a_market_entry_pays_the_taker_twice_and_the_target_rests():
    assert market_rates(TAKER, MAKER, Decimal("0.0003")) == CostRates(
        fee_in=TAKER,
        fee_stop=TAKER,
        fee_target=MAKER,
        slip_in=Decimal("0.0003"),
        slip_stop=Decimal("0.0003"),
    )


def test_slippage_without_a_book_is_two_basis_points_and_half_a_tick_rounded_up():
    # 0.0002 + 0.00005 / 1.042 = 0.0002479846449...
    assert replay_slippage(Decimal("1.0420"), Decimal("0.0001"), Rules()) == Decimal("0.0002479847")
    assert replay_slippage(Decimal("1"), Decimal("0.0001"), Rules()) == Decimal("0.00025")


TICKS = [Decimal(1).scaleb(exponent) for exponent in (-9, -4, 0)]
RATES = st.builds(
    CostRates,
    **dict.fromkeys(
        ("fee_in", "fee_stop", "fee_target", "slip_in", "slip_stop", "slip_target"),
        st.integers(0, 200).map(
            lambda hundred_thousandths: Decimal(hundred_thousandths).scaleb(-5)
        ),
    ),
)


@st.composite
def plans(draw) -> Levels:
    tick = draw(st.sampled_from(TICKS))
    entry = draw(st.integers(1_000, 1_000_000))
    side = draw(st.sampled_from(Side))
    stop = entry - side.sign * draw(st.integers(20, entry // 4))
    target = entry + side.sign * draw(st.integers(1, entry // 2))
    return Levels(side=side, entry=entry * tick, stop=stop * tick, target=target * tick)


@settings(deadline=None)
@given(plan=plans(), rates=RATES)
def test_costs_never_help(plan, rates):
    costs = unit_costs(plan, rates)

    assert costs.loss >= costs.risk
    assert costs.gain <= abs(plan.target - plan.entry)
    assert costs.cost_r >= 0
    assert 0 < costs.breakeven_win_rate <= 1


@settings(deadline=None)
@given(plan=plans(), rates=RATES)
def test_at_the_breakeven_rate_wins_pay_for_losses(plan, rates):
    costs = unit_costs(plan, rates)
    wins = costs.breakeven_win_rate

    if costs.gain > 0:
        assert abs(wins * costs.gain - (1 - wins) * costs.loss) <= costs.loss * Decimal("1e-24")
    else:
        assert wins == 1


@settings(deadline=None)
@given(
    plan=plans(),
    rates=RATES,
    name=st.sampled_from(CostRates.__slots__),
    more=st.integers(1, 100).map(
        lambda hundred_thousandths: Decimal(hundred_thousandths).scaleb(-5)
    ),
)
def test_a_dearer_fill_needs_more_wins_and_never_costs_less(plan, rates, name, more):
    cheap = unit_costs(plan, rates)
    dear = unit_costs(plan, replace(rates, **{name: getattr(rates, name) + more}))

    assert dear.breakeven_win_rate >= cheap.breakeven_win_rate
    if name.endswith("target"):
        assert dear.cost_r == cheap.cost_r
        assert dear.gain < cheap.gain
    else:
        assert dear.cost_r > cheap.cost_r


@settings(deadline=None)
@given(
    plan=plans(),
    rates=RATES,
    scale=st.sampled_from([Decimal("1e-9"), Decimal("0.01"), Decimal(10), Decimal("1e6")]),
)
def test_the_unit_of_the_price_changes_nothing_but_the_money(plan, rates, scale):
    scaled = Levels(
        side=plan.side,
        entry=plan.entry * scale,
        stop=plan.stop * scale,
        target=plan.target * scale,
    )

    small, large = unit_costs(plan, rates), unit_costs(scaled, rates)

    assert (large.loss, large.gain, large.risk) == (
        small.loss * scale,
        small.gain * scale,
        small.risk * scale,
    )
    assert large.cost_r == small.cost_r
    assert large.breakeven_win_rate == small.breakeven_win_rate


@settings(deadline=None)
@given(plan=plans())
def test_without_costs_long_and_short_are_mirror_images(plan):
    mirrored = Levels(
        side=Side.SHORT if plan.side is Side.LONG else Side.LONG,
        entry=plan.entry,
        stop=2 * plan.entry - plan.stop,
        target=2 * plan.entry - plan.target,
    )

    assert unit_costs(mirrored, FREE) == unit_costs(plan, FREE)


@settings(deadline=None)
@given(
    plan=plans(),
    fee=st.sampled_from([Decimal(0), MAKER, TAKER]),
    slip=st.sampled_from([Decimal(0), SLIP]),
)
def test_the_way_to_the_stop_costs_a_long_what_the_way_back_costs_a_short(plan, fee, slip):
    same = CostRates(
        fee_in=fee, fee_stop=fee, fee_target=fee, slip_in=slip, slip_stop=slip, slip_target=slip
    )
    back = Levels(
        side=Side.SHORT if plan.side is Side.LONG else Side.LONG,
        entry=plan.stop,
        stop=plan.entry,
        target=plan.target,
    )

    assert unit_costs(back, same).loss == unit_costs(plan, same).loss


@settings(deadline=None)
@given(
    entry=st.integers(1, 10**9),
    tick=st.sampled_from([Decimal(1).scaleb(exponent) for exponent in range(-9, 3)]),
)
def test_slippage_without_a_book_is_never_rounded_in_favour(entry, tick):
    price = entry * tick
    exact = Decimal("0.0002") + tick / 2 / price

    rate = replay_slippage(price, tick, Rules())

    assert exact <= rate < exact + Decimal("1e-10")
    assert rate.as_tuple().exponent == -10
