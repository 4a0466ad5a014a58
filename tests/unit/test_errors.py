from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError, RecordError, SignalbotError, UnavailableError


def test_an_input_error_names_the_field_the_value_and_what_is_allowed() -> None:
    error = InputError("timeframe", "7m", "1m or 5m")

    assert str(error) == "timeframe was '7m'; allowed: 1m or 5m"


def test_the_place_stands_in_front() -> None:
    error = InputError("high", 1.5, "at least max(open, close)", "TOY_USDT_USDT.csv line 4")

    assert str(error) == (
        "TOY_USDT_USDT.csv line 4: high was 1.5; allowed: at least max(open, close)"
    )


def test_what_is_not_there_is_called_missing() -> None:
    assert str(InputError("tick", None, "a size")) == "tick was missing; allowed: a size"


def test_the_parts_can_be_read_as_they_were_given() -> None:
    error = InputError("equity", Decimal(-1), "above 0", "line 2")

    assert (error.field, error.was) == ("equity", Decimal(-1))
    assert (error.allowed, error.where) == ("above 0", "line 2")


def test_a_long_value_is_cut_to_eighty_characters() -> None:
    error = InputError("row", "x" * 1_000_000, "6 columns")

    assert str(error) == f"row was '{'x' * 76}...; allowed: 6 columns"


@pytest.mark.parametrize(("digits", "shown"), [(80, "7" * 80), (81, "7" * 77 + "...")])
def test_a_number_is_cut_only_beyond_eighty_digits(digits: int, shown: str) -> None:
    assert str(InputError("n", int("7" * digits), "less")) == f"n was {shown}; allowed: less"


def test_a_key_of_somebody_elses_file_cannot_flood_the_message() -> None:
    error = InputError("k" * 1_000_000, 1, "a known key")

    assert str(error) == f"{'k' * 77}... was 1; allowed: a known key"


def test_control_characters_are_shown_not_sent() -> None:
    class Odd:
        def __str__(self) -> str:
            return "\x1b[2Jgone\n"

    assert str(InputError("a", "\x1b[2J\u202e", "b")) == r"a was '\x1b[2J\u202e'; allowed: b"
    assert str(InputError("a", Odd(), "b")) == "a was ?[2Jgone?; allowed: b"


@given(hostile=st.text())
def test_no_part_of_an_input_error_reaches_a_terminal_unprintable(hostile: str) -> None:
    message = str(InputError(hostile, hostile, hostile, hostile))

    assert message.isprintable()


@pytest.mark.parametrize("family", [InputError, RecordError, UnavailableError])
def test_every_family_is_caught_as_one(family: type[Exception]) -> None:
    assert issubclass(family, SignalbotError)
