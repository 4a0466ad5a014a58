from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, BtcNote, EntryKind, Plan, SetupState, Size, alert_id
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1

LONG = Plan(
    id="a12e61d2ef5e3776",
    venue="binanceusdm",
    symbol="TOY/USDT:USDT",
    side=Side.LONG,
    entry=Decimal("1.0000"),
    stop=Decimal("0.9970"),
    target=Decimal("1.0060"),
    tick=Decimal("0.0001"),
    latency_s=10,
    max_hold_min=60,
    entry_ttl_min=5,
    taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
    slippage_rate=Decimal("0.0003"),
)
SHORT = replace(LONG, side=Side.SHORT, stop=Decimal("1.0030"), target=Decimal("0.9940"))

IDENTITY = {
    "setup": "range_breakout",
    "version": "1.0.0-0badcafe",
    "venue": "binanceusdm",
    "symbol": "TOY/USDT:USDT",
    "timeframe": "1m",
    "candle_close": 1_767_225_660_000,
    "side": Side.LONG,
}


def test_an_id_is_the_start_of_a_hash_over_seven_fields() -> None:
    # printf 'range_breakout\x1f1.0.0-0badcafe\x1f...\x1f1767225660000\x1flong' | sha256sum
    assert alert_id(**IDENTITY) == "a12e61d2ef5e3776"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("setup", "rsi_stochastic_reversal"),
        ("version", "1.0.1-0badcafe"),
        ("venue", "bybit"),
        ("symbol", "TOYS/USDT:USDT"),
        ("timeframe", "5m"),
        ("candle_close", 1_767_225_720_000),
        ("side", Side.SHORT),
    ],
)
def test_each_of_the_seven_fields_makes_another_alert(field: str, other: object) -> None:
    assert alert_id(**IDENTITY | {field: other}) != alert_id(**IDENTITY)


NAMES = st.text("ab/:", max_size=3)


@given(first=st.tuples(NAMES, NAMES, NAMES), second=st.tuples(NAMES, NAMES, NAMES))
def test_two_alerts_share_an_id_only_if_they_are_one(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    fields = ("setup", "version", "venue")

    same = alert_id(**IDENTITY | dict(zip(fields, first, strict=True))) == alert_id(
        **IDENTITY | dict(zip(fields, second, strict=True))
    )

    assert same == (first == second)


def test_one_r_is_the_distance_to_the_stop_on_either_side() -> None:
    assert LONG.risk == SHORT.risk == Decimal("0.0030")


def test_the_coin_of_a_plan_is_its_base_asset() -> None:
    assert LONG.coin == "TOY"


def test_a_market_entry_pays_the_taker_fee_and_slippage() -> None:
    assert LONG.entry_kind is EntryKind.MARKET
    assert LONG.entry_fee_rate == Decimal("0.0005")
    assert LONG.entry_slippage_rate == Decimal("0.0003")


def test_a_limit_entry_pays_the_maker_fee_and_no_slippage() -> None:
    limit = replace(LONG, entry_kind=EntryKind.LIMIT)

    assert limit.entry_fee_rate == Decimal("0.0002")
    assert limit.entry_slippage_rate == 0


def test_a_quarter_of_the_stop_distance_is_too_far_to_chase() -> None:
    assert LONG.chase_limit == Decimal("1.00075")
    assert SHORT.chase_limit == Decimal("0.99925")


def test_the_reader_is_told_the_last_tick_before_that() -> None:
    assert LONG.do_not_chase == Decimal("1.0007")
    assert SHORT.do_not_chase == Decimal("0.9993")


@given(
    entry=st.integers(1_000, 10**7),
    stop_ticks=st.integers(1, 999),
    tick=st.sampled_from([Decimal("1e-9"), Decimal("0.0001"), Decimal("0.5")]),
    side=st.sampled_from(Side),
)
def test_what_the_reader_is_told_lies_between_the_entry_and_the_limit(
    entry: int, stop_ticks: int, tick: Decimal, side: Side
) -> None:
    plan = replace(
        LONG, side=side, entry=entry * tick, stop=(entry - side.sign * stop_ticks) * tick, tick=tick
    )

    distance = side.sign * (plan.do_not_chase - plan.entry)

    assert 0 <= distance <= plan.risk / 4 < distance + tick
    assert plan.do_not_chase % tick == 0


def test_an_alert_has_the_id_of_its_plan_and_no_reasons_unless_given() -> None:
    alert = Alert(
        plan=LONG,
        setup="range_breakout",
        version="1.0.0-0badcafe",
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=1_767_225_660_000,
        breakeven_win_rate=Decimal("0.45"),
        cost_r=Decimal("0.2"),
        reward_risk_net=Decimal("1.2"),
        account=REFERENCE_PROFILE,
        size=Size(
            qty=Decimal(1000),
            notional=Decimal(1000),
            margin=Decimal(400),
            leverage=Decimal(3),
            loss_at_stop=Decimal(4),
            gain_at_target=Decimal(5),
        ),
        btc=BtcNote(return_5m=Decimal("0.001"), trend="up", volatility="low"),
    )

    assert alert.id == LONG.id
    assert alert.reasons == alert.description == {}
