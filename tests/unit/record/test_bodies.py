import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, BtcNote, EntryKind, SetupState, Size
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import Profile
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS, TIMEFRAMES, from_iso
from signalbot.errors import InputError
from signalbot.record.bodies import (
    alert_body,
    alert_of,
    checkpoint_body,
    key_body,
    plan_body,
    plan_of,
    published_body,
    refusals_body,
    universe_body,
)
from signalbot.record.entries import canonical
from signalbot.record.outcome_bodies import outcome_body

AlertMaker = Callable[..., Alert]

AMOUNTS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**18), 10**18),
    st.integers(-18, 6),
)
RATES = st.integers(-(10**12), 10**12).map(lambda digits: Decimal(digits).scaleb(-10))
COUNTS = st.integers(0, 10**6)
NUMBERS = st.dictionaries(st.text(max_size=5), AMOUNTS, max_size=3)

PLAN_CHANGES = st.fixed_dictionaries(
    {
        "id": st.text(max_size=16),
        "symbol": st.text(max_size=16),
        "side": st.sampled_from(Side),
        "entry_kind": st.sampled_from(EntryKind),
        **dict.fromkeys(("entry", "stop", "target", "tick"), AMOUNTS),
        **dict.fromkeys(("taker_rate", "maker_rate", "slippage_rate"), RATES),
        **dict.fromkeys(("latency_s", "max_hold_min", "entry_ttl_min"), COUNTS),
    }
)
ALERT_CHANGES = st.fixed_dictionaries(
    {
        "version": st.text(max_size=8),
        "state": st.sampled_from(SetupState),
        "timeframe": st.sampled_from(list(TIMEFRAMES.values())),
        "candle_close": st.integers(0, 253_402_300_799_999),
        **dict.fromkeys(("breakeven_win_rate", "cost_r", "reward_risk_net"), RATES),
        **dict.fromkeys(("reasons", "description"), NUMBERS),
        "account": st.builds(Profile, equity=AMOUNTS, risk_pct=AMOUNTS, leverage=AMOUNTS),
        "size": st.builds(Size, **dict.fromkeys(Size.__slots__, AMOUNTS)),
        "btc": st.builds(BtcNote, return_5m=RATES, trend=st.text(), volatility=st.text()),
    }
)

# method.md, section 3, the first worked row: long 100, stop 99, target 101
FIRST = Candle(
    open_time=0,
    open=Decimal(100),
    high=Decimal("100.5"),
    low=Decimal("99.50"),
    close=Decimal("100.0"),
    volume=Decimal(7),
)
SECOND = Candle(
    open_time=MINUTE_MS,
    open=Decimal(100),
    high=Decimal("101.2"),
    low=Decimal("99.8"),
    close=Decimal(101),
    volume=Decimal("2.5"),
)
TARGET = Outcome(
    kind=OutcomeKind.TARGET,
    filled_at=12_500,
    fill_price=Decimal("100.00"),
    exit_at=2 * MINUTE_MS,
    exit_price=Decimal("101.00"),
    gross_r=Decimal(1),
    cost_r=Decimal("1.5E-9"),
    net_r=Decimal("0.9999999985"),
    worst_net_r=Decimal("0.9999999985"),
    best_net_r=Decimal("0.9999999985"),
    evidence=(FIRST, SECOND),
)


@given(of_plan=PLAN_CHANGES, of_alert=ALERT_CHANGES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_an_alert_is_read_as_it_was_written(
    make_alert: AlertMaker, of_plan: dict[str, object], of_alert: dict[str, object]
) -> None:
    alert = make_alert(**of_plan, **of_alert)

    body = json.loads(canonical(alert_body(alert)))

    assert alert_of(body) == alert
    assert plan_of(body) == plan_of(plan_body(alert.plan)) == alert.plan
    assert canonical(alert_body(alert_of(body))) == canonical(body)


def test_an_alert_body_holds_what_the_method_and_the_interface_name(make_alert: AlertMaker) -> None:
    assert alert_body(make_alert()) == {
        "id": "a12e61d2ef5e3776",
        "venue": "binanceusdm",
        "symbol": "TOY/USDT:USDT",
        "side": "long",
        "entry": "1",
        "stop": "0.997",
        "target": "1.006",
        "tick": "0.0001",
        "entry_kind": "limit",
        "latency_s": 10,
        "max_hold_min": 60,
        "entry_ttl_min": 5,
        "taker_rate": "0.0005000000",
        "maker_rate": "0.0002000000",
        "slippage_rate": "0.0002500000",
        "setup": "range_breakout",
        "version": "1.0.0-0badcafe",
        "state": "unproven",
        "timeframe": "1m",
        "candle_close": "2026-01-01T00:01:00.000Z",
        "breakeven_win_rate": "0.4512345678",
        "cost_r": "0.2000000000",
        "reward_risk_net": "1.2500000000",
        "reasons": {"volume_ratio": "3.1"},
        "description": {"rsi_14": "61.5", "adx": "10"},
        "account": {"equity": "1000", "risk_pct": "0.5", "leverage": "3"},
        "size": {
            "qty": "1300",
            "notional": "1300",
            "margin": "433.34",
            "leverage": "3",
            "loss_at_stop": "4.95",
            "gain_at_target": "6.19",
        },
        "btc": {"return_5m": "-0.0012000000", "trend": "down", "volatility": "high"},
    }


def test_an_alert_says_nothing_of_its_publication(make_alert: AlertMaker) -> None:
    assert "published_at" not in alert_body(make_alert())


def test_a_timeframe_that_is_none_is_refused_when_read(make_alert: AlertMaker) -> None:
    body = {**alert_body(make_alert()), "timeframe": "7m"}

    with pytest.raises(InputError, match="timeframe"):
        alert_of(body)


def test_a_publication_names_its_alert_its_message_and_no_chat() -> None:
    assert published_body(4, 1_767_225_663_250, "812", 57) == {
        "alert_seq": 4,
        "published_at": "2026-01-01T00:01:03.250Z",
        "message_id": "812",
        "recipients": 57,
    }


def test_an_outcome_carries_the_rows_it_can_be_derived_from() -> None:
    assert outcome_body(4, TARGET) == {
        "alert_seq": 4,
        "outcome": "TARGET",
        "filled_at": "1970-01-01T00:00:12.500Z",
        "fill_price": "100",
        "exit_at": "1970-01-01T00:02:00.000Z",
        "exit_price": "101",
        "gross_r": "1.0000000000",
        "cost_r": "0.0000000015",
        "net_r": "0.9999999985",
        "ambiguous": False,
        "worst_net_r": "0.9999999985",
        "best_net_r": "0.9999999985",
        # printf '0,100,100.5,99.5,100,7\n60000,100,101.2,99.8,101,2.5\n' | sha256sum
        "candles_hash": "77fbb9ba852d5dc638f1fde93960ab60bc91c7cea3f02f7bf9346fc5b94a8acf",
        "evidence": {
            "rows": ["0,100,100.5,99.5,100,7", "60000,100,101.2,99.8,101,2.5"],
            "source": "candles",
        },
    }


def test_finer_candles_and_funding_are_evidence_where_there_are_any() -> None:
    payment = FundingPayment(time=MINUTE_MS, rate=Decimal("0.0001"), price=Decimal("100.5"))
    outcome = replace(TARGET, finer_evidence=(SECOND,), funding_evidence=(payment,))

    assert outcome_body(4, outcome)["evidence"] == {
        "rows": ["0,100,100.5,99.5,100,7", "60000,100,101.2,99.8,101,2.5"],
        "finer_rows": ["60000,100,101.2,99.8,101,2.5"],
        "funding": ["60000,0.0001,100.5"],
        "source": "finer candles",
    }


def test_an_alert_that_was_never_filled_has_neither_times_nor_prices_nor_r() -> None:
    body = outcome_body(9, Outcome(kind=OutcomeKind.NOT_PUBLISHED))

    said = {name: value for name, value in body.items() if value is not None}

    assert said == {
        "alert_seq": 9,
        "outcome": "NOT_PUBLISHED",
        "ambiguous": False,
        "evidence": {"rows": [], "source": "candles"},
    }
    assert set(body) == set(outcome_body(4, TARGET))


@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_outcome_has_a_canonical_form(kind: OutcomeKind) -> None:
    body = outcome_body(4, replace(TARGET, kind=kind, ambiguous=True))

    assert json.loads(canonical(body)) == body
    assert from_iso(body["filled_at"]) == TARGET.filled_at


def test_a_universe_is_sorted() -> None:
    symbols = ["TOY/USDT:USDT", "ANT/USDT:USDT", "BEE/USDT:USDT"]

    assert universe_body("2026-01-01", "binanceusdm", "1m", symbols) == {
        "day": "2026-01-01",
        "venue": "binanceusdm",
        "timeframe": "1m",
        "symbols": ["ANT/USDT:USDT", "BEE/USDT:USDT", "TOY/USDT:USDT"],
    }
    assert symbols[0] == "TOY/USDT:USDT"


def test_refusals_are_counted_by_name() -> None:
    body = refusals_body("2026-01-01", {"COST_TOO_HIGH": 40, "BUDGET": 2})

    assert body == {"day": "2026-01-01", "counts": {"BUDGET": 2, "COST_TOO_HIGH": 40}}
    assert list(body["counts"]) == ["BUDGET", "COST_TOO_HIGH"]


def test_a_checkpoint_names_size_head_and_root() -> None:
    assert checkpoint_body("2026-01-01", 7, "ab" * 32, "cd" * 32) == {
        "day": "2026-01-01",
        "size": 7,
        "head": "ab" * 32,
        "merkle_root": "cd" * 32,
    }


def test_a_key_entry_names_the_new_key_and_the_old_one() -> None:
    assert key_body("ab" * 32, "cd" * 32) == {"public_key": "ab" * 32, "retired": "cd" * 32}
