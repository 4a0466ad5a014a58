"""The worked numbers of the published method, asked as a user asks them."""

from decimal import Decimal
from typing import Any

import pytest

from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.risk.tiers import Band, single_tier, tiers_of
from signalbot.service.advise import Answer, SizeInput, ask_desk

RULES = Rules()
ANY_COST = Rules(max_cost_r=Decimal(1))
"""The scalp of 0.2 % costs 0.70 R, more than is allowed by default."""


def said(*, rules: Rules = RULES, **words: Any) -> Answer:
    """Ask in words: numbers as they are typed."""
    others = {"venue", "symbol", "tiers", "accepts_high_risk"}
    given = {name: word if name in others else Decimal(word) for name, word in words.items()}
    return ask_desk(SizeInput(**given), {}, rules)


SCALP = {
    "entry": "1.000",
    "stop": "0.998",
    "target": "1.002",
    "equity": "1000",
    "risk_pct": "0.5",
    "taker_rate": "0.0005",
    "slippage_rate": "0.0002",
    "tick": "0.0001",
    "step": "100",
    "min_qty": "100",
    "rules": ANY_COST,
}
SHORT_SCALP = SCALP | {"stop": "1.002", "target": "0.998"}
LAYER = {
    "venue": "binanceusdm",
    "symbol": "LAYER",
    "entry": "1.0420",
    "stop": "1.0350",
    "target": "1.0525",
    "equity": "500",
    "risk_pct": "0.5",
    "taker_rate": "0.0005",
    "maker_rate": "0.0002",
    "slippage_rate": "0.0002",
    "tick": "0.0001",
    "step": "1",
    "tiers": single_tier(Decimal("0.015")),
}


def codes(answer: Answer) -> list[RefusalCode]:
    return [refusal.code for refusal in answer.advice.refusals]


def message(answer: Answer) -> str:
    return answer.advice.refusals[0].message


@pytest.mark.parametrize(
    ("plan", "loss"), [(SCALP, "4.75804028"), (SHORT_SCALP, "4.76196028")], ids=["long", "short"]
)
def test_the_published_scalps_are_fourteen_hundred(plan: dict[str, Any], loss: str) -> None:
    advice = said(**plan).advice

    assert advice.refusals == ()
    assert advice.qty == 1400
    assert advice.size.loss_at_stop == Decimal(loss)
    assert advice.risk_money == 5
    assert (round(advice.size.margin, 2), advice.size.leverage) == (Decimal("466.67"), 3)


def test_the_same_scalp_is_refused_for_its_costs_by_default() -> None:
    refused = said(**SCALP | {"rules": RULES})

    assert codes(refused) == [RefusalCode.COST_TOO_HIGH]
    assert message(refused).startswith("costs are 0.70 R at the stop, allowed are 0.25 R")
    assert refused.advice.qty == 0
    assert refused.advice.size.loss_at_stop == Decimal("0.33986002")  # of the smallest order, 100


def test_without_costs_the_rule_gives_twenty_five_hundred() -> None:
    free = {"taker_rate": "0", "maker_rate": "0", "slippage_rate": "0"}

    assert said(**SCALP | free).advice.qty == 2500


@pytest.mark.parametrize(
    ("rates", "needed"),
    [
        (("0", "0"), "0.5000"),
        (("0.0005", "0.0005"), "0.7501"),
        (("0.0005", "0.0002"), "0.6977"),
    ],
)
def test_the_published_win_rates_that_pay_the_costs(rates: tuple[str, str], needed: str) -> None:
    plan = SCALP | {"taker_rate": rates[0], "maker_rate": rates[1], "slippage_rate": "0"}

    assert round(said(**plan).advice.breakeven_win_rate or 0, 4) == Decimal(needed)


def test_an_account_of_fifty_is_too_small_for_a_hundred_pieces() -> None:
    refused = said(**SCALP | {"equity": "50"})

    assert codes(refused) == [RefusalCode.BELOW_MIN_QTY]
    # 100 * 0.0033986002 / 0.005 = 67.972004, which 67.97 does not reach
    assert "fits from 67.98 at this risk" in message(refused)
    assert said(**SCALP | {"equity": "67.98"}).advice.qty == 100


def test_an_account_of_ten_at_a_tenth_of_a_per_cent_reaches_no_notional_of_five() -> None:
    refused = said(**SCALP | {"equity": "10", "risk_pct": "0.1", "step": "1", "min_qty": "1"})

    assert codes(refused) == [RefusalCode.BELOW_MIN_NOTIONAL]
    assert message(refused).startswith("0.1 % risk allows 2, an order must be worth 5")


@pytest.mark.parametrize("plan", [SCALP, SHORT_SCALP], ids=["long", "short"])
def test_the_published_leverage_caps_floor_to_forty_six(plan: dict[str, Any]) -> None:
    # 46.7137 and 46.3113 at a maintenance of 1.5 % and a fee of 0.05 %
    plan = plan | {"tiers": single_tier(Decimal("0.015"))}

    assert codes(said(**plan, leverage="46")) == []
    assert codes(said(**plan, leverage="47")) == [RefusalCode.LIQ_INSIDE_STOP]
    assert said(**plan, leverage="47").advice.leverage_cap == 46


def test_the_alert_of_the_voice_is_two_hundred_and_ninety_five_layer() -> None:
    advice = said(**LAYER).advice

    assert (advice.refusals, advice.qty) == ((), 295)
    assert round(advice.size.notional) == 307
    assert round(advice.size.margin) == 102
    assert round(advice.size.loss_at_stop, 2) == Decimal("2.49")
    assert round(advice.size.gain_at_target, 2) == Decimal("2.82")
    assert round(advice.liquidation_price or 0, 4) == Decimal("0.7052")
    assert round(advice.liquidation_distance_stops or 0) == 48
    assert round(advice.cost_r, 2) == Decimal("0.21")
    assert round(100 * (advice.breakeven_win_rate or 0), 1) == Decimal("46.9")


def test_the_account_of_twenty_is_told_thirty_four() -> None:
    small = LAYER | {"equity": "20", "min_notional": "20"}

    assert codes(said(**small)) == [RefusalCode.BELOW_MIN_NOTIONAL]
    assert message(said(**small)).startswith("0.5 % risk allows 11, an order must be worth 20")
    assert "fits from 33.82 at this risk" in message(said(**small))
    assert said(**small | {"equity": "33.82"}).advice.qty == 20
    assert said(**small | {"equity": "34"}).advice.qty == 20


WORKED_TIERS = tiers_of(
    [
        Band(floor=Decimal(0), cap=Decimal(5_000), mmr=Decimal("0.015")),
        Band(floor=Decimal(5_000), cap=Decimal(10_000), mmr=Decimal("0.025")),
        Band(floor=Decimal(10_000), cap=Decimal(20_000), mmr=Decimal("0.05")),
    ]
)


def opened(venue: str, leverage: str, tiers: Any, **position: str) -> Decimal:
    """Return the liquidation of exactly `qty` at `entry`, bought or sold without costs."""
    qty = Decimal(position["qty"])
    risked = qty * abs(Decimal(position["entry"]) - Decimal(position["stop"]))
    answer = said(
        venue=venue,
        entry=position["entry"],
        stop=position["stop"],
        equity="1E+8",
        risk_pct=str(risked / 10**6),
        leverage=leverage,
        tiers=tiers,
        step=position["qty"],
        accepts_high_risk=True,
        **dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate"), "0"),
    )
    assert (answer.advice.refusals, answer.advice.qty) == ((), qty)
    assert answer.advice.liquidation_price is not None
    return answer.advice.liquidation_price


def test_the_tier_is_the_one_at_the_liquidation_price() -> None:
    price = opened("binanceusdm", "5", WORKED_TIERS, entry="0.5", stop="0.501", qty="9500")

    assert round(price, 8) == Decimal("0.59050064")


def test_the_faq_of_binance() -> None:
    price = opened(
        "binanceusdm",
        str(Decimal("1456.84") * Decimal("3683.979") / Decimal("1535443.01")),
        single_tier(Decimal("0.10"), Decimal(135_365)),
        entry="1456.84",
        stop="1450",
        qty="3683.979",
    )

    assert round(price, 2) == Decimal("1114.78")


@pytest.mark.parametrize(
    ("venue", "price"), [("bybit", "19698.49246231"), ("bybit-before-2025-09", "19700")]
)
def test_both_rules_of_bybit(venue: str, price: str) -> None:
    tiers = single_tier(Decimal("0.005"))

    found = opened(venue, "50", tiers, entry="20000", stop="19950", qty="1")

    assert round(found, 8) == Decimal(price)


def test_the_help_page_of_mexc() -> None:
    tiers = single_tier(Decimal("0.004"))

    assert opened("mexc", "25", tiers, entry="50000", stop="49900", qty="0.1") == 48200
