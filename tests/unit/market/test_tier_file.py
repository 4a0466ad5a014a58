import json
from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.errors import InputError
from signalbot.market.tier_file import read_tiers
from signalbot.risk.tiers import UNBOUNDED

LAYER = "LAYER/USDT:USDT"
FIRST = {"floor": "0", "cap": "5000.0", "mmr": "0.015", "cum": "0.0", "max_leverage": "50.0"}
SECOND = {"floor": "5000", "cap": "25000", "mmr": "0.02", "cum": "25", "max_leverage": "25"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tiers.json"


def refusal(path: Path, text: str, symbol: str | None = None) -> InputError:
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_tiers(path, symbol)
    return caught.value


def test_a_list_is_read_as_exact_decimals(path: Path) -> None:
    path.write_text(json.dumps([FIRST, SECOND]))

    first, second = read_tiers(path)

    assert (first.floor, first.cap, first.mmr) == (0, 5000, Decimal("0.015"))
    assert (first.cum, first.max_leverage) == (0, 50)
    assert (second.floor, second.cap, second.mmr) == (5000, 25000, Decimal("0.02"))
    assert (second.cum, second.max_leverage) == (25, 25)


def test_numbers_are_read_like_strings_without_the_noise_of_floats(path: Path) -> None:
    path.write_text('[{"floor": 0, "cap": 5e3, "mmr": 0.1}]')

    (tier,) = read_tiers(path)

    assert (tier.cap, tier.mmr) == (5000, Decimal("0.1"))


def test_what_may_be_left_out_may_be_null(path: Path) -> None:
    row = {"floor": "0", "cap": None, "mmr": "0.015", "cum": None, "max_leverage": None}
    path.write_text(json.dumps([row]))

    (tier,) = read_tiers(path)

    assert (tier.cap, tier.cum, tier.max_leverage) == (UNBOUNDED, 0, None)


@pytest.mark.parametrize(("recompute", "amount"), [(True, 25), (False, 0)])
def test_a_missing_amount_is_recomputed_unless_the_venue_knows_none(
    path: Path, recompute: bool, amount: int
) -> None:
    second = {"floor": "5000", "cap": "25000", "mmr": "0.02"}
    path.write_text(json.dumps([FIRST, second]))

    tiers = read_tiers(path, recompute=recompute)

    assert tiers[1].cum == amount  # 5000 * (0.02 - 0.015)


def test_an_object_gives_the_tiers_of_the_symbol(path: Path) -> None:
    path.write_text(json.dumps({"BTC/USDT:USDT": [SECOND], LAYER: [FIRST, SECOND]}))

    assert len(read_tiers(path, LAYER)) == 2


def test_a_list_belongs_to_whatever_symbol_is_asked_for(path: Path) -> None:
    path.write_text(json.dumps([FIRST]))

    assert read_tiers(path, LAYER) == read_tiers(path)


@pytest.mark.parametrize(
    ("symbol", "allowed"),
    [
        (None, "the contract to take from a file of several"),
        ("LAYER", f"one of the 2 contracts of the file; nearest: {LAYER}, ENA/USDT:USDT"),
    ],
)
def test_a_file_by_symbol_needs_one_of_its_symbols(
    path: Path, symbol: str | None, allowed: str
) -> None:
    error = refusal(path, json.dumps({"ENA/USDT:USDT": [FIRST], LAYER: [FIRST]}), symbol)

    assert (error.field, error.was, error.allowed) == ("symbol", symbol, allowed)
    assert error.where == str(path)


def test_an_empty_object_has_no_nearest_symbol(path: Path) -> None:
    error = refusal(path, "{}", LAYER)

    assert error.allowed == "one of the 0 contracts of the file; nearest: none"


@pytest.mark.parametrize(
    ("field", "value", "was", "allowed"),
    [
        ("floor", None, None, "a number from 0 to 1000000000000000"),
        ("mmr", None, None, "a number from 0.000000001 to 1"),
        ("mmr", True, True, "a number from 0.000000001 to 1"),
        ("mmr", [0.1], ["0.1"], "a number from 0.000000001 to 1"),
        ("mmr", "1.5 %", "1.5 %", "a number from 0.000000001 to 1"),
        ("mmr", "", "", "a number from 0.000000001 to 1"),
        ("mmr", 1.5, "1.5", "a number from 0.000000001 to 1"),
        ("mmr", "1e-999999999", "1e-999999999", "a number from 0.000000001 to 1"),
        ("mmr", float("nan"), "NaN", "a number from 0.000000001 to 1"),
        ("cap", float("inf"), "Infinity", "a number from 0 to 1000000000000000"),
        ("cap", "Infinity", "Infinity", "a number from 0 to 1000000000000000"),
        ("floor", float("-inf"), "-Infinity", "a number from 0 to 1000000000000000"),
        ("cum", "sNaN", "sNaN", "a number from 0 to 1000000000000000"),
        ("cum", "-1", "-1", "a number from 0 to 1000000000000000"),
        ("cap", "1e16", "1e16", "a number from 0 to 1000000000000000"),
        ("max_leverage", "0.5", "0.5", "a number from 1 to 1000"),
        ("max_leverage", {}, {}, "a number from 1 to 1000"),
        ("leverage", "50", "50", "one of floor, cap, mmr, cum, max_leverage"),
    ],
)
def test_a_wrong_value_is_refused_with_file_tier_and_field(
    path: Path, field: str, value: object, was: object, allowed: str
) -> None:
    error = refusal(path, json.dumps([FIRST, SECOND | {field: value}]))

    assert (error.where, error.field) == (f"{path} tier 2", field)
    assert (error.was, error.allowed) == (was, allowed)


def test_the_symbol_stands_in_front_of_the_tier(path: Path) -> None:
    error = refusal(path, json.dumps({LAYER: [FIRST | {"mmr": "x"}]}), LAYER)

    assert error.where == f"{path} {LAYER} tier 1"


@pytest.mark.parametrize("field", ["floor", "cap", "mmr"])
def test_a_tier_needs_its_range_and_rate(path: Path, field: str) -> None:
    row = {name: value for name, value in FIRST.items() if name != field}

    error = refusal(path, json.dumps([row]))

    assert (error.where, error.field, error.was) == (f"{path} tier 1", field, None)


def test_a_number_too_large_for_a_decimal_is_refused_like_any_other(path: Path) -> None:
    error = refusal(path, '[{"floor": 0, "cap": 1e9999999999999999999, "mmr": 0.1}]')

    assert (error.field, error.was) == ("cap", "1e9999999999999999999")


def test_a_key_that_stands_twice_is_refused_by_name(path: Path) -> None:
    error = refusal(path, '[{"floor": 0, "cap": 5, "mmr": 0.1, "mmr": 0.01}]')

    assert str(error) == f"{path}: mmr was 'there twice'; allowed: each key once"


def test_a_symbol_that_stands_twice_is_refused_by_name(path: Path) -> None:
    error = refusal(path, f'{{"{LAYER}": [], "{LAYER}": []}}', LAYER)

    assert error.field == LAYER


@pytest.mark.parametrize(
    ("content", "was"), [("null", None), ("5", "5"), ('"tiers"', "tiers"), ("true", True)]
)
def test_other_shapes_are_refused(path: Path, content: str, was: object) -> None:
    error = refusal(path, content)

    assert (error.where, error.field, error.was) == (str(path), "tiers", was)
    assert error.allowed == "a JSON list of tiers, or an object of such lists"


def test_a_symbol_without_a_list_is_refused(path: Path) -> None:
    error = refusal(path, json.dumps({LAYER: FIRST}), LAYER)

    assert (error.where, error.field) == (f"{path} {LAYER}", "tiers")


@pytest.mark.parametrize("row", ["5", '"x"', "[]", "null"])
def test_a_tier_that_is_no_object_is_refused(path: Path, row: str) -> None:
    error = refusal(path, f"[{row}]")

    assert (error.where, error.field) == (f"{path} tier 1", "tier")


def test_tiers_that_do_not_fit_each_other_are_refused_with_the_file(path: Path) -> None:
    error = refusal(path, json.dumps([FIRST, SECOND | {"floor": "6000"}]))

    assert (error.where, error.field) == (f"{path} tier 2", "floor")


def test_an_empty_list_is_refused(path: Path) -> None:
    error = refusal(path, "[]")

    assert (error.where, error.field) == (str(path), "tiers")


@pytest.mark.parametrize("content", ["", "[", "[1,]", "[" * 100_000])
def test_what_is_no_json_is_refused_with_the_file(path: Path, content: str) -> None:
    error = refusal(path, content)

    assert (error.field, error.was) == ("file", str(path))
    assert error.allowed.startswith("JSON (")


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_tiers(path)

    assert caught.value.field == "file"
