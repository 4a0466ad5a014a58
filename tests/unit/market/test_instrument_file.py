import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from signalbot.domain.candles import PRICES, Candles
from signalbot.domain.timeframe import M1
from signalbot.errors import InputError
from signalbot.market.instrument_file import FIELDS, assumed_instrument, read_instruments

LAYER = "LAYER/USDT:USDT"
TERMS = {
    "tick": "0.0001",
    "step": "1",
    "min_qty": "1",
    "min_notional": "5",
    "contract_size": "1",
    "taker_rate": "0.0005",
    "maker_rate": "-0.0001",
}
FIRST = 1_746_369_060_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "instruments.json"


def refusal(path: Path, text: str) -> InputError:
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_instruments(path, "binanceusdm")
    return caught.value


def series(*prices: float) -> Candles:
    columns = {field: np.array(prices) for field in PRICES}
    return Candles(
        timeframe=M1,
        open_time=FIRST + 60_000 * np.arange(len(prices), dtype=np.int64),
        volume=np.ones(len(prices)),
        **columns,
    )


def test_terms_are_read_as_exact_decimals(path: Path) -> None:
    path.write_text(json.dumps({LAYER: TERMS}))

    read = read_instruments(path, "binanceusdm")[LAYER]

    assert (read.venue, read.symbol, read.assumed) == ("binanceusdm", LAYER, ())
    assert {name: str(getattr(read, name)) for name in TERMS} == TERMS


def test_an_empty_list_of_instruments_is_none(path: Path) -> None:
    path.write_text("{}")

    assert read_instruments(path, "binanceusdm") == {}


@pytest.mark.parametrize(
    ("field", "value", "was", "allowed"),
    [
        ("tick", 0.0001, 0.0001, 'a decimal number as a string, such as "0.0001"'),
        ("tick", None, None, 'a decimal number as a string, such as "0.0001"'),
        ("step", [1], [1], 'a decimal number as a string, such as "0.0001"'),
        ("tick", "cheap", "cheap", "a decimal number"),
        ("tick", "", "", "a decimal number"),
        ("tick", "0", "0", "a number from 1E-15 to 1E+15"),
        ("tick", "-0.1", "-0.1", "a number from 1E-15 to 1E+15"),
        ("tick", "NaN", "NaN", "a number from 1E-15 to 1E+15"),
        ("tick", "sNaN", "sNaN", "a number from 1E-15 to 1E+15"),
        ("tick", "1e-999999999", "1e-999999999", "a number from 1E-15 to 1E+15"),
        ("step", "Infinity", "Infinity", "a number from 1E-15 to 1E+15"),
        ("contract_size", "0", "0", "a number from 1E-15 to 1E+15"),
        ("min_qty", "-1", "-1", "a number from 0 to 1E+15"),
        ("min_notional", "-0.01", "-0.01", "a number from 0 to 1E+15"),
        ("taker_rate", "5", "5", "a number from -0.01 to 0.1"),
        ("maker_rate", "-0.02", "-0.02", "a number from -0.01 to 0.1"),
    ],
)
def test_a_wrong_value_is_refused_with_file_symbol_and_field(
    path: Path, field: str, value: object, was: object, allowed: str
) -> None:
    error = refusal(path, json.dumps({LAYER: TERMS | {field: value}}))

    assert (error.where, error.field) == (f"{path} {LAYER}", field)
    assert (error.was, error.allowed) == (was, allowed)


@pytest.mark.parametrize("field", TERMS)
def test_a_missing_value_is_refused(path: Path, field: str) -> None:
    error = refusal(path, json.dumps({LAYER: {k: v for k, v in TERMS.items() if k != field}}))

    assert (error.where, error.field, error.was) == (f"{path} {LAYER}", field, None)


def test_an_unknown_key_is_refused_with_those_that_are_known(path: Path) -> None:
    error = refusal(path, json.dumps({LAYER: TERMS | {"tik": "0.1"}}))

    assert (error.where, error.field, error.was) == (f"{path} {LAYER}", "tik", "0.1")
    assert error.allowed == (
        "one of tick, step, contract_size, min_qty, min_notional, taker_rate, maker_rate"
    )


def test_terms_that_are_no_object_are_refused(path: Path) -> None:
    error = refusal(path, json.dumps({LAYER: ["0.0001"]}))

    assert (error.where, error.field) == (f"{path} {LAYER}", "instrument")
    assert (error.was, error.allowed) == (["0.0001"], "an object")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", "JSON (Expecting value: line 1 column 1"),
        ("{", "JSON (Expecting property name enclosed in double quotes: line 1 column 2"),
        ("[" * 100_000, "JSON (maximum recursion depth exceeded"),
        (f'{{"{LAYER}": {{"tick": "1", "tick": "2"}}}}', "JSON (tick stands twice)"),
        (f'{{"{LAYER}": {{}}, "{LAYER}": {{}}}}', f"JSON ({LAYER} stands twice)"),
        ("[]", "a JSON object of instruments by symbol"),
        ("NaN", "a JSON object of instruments by symbol"),
    ],
)
def test_what_is_no_json_object_is_refused_with_its_file(
    path: Path, text: str, allowed: str
) -> None:
    error = refusal(path, text)

    assert (error.field, error.was) == ("file", str(path))
    assert error.allowed.startswith(allowed)


def test_an_assumed_tick_has_the_most_decimals_seen() -> None:
    seen = assumed_instrument("bybit", LAYER, series(1.5, 1.0425, 1.04))

    assert seen.tick == Decimal("0.0001")
    assert (seen.venue, seen.symbol, seen.assumed) == ("bybit", LAYER, FIELDS)
    assert (seen.min_qty, seen.min_notional, seen.contract_size) == (0, 5, 1)
    assert (seen.taker_rate, seen.maker_rate) == (Decimal("0.0006"), Decimal("0.0002"))


def test_an_assumed_tick_never_looks_past_the_first_300_rows() -> None:
    prices = [1.5] * 300 + [1.55]

    assert assumed_instrument("bybit", LAYER, series(*prices)).tick == Decimal("0.1")
    assert assumed_instrument("bybit", LAYER, series(*prices[1:])).tick == Decimal("0.01")


def test_an_assumed_tick_of_whole_or_tiny_prices_is_plain() -> None:
    assert assumed_instrument("bybit", LAYER, series(1500.0)).tick == 1
    assert assumed_instrument("bybit", LAYER, series(1.25e-7)).tick == Decimal("1e-9")


@pytest.mark.parametrize(
    ("price", "step"), [(0.01, "1"), (0.99, "0.1"), (1.0, "0.01"), (9.99, "0.01"), (10.0, "0.001")]
)
def test_an_assumed_step_is_worth_little_at_the_first_price(price: float, step: str) -> None:
    assert assumed_instrument("bybit", LAYER, series(price)).step == Decimal(step)


def test_a_pair_without_a_candle_in_the_period_has_an_assumed_contract_too() -> None:
    assert assumed_instrument("bybit", LAYER, series()).tick == 1
