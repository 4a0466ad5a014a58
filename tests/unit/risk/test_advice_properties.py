"""What holds of every answer of the risk desk, whatever is asked of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.tiers import Band, Tier, single_tier, tiers_of
from signalbot.service.advise import Answer, SizeInput, ask_desk

# costs are judged elsewhere: here most plans should be taken
RULES = Rules(max_cost_r=Decimal(100))
TOO_SMALL = {
    RefusalCode.BELOW_MIN_QTY,
    RefusalCode.BELOW_MIN_NOTIONAL,
    RefusalCode.INSUFFICIENT_MARGIN,
}
VENUES = ["binanceusdm", "bybit", "bybit-before-2025-09", "bingx", "bitget", "weex", "mexc"]
ONE = Decimal(1)


def numbers(low: int, high: int, exponent: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number).scaleb(exponent))


def powers(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(ONE.scaleb)


@st.composite
def several_tiers(draw: Callable) -> tuple[Tier, ...]:
    bands: list[Band] = []
    floor, rate = Decimal(0), Decimal(draw(st.integers(4, 30))) / 1000
    highest = Decimal(draw(st.sampled_from([25, 50, 125])))
    for width in draw(st.lists(numbers(1, 99, 2), min_size=1, max_size=5)):
        bands.append(Band(floor=floor, cap=floor + width, mmr=rate, max_leverage=highest))
        floor += width
        rate = min(rate * draw(st.sampled_from([Decimal("1.2"), Decimal(2)])), Decimal("0.5"))
        highest = max(highest // 2, ONE)
    return tiers_of(bands)


RATES = numbers(1, 500, -4).map(single_tier)


@st.composite
def plans(
    draw: Callable,
    tiers: st.SearchStrategy = st.just(()) | RATES | several_tiers(),  # noqa: B008 - never changes
    leverage: st.SearchStrategy = st.none() | st.integers(1, 125).map(Decimal),  # noqa: B008
    risk_pct: st.SearchStrategy = numbers(1, 100, -2),  # noqa: B008
) -> SizeInput:
    # the entry has four digits and lies between 1e-6 and 1e6, distances are parts in 10,000 of it
    side = draw(st.sampled_from(Side))
    entry = draw(numbers(1_000, 9_999, -3)) * draw(powers(-6, 5))
    part = entry / 10_000
    stop = entry - side.sign * part * draw(st.integers(5, 100) | st.integers(100, 5_000))
    target = draw(st.none() | st.integers(200, 9_000).map(lambda n: entry + side.sign * part * n))
    step = ONE.scaleb(-entry.adjusted() - draw(st.integers(-1, 4)))
    return SizeInput(
        side=side,
        entry=entry,
        stop=stop,
        target=target,
        equity=draw(numbers(1_000, 10**7, -2)),
        risk_pct=draw(risk_pct),
        leverage=draw(leverage),
        venue=draw(st.sampled_from(VENUES)),
        taker_rate=draw(numbers(0, 100, -5)),
        maker_rate=draw(numbers(0, 50, -5)),
        slippage_rate=draw(numbers(0, 50, -5)),
        spread=draw(st.none() | st.integers(0, 3).map(lambda n: part * n)),
        tick=part / draw(st.sampled_from([1, 4])),
        step=step,
        min_qty=draw(st.integers(0, 3)) * step,
        min_notional=draw(st.sampled_from([Decimal(0), Decimal(5)])),
        max_leverage=draw(st.none() | st.integers(1, 125).map(Decimal)),
        tiers=draw(tiers),
    )


def asked(plan: SizeInput) -> Answer:
    return ask_desk(plan, {}, RULES)


def codes(answer: Answer) -> set[RefusalCode]:
    return {refusal.code for refusal in answer.advice.refusals}


def told(answer: Answer, code: RefusalCode, pattern: str) -> Decimal:
    """Return the number that a refusal says would make it fit."""
    message = next(each.message for each in answer.advice.refusals if each.code is code)
    found = re.search(pattern, message)
    assert found, message
    return Decimal(found[1])


@given(plan=plans())
def test_the_loss_at_the_stop_never_exceeds_the_risk(plan: SizeInput) -> None:
    answer = asked(plan)

    if answer.advice.qty:
        loss = Fraction(answer.advice.qty) * Fraction(answer.ask.order.costs.loss)
        assert loss <= Fraction(plan.equity) * Fraction(plan.risk_pct or 0) / 100


@given(plan=plans())
def test_one_step_more_would_risk_too_much_unless_something_else_caps_it(plan: SizeInput) -> None:
    answer = asked(plan)
    order, size = answer.ask.order, answer.advice.size

    if answer.advice.qty:
        more = Fraction(size.qty + order.instrument.step)
        entry = Fraction(order.levels.entry)
        filled = entry * (1 + order.levels.side.sign * Fraction(order.rates.slip_in))
        fees = Fraction(order.rates.fee_in) + Fraction(order.rates.fee_stop)
        risks_more = more * Fraction(order.costs.loss) > Fraction(answer.advice.risk_money)
        ties_up_more = more * filled * (1 / Fraction(size.leverage) + fees) > plan.equity
        is_beyond_tiers = bool(order.tiers) and more * entry > order.tiers[-1].cap
        assert risks_more or ties_up_more or is_beyond_tiers


@given(plan=plans())
def test_the_liquidation_of_what_is_taken_lies_three_stops_away(plan: SizeInput) -> None:
    highest = max(asked(plan).advice.leverage_cap, ONE)

    for leverage in (plan.leverage, highest):
        advice = asked(replace(plan, leverage=leverage)).advice
        if advice.qty and advice.liquidation_distance_stops is not None:
            assert round(advice.liquidation_distance_stops, 15) >= 3
        if advice.qty:
            assert (advice.liquidation_range is None) == bool(plan.tiers)
            assert 1 <= advice.size.leverage <= advice.leverage_cap


@given(plan=plans(), exponent=st.integers(-6, 6))
def test_a_price_in_another_unit_gives_the_same_trade(plan: SizeInput, exponent: int) -> None:
    def scaled(value: Decimal | None, by: int = exponent) -> Decimal | None:
        return None if value is None else value.scaleb(by)

    other = replace(
        plan,
        entry=plan.entry.scaleb(exponent),
        stop=plan.stop.scaleb(exponent),
        target=scaled(plan.target),
        spread=scaled(plan.spread),
        tick=scaled(plan.tick),
        step=scaled(plan.step, -exponent),
        min_qty=scaled(plan.min_qty, -exponent),
    )

    one, two = asked(plan).advice, asked(other).advice

    assert two.qty.scaleb(exponent) == one.qty
    assert replace(two.size, qty=two.size.qty.scaleb(exponent)) == one.size
    assert [each.code for each in two.refusals] == [each.code for each in one.refusals]
    assert (two.cost_r, two.cost_share, two.leverage_cap, two.warnings) == (
        *(one.cost_r, one.cost_share, one.leverage_cap),
        one.warnings,
    )
    assert (two.reward_risk_net, two.breakeven_win_rate) == (
        one.reward_risk_net,
        one.breakeven_win_rate,
    )


@given(plan=plans(tiers=RATES), venue=st.sampled_from(["mexc", "bybit-before-2025-09"]))
def test_without_costs_a_short_mirrors_a_long_where_the_entry_is_charged(
    plan: SizeInput, venue: str
) -> None:
    free = dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate", "min_notional"), Decimal(0))
    plan = replace(plan, venue=venue, **free)
    mirrored = replace(
        plan,
        side=Side.SHORT if plan.side is Side.LONG else Side.LONG,
        stop=2 * plan.entry - plan.stop,
        target=None if plan.target is None else 2 * plan.entry - plan.target,
    )

    one, two = asked(plan).advice, asked(mirrored).advice

    assert (two.qty, two.size, two.leverage_cap) == (one.qty, one.size, one.leverage_cap)
    assert [each.code for each in two.refusals] == [each.code for each in one.refusals]
    if one.liquidation_price is not None and two.liquidation_price is not None:
        middle = (one.liquidation_price + two.liquidation_price) / 2
        assert abs(middle / plan.entry - 1) < Decimal("1E-20")


@given(plan=plans(tiers=st.just(()) | RATES, risk_pct=numbers(1, 3_000, -2)))
def test_the_equity_that_is_told_fits_and_a_cent_less_does_not(plan: SizeInput) -> None:
    plan = replace(plan, accepts_high_risk=True)
    answer = asked(replace(plan, equity=plan.equity / 1_000))
    assume(len(codes(answer)) == 1 and codes(answer) <= TOO_SMALL)
    code = answer.advice.refusals[0].code
    enough = told(answer, code, r"(?:fits from|order needs) ([0-9.]+)")

    assert codes(asked(replace(plan, equity=enough))) == set()
    assert codes(asked(replace(plan, equity=enough - Decimal("0.01")))) <= TOO_SMALL
    assert codes(asked(replace(plan, equity=enough - Decimal("0.01")))) != set()


@given(plan=plans(), tick=st.integers(2, 500))
def test_the_distance_that_is_told_fits_the_tick_and_the_spread(plan: SizeInput, tick: int) -> None:
    sign = 1 if plan.side is Side.LONG else -1
    part = plan.entry / 10_000
    plan = replace(plan, target=None, stop=plan.entry - sign * part * tick, spread=part * tick / 2)
    coarse = replace(plan, tick=part * max(tick // 10, 1), slippage_rate=Decimal(0))
    answer = asked(coarse)
    levels = answer.ask.order.levels

    for code in codes(answer) & {RefusalCode.TICK_TOO_COARSE, RefusalCode.STOP_INSIDE_SPREAD}:
        away = told(answer, code, r"it fits from (?:a stop )?([0-9.]+)")
        assume(levels.entry - sign * away > 0)
        wider = replace(coarse, entry=levels.entry, stop=levels.entry - sign * away)
        assert code not in codes(asked(wider))
        assert away > abs(levels.entry - levels.stop)


@given(plan=plans(leverage=st.integers(1, 125).map(Decimal)))
def test_a_leverage_that_was_chosen_is_refused_above_the_cap_and_lowered_to_it_fits(
    plan: SizeInput,
) -> None:
    answer = asked(plan)
    assert plan.leverage is not None

    is_above = plan.leverage > answer.advice.leverage_cap
    assert (RefusalCode.LIQ_INSIDE_STOP in codes(answer)) == is_above
    if is_above and answer.advice.leverage_cap >= 1:
        fits = told(answer, RefusalCode.LIQ_INSIDE_STOP, r"at most ([0-9.]+)x fits")
        lowered = asked(replace(plan, leverage=fits))
        assert fits == answer.advice.leverage_cap
        assert RefusalCode.LIQ_INSIDE_STOP not in codes(lowered)


@given(plan=plans(leverage=st.none()))
def test_a_leverage_that_nobody_chose_is_three_or_what_fits(plan: SizeInput) -> None:
    answer = asked(plan)

    cap = answer.advice.leverage_cap
    assert answer.advice.size.leverage == max(min(Decimal(3), cap), ONE)
    assert (RefusalCode.LIQ_INSIDE_STOP in codes(answer)) == (cap < 1)


@given(plan=plans())
def test_more_than_five_times_is_always_warned_of(plan: SizeInput) -> None:
    advice = asked(plan).advice

    is_warned = any("is above the advised 3 to 5x" in warning for warning in advice.warnings)
    assert is_warned == (advice.size.leverage > 5)


@given(plan=plans(risk_pct=numbers(1, 300, -2)), accepts=st.booleans())
def test_more_than_one_per_cent_is_refused_unless_accepted_and_always_labelled(
    plan: SizeInput, accepts: bool
) -> None:
    answer = asked(replace(plan, accepts_high_risk=accepts))
    assert plan.risk_pct is not None

    is_high = plan.risk_pct > 1
    assert (RefusalCode.RISK_ABOVE_LIMIT in codes(answer)) == (is_high and not accepts)
    assert any("HIGH RISK" in warning for warning in answer.advice.warnings) == is_high


@given(plan=plans())
def test_a_refused_plan_shows_a_size_no_larger_than_a_taken_one_may_be(plan: SizeInput) -> None:
    taken = asked(plan)
    assume(taken.advice.qty)

    refused = asked(replace(plan, risk_pct=Decimal(2)))

    assert codes(refused) >= {RefusalCode.RISK_ABOVE_LIMIT}
    assert refused.advice.qty == 0
    assert 0 < refused.advice.size.qty <= taken.advice.qty
