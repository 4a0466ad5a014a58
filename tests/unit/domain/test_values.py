"""The small values of the domain, and what all of them have in common."""

import dataclasses
import importlib
import pkgutil
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot import domain
from signalbot.domain.fingerprint import described, fingerprint
from signalbot.domain.funding import FundingPayment
from signalbot.domain.instrument import Instrument, coin
from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side

VALUES = sorted(
    {
        kind
        for module in pkgutil.iter_modules(domain.__path__, "signalbot.domain.")
        for kind in vars(importlib.import_module(module.name)).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    },
    key=lambda kind: kind.__name__,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    rows: int = 14
    limit: Decimal = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    rows: int = 14
    limit: Decimal = Decimal("0.25")


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_is_frozen_slotted_and_built_by_keyword(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)
    assert all(field.kw_only for field in dataclasses.fields(kind))


def test_a_side_is_a_sign() -> None:
    assert (Side("long").sign, Side("short").sign) == (1, -1)


@pytest.mark.parametrize(
    ("symbol", "base"),
    [("LAYER/USDT:USDT", "LAYER"), ("1000PEPE/USDT:USDT", "1000PEPE"), ("TOY", "TOY")],
)
def test_the_coin_of_a_symbol_is_its_base_asset(symbol: str, base: str) -> None:
    assert coin(symbol) == base


def test_an_instrument_knows_its_coin_and_assumes_nothing_unless_told() -> None:
    instrument = Instrument(
        venue="bybit",
        symbol="LAYER/USDT:USDT",
        tick=Decimal("0.0001"),
        step=Decimal(1),
        min_qty=Decimal(1),
        min_notional=Decimal(5),
        contract_size=Decimal(1),
        taker_rate=Decimal("0.00055"),
        maker_rate=Decimal("0.0002"),
    )

    assert instrument.coin == "LAYER"
    assert instrument.assumed == ()


def test_half_a_per_cent_of_a_thousand_is_five() -> None:
    assert REFERENCE_PROFILE.equity * REFERENCE_PROFILE.risk_pct == 500
    assert REFERENCE_PROFILE.risk_money == 5
    assert REFERENCE_PROFILE.leverage == 3


@given(leverage=st.decimals(1, 125, places=2))
def test_leverage_never_changes_the_risk(leverage: Decimal) -> None:
    profile = Profile(equity=Decimal(1000), risk_pct=Decimal("0.5"), leverage=leverage)

    assert profile.risk_money == REFERENCE_PROFILE.risk_money


def test_a_funding_payment_is_a_line_of_plain_numbers() -> None:
    payment = FundingPayment(time=28_800_000, rate=Decimal("-1.5E-5"), price=Decimal("0.40210"))

    assert payment.csv_line() == "28800000,-0.000015,0.4021"


def test_the_limits_are_those_of_the_method() -> None:
    rules = Rules()

    assert rules.max_cost_r == Decimal("0.25")
    assert (rules.min_stop_spreads, rules.max_tick_share) == (3, Decimal("0.05"))
    assert (rules.liquidation_stops, rules.worst_maintenance_rate) == (3, Decimal("0.05"))
    assert (rules.replay_slippage_rate, rules.replay_slippage_ticks) == (
        Decimal("0.0002"),
        Decimal("0.5"),
    )
    assert (rules.decision_delay_ms, rules.latency_s, rules.entry_ttl_min) == (2_500, 10, 5)
    assert (rules.repeat_min, rules.hour_budget, rules.day_budget) == (30, 6, 30)


@pytest.mark.parametrize("code", RefusalCode)
def test_a_refusal_is_counted_by_its_name(code: RefusalCode) -> None:
    assert str(Refusal(code=code, message="why").code) == code.name


def test_a_dataclass_is_described_as_text_in_the_order_of_its_names() -> None:
    assert list(described(Knob()).items()) == [("limit", "0.25"), ("rows", "14")]


def test_a_fingerprint_is_the_start_of_a_hash_over_names_and_fields() -> None:
    # printf '[["Knob", {"limit": "0.25", "rows": "14"}]]' | sha256sum
    assert fingerprint(Knob()) == "945ea40e"


def test_every_field_every_name_and_the_order_change_a_fingerprint() -> None:
    found = {
        fingerprint(Knob()),
        fingerprint(Knob(rows=15)),
        fingerprint(Knob(limit=Decimal("0.26"))),
        fingerprint(Dial()),
        fingerprint(Knob(), Dial()),
        fingerprint(Dial(), Knob()),
        fingerprint(),
    }

    assert len(found) == 7


def test_trailing_zeros_make_no_new_version() -> None:
    padded = dataclasses.replace(Rules(), max_cost_r=Decimal("0.250"))

    assert fingerprint(padded) == fingerprint(Rules())
