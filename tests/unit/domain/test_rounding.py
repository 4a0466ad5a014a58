from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.rounding import (
    ceil_to,
    exact,
    floor_to,
    from_float,
    plain,
    six_digits,
    ten_places,
)

Rounding = Callable[[Decimal, Decimal], Decimal]

# 1e-9 is the finest tick of a venue, 1e15 more than any of them trades
VALUES = st.decimals(-(10**15), 10**15, places=15)
GRIDS = st.builds(
    lambda units, places: units * Decimal(10) ** -places, st.integers(1, 10_000), st.integers(0, 12)
)


@pytest.mark.parametrize(
    ("value", "grid", "below", "above"),
    [
        ("1.0349", "0.001", "1.034", "1.035"),
        ("1.034", "0.001", "1.034", "1.034"),
        ("1471.1939", "100", "1400", "1500"),
        ("-1.0349", "0.001", "-1.035", "-1.034"),
        ("0.7", "0.25", "0.5", "0.75"),
        ("0", "0.1", "0", "0"),
        ("0.00000001", "5", "0", "5"),
    ],
)
def test_values_go_to_the_grid_lines_around_them(
    value: str, grid: str, below: str, above: str
) -> None:
    assert floor_to(Decimal(value), Decimal(grid)) == Decimal(below)
    assert ceil_to(Decimal(value), Decimal(grid)) == Decimal(above)


def test_thirty_four_digits_are_put_on_a_grid_without_loss() -> None:
    value = Decimal("1234567890123456789012345.678901234")

    assert floor_to(value, Decimal("1e-8")) == Decimal("1234567890123456789012345.67890123")
    assert ceil_to(value, Decimal("1e-8")) == Decimal("1234567890123456789012345.67890124")


@given(value=VALUES, grid=GRIDS)
def test_floor_and_ceiling_enclose_a_value_within_one_step(value: Decimal, grid: Decimal) -> None:
    low, high = floor_to(value, grid), ceil_to(value, grid)

    assert low <= value <= high
    assert high - low in (0, grid)
    assert value - low < grid
    assert high - value < grid


@pytest.mark.parametrize("rounded", [floor_to, ceil_to])
@given(value=VALUES, grid=GRIDS)
def test_what_is_on_the_grid_stays(rounded: Rounding, value: Decimal, grid: Decimal) -> None:
    once = rounded(value, grid)

    assert rounded(once, grid) == once


@given(value=VALUES, grid=GRIDS)
def test_ceiling_is_the_mirrored_floor(value: Decimal, grid: Decimal) -> None:
    assert ceil_to(value, grid) == floor_to(value.copy_negate(), grid).copy_negate()


@given(value=VALUES, other=VALUES, grid=GRIDS)
def test_rounding_keeps_the_order(value: Decimal, other: Decimal, grid: Decimal) -> None:
    low, high = sorted((value, other))

    assert floor_to(low, grid) <= floor_to(high, grid)
    assert ceil_to(low, grid) <= ceil_to(high, grid)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0350000000000001, "1.035"),
        (0.1 + 0.2, "0.3"),
        (1.23456789e-05, "0.0000123456789"),
        (123456789012.5, "123456789012"),
        (0.0, "0"),
        (-2.5, "-2.5"),
    ],
)
def test_a_computed_float_becomes_what_a_person_would_have_written(
    value: float, written: str
) -> None:
    assert plain(from_float(value)) == written


@given(digits=st.integers(1, 10**12 - 1), places=st.integers(0, 12))
def test_twelve_digits_survive_the_way_through_a_float(digits: int, places: int) -> None:
    written = Decimal(digits).scaleb(-places)

    assert from_float(float(written)) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_an_exact_number_reads_back_as_the_same_float(value: float) -> None:
    assert float(exact(value)) == value


def test_an_exact_number_is_the_shortest_one() -> None:
    assert str(exact(0.1)) == "0.1"
    assert exact(0.1 + 0.2) == Decimal("0.30000000000000004")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.00001234", "0.00001234"),
        ("1.234E-5", "0.00001234"),
        ("1E+3", "1000"),
        ("100", "100"),
        ("100.00", "100"),
        ("1.50", "1.5"),
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("-0.000", "0"),
        ("0E+5", "0"),
        ("0E-20", "0"),
        ("-0.10", "-0.1"),
    ],
)
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(digits=st.integers(-(10**40), 10**40), exponent=st.integers(-60, 60))
def test_plain_text_is_never_scientific_and_loses_nothing(digits: int, exponent: int) -> None:
    value = Decimal((digits < 0, tuple(map(int, str(abs(digits)))), exponent))

    text = plain(value)

    assert Decimal(text) == value
    assert set(text) <= set("-.0123456789")
    assert not ("." in text and text.endswith(("0", ".")))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "1.0000000000"),
        ("-1.6", "-1.6000000000"),
        ("0.00000000005", "0.0000000000"),
        ("0.00000000015", "0.0000000002"),
        ("0.00000000025", "0.0000000002"),
        ("-0.00000000001", "0.0000000000"),
        ("-0", "0.0000000000"),
        ("-0.0000000001", "-0.0000000001"),
        ("1E+3", "1000.0000000000"),
        ("0.7501500000000000000000000000000001", "0.7501500000"),
    ],
)
def test_rates_have_ten_places_and_halves_go_to_the_even_one(value: str, text: str) -> None:
    assert ten_places(Decimal(value)) == text


@given(st.decimals(-(10**12), 10**12, places=20))
def test_ten_places_are_never_further_off_than_half_a_place(value: Decimal) -> None:
    text = ten_places(value)

    assert abs(Decimal(text) - value) <= Decimal("0.5e-10")
    assert len(text.partition(".")[2]) == 10
    assert not (text.startswith("-") and Decimal(text) == 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0065234567, "3.00652"), (0.00001234567, "0.0000123457"), (123456789.0, "123457000")],
)
def test_a_reason_keeps_six_digits(value: float, shown: str) -> None:
    assert plain(six_digits(value)) == shown
