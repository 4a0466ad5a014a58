from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import number, optional_number

BOUNDS = (Decimal(0), Decimal("1e15"))


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        (0.1, "0.1"),
        (1e-05, "0.00001"),
        (0.07, "0.07"),
        (5, "5"),
        (10_000_000, "10000000"),
        ("0.0033", "0.0033"),
        (Decimal("2.5"), "2.5"),
        (0, "0"),
        (0.0, "0"),
    ],
)
def test_a_number_is_the_decimal_a_person_would_write(stated: object, value: str) -> None:
    assert number({"limit": stated}, "limit", BOUNDS, "mexc") == Decimal(value)


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_a_float_of_up_to_fifteen_digits_loses_nothing(value: Decimal) -> None:
    assert number({"limit": float(value)}, "limit", BOUNDS, "mexc") == value


def test_a_path_leads_into_the_dicts() -> None:
    row = {"limits": {"cost": {"min": 5.0}}}

    assert number(row, "limits.cost.min", BOUNDS, "mexc") == 5


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"limits": None},
        {"limits": {}},
        {"limits": {"cost": None}},
        {"limits": {"cost": {"min": None}}},
        {"limits": {"cost": {"min": ""}}},
        {"limits": [5]},
    ],
)
def test_what_is_not_stated_is_none_or_an_error_that_names_the_path(row: dict[str, Any]) -> None:
    assert optional_number(row, "limits.cost.min", BOUNDS, "mexc") is None
    with pytest.raises(InputError, match=r"^mexc A: limits\.cost\.min was missing; allowed: a"):
        number(row, "limits.cost.min", BOUNDS, "mexc A")


@pytest.mark.parametrize(
    "stated",
    [
        float("nan"),
        float("inf"),
        "NaN",
        "sNaN",
        "Infinity",
        "five",
        True,
        [5],
        {"min": 5},
        -1,
        "-0.1",
        1e16,
        "1e999999",
        Decimal("1e16"),
    ],
)
def test_what_is_no_number_one_would_believe_is_an_error_even_if_optional(stated: object) -> None:
    for read in (number, optional_number):
        with pytest.raises(InputError, match=r"^mexc: limit was .*allowed: a number from 0 to 1"):
            read({"limit": stated}, "limit", BOUNDS, "mexc")


@pytest.mark.parametrize("edge", BOUNDS)
def test_the_bounds_are_included(edge: Decimal) -> None:
    assert number({"limit": edge}, "limit", BOUNDS, "mexc") == edge
