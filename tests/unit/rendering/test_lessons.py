"""Every worked number of a lesson, recomputed by the functions that size and settle alerts."""

import html
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import followed, recorded
from fakes.worked_alert import ALERT, CLOSE, INSTRUMENT, PLAN

from signalbot.domain.instrument import Instrument
from signalbot.domain.journal import Execution
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import ADVISED_LEVERAGE, Profile
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.outcomes.own_trade import fill_slippage
from signalbot.rendering.lessons import LESSONS, LONGEST, learn_text, lesson_text
from signalbot.risk.costs import CostRates, Levels, market_rates, plan_rates, unit_costs
from signalbot.risk.expectation import losing_run_probability
from signalbot.risk.guards import GuardRules
from signalbot.risk.sizing import Order, Sizing, size_position
from signalbot.risk.tiers import single_tier
from signalbot.service.personal import personal_advice
from signalbot.stats.scaling import DAYS_IN_A_ROW

TEXTS = {lesson.name: lesson.text for lesson in LESSONS}
ACCOUNT = Profile(equity=Decimal(500), risk_pct=Decimal("0.5"))
LAYER = Levels(side=Side.LONG, entry=PLAN.entry, stop=PLAN.stop, target=PLAN.target)
TOY = Levels(side=Side.LONG, entry=Decimal("1.000"), stop=Decimal("0.998"), target=Decimal("1.002"))
TAKER, SLIP = Decimal("0.0005"), Decimal("0.0002")
LOSS = unit_costs(LAYER, plan_rates(PLAN)).loss


def says(name: str, *phrases: str) -> None:
    for phrase in phrases:
        assert phrase in TEXTS[name], phrase


def toy_size(equity: int, step: int) -> Sizing:
    rates = market_rates(TAKER, TAKER, SLIP)
    contract: Instrument = replace(INSTRUMENT, step=Decimal(step), min_notional=Decimal(0))
    order = Order(levels=TOY, rates=rates, costs=unit_costs(TOY, rates), instrument=contract)
    return size_position(order, replace(ACCOUNT, equity=Decimal(equity)), Rules())


def test_micro_contracts() -> None:
    loss = unit_costs(TOY, market_rates(TAKER, TAKER, SLIP)).loss
    refused, fine = toy_size(50, 100), toy_size(50, 1)

    assert refused.refusal
    assert "it fits from 67.98 at this risk" in refused.refusal.message
    says(
        "contracts",
        f"A stop costs {100 * loss:.2f} USDT for each 100 coins",
        "you may lose 0.25 USDT",
        "It fits from 67.98 USDT",
        f"could hold {fine.size.qty}",
    )
    assert fine.refusal is None


def test_risk_and_size() -> None:
    size = personal_advice(ALERT, ACCOUNT, INSTRUMENT, Rules()).size
    careless = ACCOUNT.risk_money // PLAN.risk
    at_5 = 1 - 0.95**6

    says(
        "size",
        f"0.5 % is {ACCOUNT.risk_money:.2f} USDT",
        f"{LOSS:.5f} with fees and slippage",
        f"gives {size.qty} LAYER",
        f"buys {careless}, and loses {careless * LOSS:.2f} USDT",
        f"comes in {100 * losing_run_probability(6, 100, 0.55):.0f} of 100 cases",
        f"At 0.5 % such a run costs {100 * (1 - 0.995**6):.0f} %",
        f"At 5 % it costs {100 * at_5:.0f} %",
        f"you need {100 * (1 / (1 - at_5) - 1):.0f} % to be back",
        f"More than {GuardRules().max_risk_pct} % on one trade is refused",
    )
    assert Decimal("0.19") < careless * LOSS / ACCOUNT.risk_money - 1 < Decimal("0.21")


def test_costs() -> None:
    all_taken = CostRates(
        fee_in=TAKER, fee_stop=TAKER, fee_target=TAKER,
        slip_in=SLIP, slip_stop=SLIP, slip_target=SLIP,
    )  # fmt: skip
    nothing = CostRates(**dict.fromkeys(CostRates.__slots__, Decimal(0)))
    layer = unit_costs(LAYER, plan_rates(PLAN))

    says(
        "costs",
        f"{100 * unit_costs(TOY, nothing).breakeven_win_rate:.0f} wins of 100 break even",
        f"takes {100 * unit_costs(TOY, all_taken).breakeven_win_rate:.0f} of 100",
        f"costs {layer.cost_r:.2f} R, {100 * layer.breakeven_win_rate:.1f} % wins",
        f"A stop loses {1 + layer.cost_r:.2f} R",
        f"Above {Rules().max_cost_r} R no alert is sent",
    )


@pytest.mark.parametrize("leverage", [3, 10, 20])
def test_liquidation(leverage: int) -> None:
    profile = replace(ACCOUNT, leverage=Decimal(leverage))
    advice = personal_advice(ALERT, profile, INSTRUMENT, Rules(), single_tier(Decimal("0.015")))

    assert advice.liquidation_price
    stops = int(advice.liquidation_distance_stops or 0)
    says(
        "liquidation",
        f"{leverage}x: {advice.size.margin:.0f} USDT of margin, liquidation at"
        f" {advice.liquidation_price:.4f}, {stops} stops away",
        f"the stop at 1.0350 costs {advice.size.loss_at_stop:.2f} USDT",
        f"{advice.size.qty} LAYER",
        f"more than {ADVISED_LEVERAGE}x is advised against",
    )


def test_funding() -> None:
    without = unit_costs(LAYER, plan_rates(PLAN))
    much = unit_costs(LAYER, plan_rates(PLAN), PLAN.entry * Decimal("0.001"))
    notional = 295 * PLAN.entry

    says(
        "funding",
        f"are {notional:.0f} USDT",
        f"At 0.01 % the side that pays gives {notional * Decimal('0.0001'):.2f} USDT",
        f"At 0.1 % it is {notional * Decimal('0.001'):.2f} USDT",
        f"{295 * much.loss:.2f} USDT instead of {295 * without.loss:.2f}",
        f"{much.cost_r:.2f} R instead of {without.cost_r:.2f}",
        f"{100 * much.breakeven_win_rate:.1f} % wins instead of",
        f"{100 * without.breakeven_win_rate:.1f} %.",
    )


def test_the_journal() -> None:
    filled = Outcome(kind=OutcomeKind.STOP, fill_price=PLAN.entry)
    alert = replace(recorded(1184), alert=ALERT, outcome=filled)
    own = followed(alert, "1.0427", "1.0350")
    own = replace(own, entry=replace(own.entry, fill=Execution(price=Decimal("1.0427"), at=CLOSE)))

    slippage = fill_slippage(own)

    assert slippage
    says(
        "journal",
        f"{(Decimal('1.0427') - PLAN.entry) / PLAN.tick:.0f} ticks, and {slippage.r:.2f} R",
        f"in 20 trades {20 * slippage.r:.0f} R",
        f"after {DAYS_IN_A_ROW} profitable days in a row at the rules",
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_is_short_plain_and_calm(lesson) -> None:
    text = lesson_text(lesson)
    shown = html.unescape(re.sub("</?b>", "", text))

    assert len(shown) <= LONGEST
    assert "<" not in shown
    assert "!" not in shown
    assert not re.search(r"\b(now|hurry|never miss|guarantee|easy|profit fast)\b", shown, re.I)
    assert re.search(r"Worked: .*\d", text)


def test_the_lessons_lead_to_each_other_and_are_all_listed() -> None:
    names = [lesson.name for lesson in LESSONS]

    assert names == ["contracts", "size", "costs", "liquidation", "funding", "journal"]
    assert re.findall(r"/learn (\w+)", learn_text()) == names
    nexts = [re.findall(r"Next: /learn (\w+)", lesson_text(lesson))[0] for lesson in LESSONS]
    assert nexts == names[1:] + names[:1]
