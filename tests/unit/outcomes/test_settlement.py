from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.funding import FundingPayment
from signalbot.domain.side import Side
from signalbot.outcomes.settlement import funding_due, funding_paid, settle


def plan(side: Side = Side.LONG, **changes: object) -> Plan:
    """The scalp of the method's tables: 0.2 % either way, at 1.000."""
    stop, target = ("0.998", "1.002") if side is Side.LONG else ("1.002", "0.998")
    given: dict[str, object] = {
        "id": "a",
        "venue": "binanceusdm",
        "symbol": "LAYER/USDT:USDT",
        "side": side,
        "entry": Decimal("1.000"),
        "stop": Decimal(stop),
        "target": Decimal(target),
        "tick": Decimal("0.0001"),
        "latency_s": 10,
        "max_hold_min": 60,
        "entry_ttl_min": 5,
        "taker_rate": Decimal("0.0005"),
        "maker_rate": Decimal("0.0002"),
        "slippage_rate": Decimal(0),
    }
    return Plan(**(given | changes))


SLIPPING = {"slippage_rate": Decimal("0.0002")}
BY_LIMIT = {"entry_kind": EntryKind.LIMIT}
FREE = dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate"), Decimal(0))


@pytest.mark.parametrize(
    ("chosen", "at_target", "net_per_unit"),
    [
        (plan(), False, "-0.0029990"),
        (plan(), True, "0.0012996"),
        (plan(**BY_LIMIT), False, "-0.0026990"),
        (plan(**BY_LIMIT), True, "0.0015996"),
        (plan(**SLIPPING), False, "-0.0033986002"),
        (plan(Side.SHORT, **SLIPPING), False, "-0.0034014002"),
        # in at 1.0002, out at 1.002: 0.0018 - 0.0005 * 1.0002 - 0.0002 * 1.002
        (plan(**SLIPPING), True, "0.0010995"),
        # in at 0.9998, out at 0.998: 0.0018 - 0.0005 * 0.9998 - 0.0002 * 0.998
        (plan(Side.SHORT, **SLIPPING), True, "0.0011005"),
        # a resting limit enters without slippage; the stop slips to 0.998 * 0.9998 = 0.9978004:
        # -0.0021996 - 0.0002 * 1 - 0.0005 * 0.9978004
        (plan(**BY_LIMIT, **SLIPPING), False, "-0.0028985002"),
    ],
)
def test_costs_are_those_of_the_method(chosen, at_target, net_per_unit):
    raw = chosen.target if at_target else chosen.stop

    result = settle(chosen, chosen.entry, raw, at_target=at_target)

    assert result.gross_r == (1 if at_target else -1)
    assert result.net_r == Decimal(net_per_unit) / Decimal("0.002")
    assert result.cost_r == result.gross_r - result.net_r


def test_an_exit_at_the_market_pays_the_taker_and_slips_even_at_the_target_price():
    chosen = plan(taker_rate=Decimal("0.001"), slippage_rate=Decimal("0.01"))

    result = settle(chosen, Decimal(1), Decimal(1), at_target=False)

    # in at 1.01, out at 0.99, and a thousandth of each: -0.022 on a risk of 0.002
    assert (result.gross_r, result.net_r) == (0, -11)


def test_r_is_the_planned_risk_whatever_the_fill_was():
    result = settle(plan(**FREE), Decimal("1.0004"), Decimal("1.002"), at_target=True)

    assert result.gross_r == result.net_r == Decimal("0.8")


@pytest.mark.parametrize(("side", "net_r"), [(Side.LONG, "-1.15"), (Side.SHORT, "-0.85")])
def test_a_positive_rate_is_paid_by_the_long_and_received_by_the_short(side, net_r):
    due = [
        FundingPayment(time=1, rate=Decimal("0.0001"), price=Decimal("1.0")),
        FundingPayment(time=2, rate=Decimal("0.0004"), price=Decimal("0.5")),
    ]
    chosen = plan(side, **FREE)

    paid = funding_paid(chosen, due)
    result = settle(chosen, chosen.entry, chosen.stop, at_target=False, funding=paid)

    # 0.0001 * 1.0 + 0.0004 * 0.5 = 0.0003 a unit, 0.15 R
    assert paid == side.sign * Decimal("0.0003")
    assert (result.gross_r, result.net_r) == (-1, Decimal(net_r))
    assert result.cost_r == -1 - Decimal(net_r)


def test_without_a_funding_time_nothing_is_paid():
    assert funding_paid(plan(), ()) == 0


def test_funding_falls_due_after_the_fill_and_up_to_the_exit():
    times = [
        FundingPayment(time=at, rate=Decimal(1), price=Decimal(1)) for at in (9, 10, 11, 20, 21)
    ]

    due = funding_due(times, filled_at=10, exit_at=20)

    assert [payment.time for payment in due] == [11, 20]


PRICES = st.decimals("0.5", "2", places=4)
RATES = st.decimals("0", "0.002", places=5)


@given(side=st.sampled_from(Side), fill=PRICES, leave=PRICES, rate=RATES, more=RATES)
def test_dearer_trading_never_leaves_more(side, fill, leave, rate, more):
    cheap = plan(side, **(FREE | {"taker_rate": rate, "slippage_rate": rate}))
    dear = plan(side, **(FREE | {"taker_rate": rate + more, "slippage_rate": rate + more}))

    results = [settle(each, fill, leave, at_target=False) for each in (cheap, dear)]

    assert results[0].gross_r == results[1].gross_r
    assert results[1].net_r <= results[0].net_r


@given(fill=PRICES, leave=PRICES)
def test_what_a_long_wins_a_short_of_the_same_prices_loses(fill, leave):
    long, short = (settle(plan(side, **FREE), fill, leave, at_target=True) for side in Side)

    assert long.net_r == -short.net_r
