import re
from dataclasses import replace
from decimal import Decimal

import pytest

from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.costs import CostRates, Levels, unit_costs
from signalbot.risk.sizing import Order, Sizing, leverage_cap, size_position

RULES = Rules()
LONG = Levels(
    side=Side.LONG, entry=Decimal("1.000"), stop=Decimal("0.998"), target=Decimal("1.002")
)
SHORT = Levels(
    side=Side.SHORT, entry=Decimal("1.000"), stop=Decimal("1.002"), target=Decimal("0.998")
)
LAYER = Levels(
    side=Side.LONG, entry=Decimal("1.0420"), stop=Decimal("1.0350"), target=Decimal("1.0525")
)
FEE, SLIP = Decimal("0.0005"), Decimal("0.0002")
RATES = CostRates(
    fee_in=FEE, fee_stop=FEE, fee_target=Decimal("0.0002"), slip_in=SLIP, slip_stop=SLIP
)
NO_RATES = CostRates(
    **dict.fromkeys(("fee_in", "fee_stop", "fee_target", "slip_in", "slip_stop"), Decimal(0))
)
CONTRACT = Instrument(
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    tick=Decimal("0.0001"),
    step=Decimal(100),
    min_qty=Decimal(100),
    min_notional=Decimal(5),
    contract_size=Decimal(1),
    taker_rate=FEE,
    maker_rate=Decimal("0.0002"),
)


def order_of(
    levels: Levels = LONG, rates: CostRates = RATES, depth: str | None = None, **terms: str
) -> Order:
    return Order(
        levels=levels,
        rates=rates,
        costs=unit_costs(levels, rates),
        instrument=replace(CONTRACT, **{name: Decimal(term) for name, term in terms.items()}),
        depth=None if depth is None else Decimal(depth),
    )


def sized(order: Order, equity: str, risk_pct: str = "0.5", leverage: str = "3") -> Sizing:
    profile = Profile(
        equity=Decimal(equity), risk_pct=Decimal(risk_pct), leverage=Decimal(leverage)
    )
    return size_position(order, profile, RULES)


def named_equity(refusal: Refusal) -> Decimal:
    return Decimal(re.search(r"it fits from ([0-9.]+) at this risk", refusal.message)[1])


def test_the_published_long_is_fourteen_hundred():
    order = order_of()
    sizing = sized(order, "1000")

    assert order.costs.loss == Decimal("0.0033986002")
    assert round(5 / order.costs.loss, 4) == Decimal("1471.1939")
    assert sizing.refusal is None
    assert sizing.size.qty == 1400
    assert sizing.size.loss_at_stop == Decimal("4.75804028")
    assert sizing.size.notional == 1400
    assert round(sizing.size.margin, 2) == Decimal("466.67")
    assert sizing.size.leverage == 3
    # a unit gains 0.0018 less fees of 0.0005001 and 0.0002004
    assert sizing.size.gain_at_target == Decimal("1.5393")


def test_without_costs_the_rule_gives_a_size_that_really_loses_far_more_than_allowed():
    naive = sized(order_of(rates=NO_RATES), "1000").size

    assert naive.qty == 2500
    assert naive.loss_at_stop == 5
    really_lost = naive.qty * order_of().costs.loss
    assert really_lost == Decimal("8.4965005")
    assert round(really_lost / 5, 1) == Decimal("1.7")


def test_the_published_short_is_fourteen_hundred_and_loses_a_little_more():
    order = order_of(SHORT)
    size = sized(order, "1000").size

    assert order.costs.loss == Decimal("0.0034014002")
    assert size.qty == 1400
    assert size.loss_at_stop == Decimal("4.76196028")


def test_an_account_of_fifty_is_too_small_and_is_told_the_smallest_that_is_not():
    order = order_of()
    sizing = sized(order, "50")

    assert sizing.refusal.code is RefusalCode.BELOW_MIN_QTY
    assert sizing.refusal.message == (
        "0.5 % risk allows 0, the smallest order is 100: it fits from 67.98 at this risk;"
        " never raise the risk to make it fit"
    )
    # 100 * 0.0033986002 / 0.005 = 67.972004: 67.97 would still be too little
    assert sized(order, "67.97").refusal.code is RefusalCode.BELOW_MIN_QTY
    assert sized(order, "67.972004").refusal is None
    assert sized(order, "67.98").size.qty == 100


def test_a_refused_plan_still_fills_every_figure_for_the_smallest_size():
    size = sized(order_of(), "50").size

    assert size.qty == 100
    assert size.notional == 100
    assert round(size.margin, 2) == Decimal("33.33")
    assert size.leverage == 3
    assert size.loss_at_stop == Decimal("0.33986002")


def test_an_account_of_ten_at_a_tenth_of_a_per_cent_cannot_reach_the_smallest_notional():
    order = order_of(step="1", min_qty="1")
    sizing = sized(order, "10", "0.1")

    assert sizing.refusal.code is RefusalCode.BELOW_MIN_NOTIONAL
    # 5 / 0.998 is 5.01, so 6; 6 * 0.0033986002 / 0.001 = 20.3916012
    assert sizing.refusal.message == (
        "0.1 % risk allows 2, an order must be worth 5: it fits from 20.40 at this risk;"
        " never raise the risk to make it fit"
    )
    assert sized(order, "20.39", "0.1").refusal.code is RefusalCode.BELOW_MIN_NOTIONAL
    assert sized(order, "20.40", "0.1").size.qty == 6


@pytest.mark.parametrize(("levels", "smallest"), [(LONG, 6), (SHORT, 5)])
def test_the_smallest_notional_counts_at_the_entry_and_at_the_stop(levels, smallest):
    # five are worth 5 at the entry of 1.000, but 4.99 at the long's stop
    order = order_of(levels, step="1", min_qty="0")

    assert sized(order, "1", "0.1").size.qty == smallest


@pytest.mark.parametrize(
    ("terms", "smallest"),
    [
        ({"step": "10", "min_qty": "25", "min_notional": "0"}, "30"),
        ({"step": "10", "min_qty": "0", "min_notional": "0"}, "10"),
        ({"step": "0.001", "min_qty": "0.002", "min_notional": "0"}, "0.002"),
    ],
)
def test_the_smallest_order_is_on_the_step_and_never_nothing(terms, smallest):
    sizing = sized(order_of(**terms), "0.0001")

    assert sizing.refusal.code is RefusalCode.BELOW_MIN_QTY
    assert sizing.size.qty == Decimal(smallest)


def test_the_worked_alert_of_five_hundred():
    sizing = sized(order_of(LAYER, step="1", min_qty="1"), "500")
    size = sizing.size

    assert sizing.refusal is None
    assert size.qty == 295
    assert size.notional == Decimal("307.39")
    assert round(size.margin, 2) == Decimal("102.46")
    assert round(size.loss_at_stop, 2) == Decimal("2.49")
    assert round(size.gain_at_target, 2) == Decimal("2.82")
    assert round(100 * size.loss_at_stop / 500, 2) == Decimal("0.50")


def test_the_worked_account_of_twenty_is_too_small():
    order = order_of(LAYER, step="1", min_qty="1", min_notional="20")
    sizing = sized(order, "20")

    # 20 / 1.0350 is 19.3, so 20 LAYER; 20 * 0.0084539007 / 0.005 = 33.8156028
    assert sizing.refusal == Refusal(
        code=RefusalCode.BELOW_MIN_NOTIONAL,
        message="0.5 % risk allows 11, an order must be worth 20: it fits from 33.82 at this risk;"
        " never raise the risk to make it fit",
    )
    assert round(11 * LAYER.entry, 1) == Decimal("11.5")
    assert sized(order, "33.81").refusal.code is RefusalCode.BELOW_MIN_NOTIONAL
    assert sized(order, "33.82").size.qty == 20


@pytest.mark.parametrize(("levels", "cap"), [(LONG, "46.7137"), (SHORT, "46.3113")])
def test_the_published_leverage_caps(levels, cap):
    worst = leverage_cap(levels, Decimal(3), Decimal("0.015"), FEE)

    assert round(worst, 4) == Decimal(cap)


def test_leverage_is_cut_to_what_keeps_liquidation_three_stops_away():
    # 1 / (1 - 0.994 * 0.9495) = 17.79 at the worst maintenance rate of 5 %
    greedy, modest = sized(order_of(), "1000", leverage="20"), sized(order_of(), "1000")

    assert greedy.size.leverage == 17
    assert round(greedy.size.margin, 2) == Decimal("82.35")
    assert greedy.size.qty == modest.size.qty
    assert greedy.size.loss_at_stop == modest.size.loss_at_stop


@pytest.mark.parametrize(
    ("side", "far", "nearer"),
    [
        # long: liquidation three stops away is above 0 up to a third of the entry
        (Side.LONG, "1.99", "2"),
        # short: (1 + 3 * 0.91 / 3) * 1.0505 is above 2, (1 + 3 * 0.90 / 3) * 1.0505 is not
        (Side.SHORT, "3.91", "3.90"),
    ],
)
def test_a_stop_so_far_that_no_leverage_is_safe_is_refused_until_it_is_nearer(side, far, nearer):
    def with_stop(stop: str) -> Sizing:
        levels = Levels(
            side=side, entry=Decimal(3), stop=Decimal(stop), target=Decimal(3 + side.sign)
        )
        return sized(order_of(levels, step="1", min_qty="1"), "1000")

    refused = with_stop(far)

    assert refused.refusal == Refusal(
        code=RefusalCode.LIQ_INSIDE_STOP,
        message="no leverage keeps liquidation 3 stops away: a nearer stop would fit",
    )
    assert (refused.size.leverage, refused.size.qty) == (1, 3 if side is Side.LONG else 2)
    assert refused.size.margin == refused.size.notional
    assert with_stop(nearer).refusal is None
    assert with_stop(nearer).size.leverage == 1


def test_margin_and_fees_cut_the_size_below_what_the_risk_allows():
    # one unit ties up 1.0002 / 3 + 0.001 * 1.0002 = 0.3344: 100 USDT bear 299 of the 1471
    sizing = sized(order_of(), "100", "5")

    assert sizing.refusal is None
    assert sizing.size.qty == 200
    assert sizing.size.loss_at_stop == Decimal("0.67972004")


def test_an_account_that_cannot_bear_the_margin_is_told_what_it_takes():
    sizing = sized(order_of(), "33", "5")

    # 100 * (1.0002 / 3 + 0.0010002) = 33.44002
    assert sizing.refusal == Refusal(
        code=RefusalCode.INSUFFICIENT_MARGIN,
        message="the smallest order needs 33.45 of margin and fees at 3x, the account has 33",
    )
    assert sizing.size.qty == 100
    assert sized(order_of(), "33.44", "5").refusal.code is RefusalCode.INSUFFICIENT_MARGIN
    assert sized(order_of(), "33.45", "5").size.qty == 100


def test_the_equity_a_small_account_is_told_bears_the_margin_too():
    # 5 % risk alone would fit from 6.80
    refusal = sized(order_of(), "6", "5").refusal

    assert refusal.code is RefusalCode.BELOW_MIN_QTY
    assert named_equity(refusal) == Decimal("33.45")
    assert sized(order_of(), "33.45", "5").refusal is None


def test_an_account_that_just_covers_the_margin_is_large_enough():
    # 90 * 3.2 / 3 = 96, though a third of 3.2 has no end
    levels = Levels(
        side=Side.LONG, entry=Decimal("3.2"), stop=Decimal("3.1"), target=Decimal("3.3")
    )
    order = order_of(levels, NO_RATES, step="10", min_qty="90")

    assert sized(order, "96", "50").size.qty == 90
    assert sized(order, "95.99", "50").refusal.message == (
        "the smallest order needs 96.00 of margin and fees at 3x, the account has 95.99"
    )


@pytest.mark.parametrize(("depth", "qty"), [("950", 900), ("1450", 1400), ("100", 100)])
def test_no_more_is_taken_than_the_share_of_the_visible_book(depth, qty):
    sizing = sized(order_of(depth=depth), "1000")

    assert sizing.refusal is None
    assert sizing.size.qty == qty


@pytest.mark.parametrize("equity", ["1000", "50"])
def test_a_book_too_thin_for_the_smallest_order_is_no_question_of_the_account(equity):
    sizing = sized(order_of(depth="99.9"), equity)

    assert sizing.size.qty == 100
    assert sizing.refusal == Refusal(
        code=RefusalCode.ABOVE_MAX_QTY,
        message="the visible book bears 99.9, the smallest order is 100:"
        " no account would make it fit",
    )
