"""The worked plan everywhere: long 1.0420, stop 1.0350, target 1.0525, 500 USDT, 0.5 %, 3x.

It loses (1.0422084 - 1.034793) + 0.0005 * (1.0422084 + 1.034793) = 0.0084539007 a unit at the
stop, 0.007 of it the way there, and gains 0.0102916 - 0.0005 * 1.0422084 - 0.0002 * 1.0525 =
0.0095599958 at the target.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.advice import Advice, Ask, advise
from signalbot.risk.costs import Levels, market_rates, unit_costs
from signalbot.risk.guards import GuardRules
from signalbot.risk.sizing import Order
from signalbot.risk.tiers import Band, single_tier, tiers_of
from signalbot.risk.venue_rules import rule_for

CONTRACT = Instrument(
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    tick=Decimal("0.0001"),
    step=Decimal(1),
    min_qty=Decimal(1),
    min_notional=Decimal(5),
    contract_size=Decimal(1),
    taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
)
LEVELS = Levels(
    side=Side.LONG, entry=Decimal("1.0420"), stop=Decimal("1.0350"), target=Decimal("1.0525")
)
SHORT = replace(LEVELS, side=Side.SHORT, stop=Decimal("1.049"), target=Decimal("1.0315"))
RATES = market_rates(CONTRACT.taker_rate, CONTRACT.maker_rate, Decimal("0.0002"))
ORDER = Order(
    levels=LEVELS,
    rates=RATES,
    costs=unit_costs(LEVELS, RATES),
    instrument=CONTRACT,
    tiers=single_tier(Decimal("0.015")),
)
PROFILE = Profile(equity=Decimal(500), risk_pct=Decimal("0.5"), leverage=Decimal(3))
ASK = Ask(order=ORDER, profile=PROFILE, venue_rule=rule_for("binanceusdm"))
LOSS = Decimal("0.0084539007")


def ask(**changes: Any) -> Ask:
    """Return the worked question with another order, account or circumstance."""
    order = {name: changes.pop(name) for name in ("tiers", "levels", "basis") if name in changes}
    if "levels" in order:
        order["costs"] = unit_costs(order["levels"], RATES)
    contract = {name: Decimal(changes.pop(name)) for name in ("tick", "step") if name in changes}
    profile = {
        name: Decimal(changes.pop(name))
        for name in ("equity", "risk_pct", "leverage")
        if name in changes
    }
    instrument = replace(CONTRACT, **contract)
    return replace(
        ASK,
        order=replace(ORDER, instrument=instrument, **order),
        profile=replace(PROFILE, **profile),
        **changes,
    )


def advised(question: Ask = ASK) -> Advice:
    return advise(question, Rules(), GuardRules())


def codes(advice: Advice) -> list[RefusalCode]:
    return [refusal.code for refusal in advice.refusals]


def test_the_worked_plan_is_answered_with_every_figure() -> None:
    advice = advised()

    assert advice.qty == advice.size.qty == 295
    assert advice.risk_money == Decimal("2.5")
    assert advice.size.loss_at_stop == 295 * LOSS
    assert advice.cost_r == LOSS / Decimal("0.007") - 1
    assert round(advice.cost_share, 6) == Decimal("0.171980")  # 0.0014539007 of 0.0084539007
    assert round(advice.reward_risk_net or 0, 4) == Decimal("1.1308")
    assert round(advice.breakeven_win_rate or 0, 3) == Decimal("0.469")
    # 1.0420 * (1 - 1/3) / (1 - 0.015), and (1.0420 - 0.7052) / 0.0070
    assert round(advice.liquidation_price or 0, 4) == Decimal("0.7052")
    assert round(advice.liquidation_distance_stops or 0) == 48
    assert advice.liquidation_range is None
    assert advice.leverage_cap == 28  # 1 / (1 - 1.0210 * 0.9845 / 1.0420) = 28.23
    assert (advice.refusals, advice.warnings) == ((), ())


def test_without_a_target_its_figures_are_left_out_and_nothing_else_changes() -> None:
    without = advised(ask(has_target=False))

    assert without == replace(advised(), reward_risk_net=None, breakeven_win_rate=None)


def test_a_target_that_even_loses_is_refused_only_where_there_is_one() -> None:
    near = replace(LEVELS, target=Decimal("1.0425"))

    assert codes(advised(ask(levels=near))) == [RefusalCode.COST_TOO_HIGH]
    assert codes(advised(ask(levels=near, has_target=False))) == []


def test_unknown_tiers_give_a_range_and_the_distance_of_its_nearer_end() -> None:
    advice = advised(ask(tiers=()))

    assert advice.liquidation_price is None
    low, high = advice.liquidation_range or (None, None)
    # 1.0420 * 2/3 / 0.99 and / 0.95
    assert round(low or 0, 4) == Decimal("0.7017")
    assert round(high or 0, 4) == Decimal("0.7312")
    assert round(advice.liquidation_distance_stops or 0, 1) == Decimal("44.4")
    assert advice.leverage_cap == 14  # 1 / (1 - 1.0210 * 0.9495 / 1.0420) = 14.37


def test_the_nearer_end_of_a_shorts_range_is_the_lower_one() -> None:
    advice = advised(ask(levels=SHORT, tiers=()))

    low, high = advice.liquidation_range or (None, None)
    # 1.0420 * 4/3 / 1.05 and / 1.01
    assert round(low or 0, 4) == Decimal("1.3232")
    assert round(high or 0, 4) == Decimal("1.3756")
    assert round(advice.liquidation_distance_stops or 0, 1) == Decimal("40.2")


def test_a_position_of_one_times_has_no_liquidation_where_all_of_it_is_paid() -> None:
    wide = replace(LEVELS, stop=Decimal("0.9"), target=Decimal("1.3"))

    advice = advised(ask(levels=wide, leverage="1"))
    unknown = advised(ask(levels=wide, leverage="1", tiers=()))

    assert (advice.liquidation_price, advice.liquidation_distance_stops) == (None, None)
    assert (unknown.liquidation_range, unknown.liquidation_distance_stops) == ((None, None), None)
    assert codes(advice) == codes(unknown) == []


def test_the_closing_fee_of_the_venue_moves_the_liquidation() -> None:
    # BingX counts the taker fee in: 1.0420 * 2/3 / (1 - 0.0155)
    advice = advised(ask(venue_rule=rule_for("bingx")))

    assert round(advice.liquidation_price or 0, 5) == Decimal("0.70560")


def test_the_account_of_twenty_is_too_small_and_every_figure_is_for_the_smallest_order() -> None:
    contract = replace(CONTRACT, min_notional=Decimal(20))
    question = ask(equity="20")

    advice = advised(replace(question, order=replace(ORDER, instrument=contract)))

    assert codes(advice) == [RefusalCode.BELOW_MIN_NOTIONAL]
    assert advice.qty == 0
    # 20 / 1.0350 is 19.3
    assert advice.size.qty == 20
    assert advice.size.loss_at_stop == 20 * LOSS
    assert advice.risk_money == Decimal("0.1")
    assert "fits from 33.82 " in advice.refusals[0].message


@pytest.mark.parametrize(
    ("circumstance", "code"),
    [
        ({"tick": "0.0004"}, RefusalCode.TICK_TOO_COARSE),  # 5 % of 0.0070 is 0.00035
        ({"spread": Decimal("0.0024")}, RefusalCode.STOP_INSIDE_SPREAD),  # three are 0.0072
        ({"risk_pct": "1.01"}, RefusalCode.RISK_ABOVE_LIMIT),
        ({"leverage": "29", "chose_leverage": True}, RefusalCode.LIQ_INSIDE_STOP),
    ],
)
def test_whatever_refuses_a_plan_shows_it_at_the_smallest_order(
    circumstance: dict[str, Any], code: RefusalCode
) -> None:
    advice = advised(ask(**circumstance))

    assert codes(advice) == [code]
    assert advice.qty == 0
    # 5 / 1.0350 is 4.8
    assert advice.size.qty == 5
    assert advice.size.loss_at_stop == 5 * LOSS


@pytest.mark.parametrize(
    "circumstance",
    [
        {"tick": "0.00035"},
        {"tick": "0.0004", "knows_tick": False},
        {"spread": Decimal("0.0023")},
        {"risk_pct": "1"},
        {"leverage": "28", "chose_leverage": True},
        {"leverage": "29"},
    ],
)
def test_what_just_fits_is_not_refused(circumstance: dict[str, Any]) -> None:
    assert codes(advised(ask(**circumstance))) == []


def test_every_reason_is_told_at_once() -> None:
    near = replace(LEVELS, stop=Decimal("1.0419"))

    advice = advised(ask(levels=near, spread=Decimal("0.0001"), risk_pct="2", equity="0.01"))

    assert codes(advice) == [
        RefusalCode.TICK_TOO_COARSE,
        RefusalCode.STOP_INSIDE_SPREAD,
        RefusalCode.COST_TOO_HIGH,
        RefusalCode.RISK_ABOVE_LIMIT,
        RefusalCode.BELOW_MIN_QTY,
    ]


def test_a_leverage_that_was_chosen_is_refused_and_told_the_highest_that_fits() -> None:
    advice = advised(ask(leverage="40", chose_leverage=True))

    assert advice.refusals[0].message == (
        "40x does not keep liquidation 3 stops away, or is above what the venue allows:"
        " at most 28x fits"
    )
    assert advice.size.leverage == 28


def test_a_leverage_that_nobody_chose_is_lowered() -> None:
    advice = advised(ask(leverage="40"))

    assert (advice.qty, advice.size.leverage) == (295, 28)


def test_where_no_leverage_is_safe_the_refusal_says_so_once() -> None:
    wide = replace(LEVELS, stop=Decimal("0.69"), target=Decimal("2"))

    advice = advised(ask(levels=wide, leverage="3", chose_leverage=True))

    assert [refusal.message for refusal in advice.refusals] == [
        "no leverage keeps liquidation 3 stops away: a nearer stop would fit"
    ]
    assert advice.leverage_cap == 0
    assert advice.size.leverage == 1


@pytest.mark.parametrize(("leverage", "warned"), [("5", False), ("5.1", True), ("20", True)])
def test_more_than_five_times_is_warned_of(leverage: str, warned: bool) -> None:
    advice = advised(ask(leverage=leverage, chose_leverage=True))

    expected = (
        f"{leverage}x is above the advised 3 to 5x: liquidation comes nearer, the loss at the stop"
        " stays"
    )
    assert advice.warnings == ((expected,) if warned else ())
    assert advice.qty == 295


def test_more_than_one_per_cent_takes_an_explicit_word_and_is_labelled() -> None:
    refused = advised(ask(risk_pct="2"))
    accepted = advised(ask(risk_pct="2", accepts_high_risk=True))

    assert refused.refusals[0].message == (
        "2 % of the account on one trade is above 1 %: it takes an explicit override"
    )
    assert accepted.refusals == ()
    assert accepted.qty == 1182  # 10 / 0.0084539007
    assert accepted.warnings == ("HIGH RISK: 2 % on one trade, 1 % is the limit",)


def test_the_word_for_high_risk_alone_changes_nothing() -> None:
    assert advised(ask(accepts_high_risk=True)) == advised()


ENDING = tiers_of([Band(floor=Decimal(0), cap=Decimal(400), mmr=Decimal("0.015"))])


def test_a_short_that_would_end_beyond_the_last_tier_is_told_the_size_that_fits() -> None:
    # 295 are worth 307.39, and at 1.0420 * (4/3) / 1.015 already 403.8
    advice = advised(ask(levels=SHORT, tiers=ENDING))

    assert codes(advice) == [RefusalCode.ABOVE_TIER_NOTIONAL]
    # (400 + 6) / (4/3) = 304.5, which a third of the margin without end just misses: 292 units
    assert "one of up to 304.499 with as much margin" in advice.refusals[0].message
    fitting = ask(levels=SHORT, tiers=ENDING, risk_pct="0.494")
    assert advised(fitting).refusals == ()
    assert advised(fitting).size.notional <= Decimal("304.5")


def test_an_order_beyond_the_last_tier_is_refused_with_one_reason() -> None:
    tiny = tiers_of([Band(floor=Decimal(0), cap=Decimal(3), mmr=Decimal("0.015"))])

    advice = advised(ask(tiers=tiny))

    assert codes(advice) == [RefusalCode.ABOVE_TIER_NOTIONAL]
    assert "no account would make it fit" in advice.refusals[0].message


def test_the_question_is_left_as_it_was() -> None:
    question, again = ask(equity="20", tick="0.0004"), ask(equity="20", tick="0.0004")

    advised(question)

    assert question == again
