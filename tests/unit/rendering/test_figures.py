from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.rendering.figures import (
    clock,
    copyable,
    money,
    percent,
    price,
    r_value,
    rounded_money,
    venue_title,
)


@pytest.mark.parametrize(
    ("value", "tick", "text"),
    [
        ("1.042", "0.0001", "1.0420"),
        ("0.000000012", "0.00000000001", "0.00000001200"),
        ("1E-9", "1E-10", "0.0000000010"),
        ("100", "0.5", "100.0"),
        ("100", "0.10", "100.0"),
        ("63000", "1", "63000"),
        ("63000", "10", "63000"),
        ("6.3E+4", "1E+1", "63000"),
    ],
)
def test_a_price_has_the_decimals_of_its_tick(value: str, tick: str, text: str) -> None:
    assert price(Decimal(value), Decimal(tick)) == text


def test_a_price_off_the_tick_is_rounded_half_to_even() -> None:
    assert price(Decimal("1.00005"), Decimal("0.0001")) == "1.0000"
    assert price(Decimal("1.00015"), Decimal("0.0001")) == "1.0002"


@given(ticks=st.integers(1, 10**9), places=st.integers(0, 12))
def test_a_shown_price_on_the_tick_is_the_price_and_never_scientific(
    ticks: int, places: int
) -> None:
    tick = Decimal(1).scaleb(-places)

    text = price(ticks * tick, tick)

    assert Decimal(text) == ticks * tick
    assert set(text) <= set("0123456789.")


@pytest.mark.parametrize(
    ("value", "text"),
    [("2.4939", "2.49"), ("-2.495", "-2.50"), ("1234567.5", "1,234,567.50"), ("0", "0.00")],
)
def test_money_has_two_decimals(value: str, text: str) -> None:
    assert money(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("307.39", "307"),
        ("100", "100"),
        ("99.5", "99.50"),
        ("38.724", "38.72"),
        ("-250.4", "-250"),
        ("1400", "1,400"),
        ("1E+6", "1,000,000"),
    ],
)
def test_large_money_is_shown_without_decimals(value: str, text: str) -> None:
    assert rounded_money(Decimal(value)) == text


def test_a_rate_is_shown_in_per_cent() -> None:
    assert percent(Decimal("0.46930")) == "46.9 %"
    assert percent(0.005, 2) == "0.50 %"
    assert percent(1, 0) == "100 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("-1.2077"), "-1.21"),
        (0.05, "+0.05"),
        (0.004, "0.00"),
        (-0.004, "0.00"),
        (0, "0.00"),
    ],
)
def test_an_r_value_carries_its_sign_unless_it_is_nothing(
    value: Decimal | float, text: str
) -> None:
    assert r_value(value) == text


def test_the_clock_is_utc() -> None:
    assert clock(1_746_369_120_000) == "14:32"


def test_a_venue_writes_itself_as_it_does_and_an_unknown_one_is_escaped() -> None:
    assert venue_title("binanceusdm") == "Binance USD-M"
    assert venue_title("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"


def test_a_number_to_copy_is_marked_as_code() -> None:
    assert copyable("1.0420") == "<code>1.0420</code>"
