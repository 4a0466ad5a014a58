import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.domain.alert import EntryKind
from signalbot.domain.side import Side
from signalbot.errors import InputError
from signalbot.market.alert_file import FIELDS, read_alert

ALERT: dict[str, Any] = {
    "id": "3f",
    "venue": "bybit",
    "symbol": "LAYER/USDT:USDT",
    "side": "long",
    "entry": "1.0420",
    "stop": "1.0350",
    "target": "1.0525",
    "tick": "0.0001",
    "entry_kind": "market",
    "published_at": "2026-01-01T00:00:02.500Z",
    "latency_s": 10,
    "max_hold_min": 60,
    "entry_ttl_min": 5,
    "taker_rate": "0.0005",
    "maker_rate": "0.0002",
    "slippage_rate": "0.0002",
}
SHORT = {"side": "short", "stop": "1.05", "target": "1.03"}
JANUARY_2026 = 1_767_225_600_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alert.json"


def refusal(path: Path, text: str) -> InputError:
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_alert(path)
    return caught.value


def test_an_alert_is_read_exactly(path: Path) -> None:
    path.write_text(json.dumps(ALERT))

    plan, published_at = read_alert(path)

    assert set(ALERT) == set(FIELDS)
    assert (plan.id, plan.venue, plan.symbol) == ("3f", "bybit", "LAYER/USDT:USDT")
    assert (plan.side, plan.entry_kind) == (Side.LONG, EntryKind.MARKET)
    assert (plan.entry, plan.stop, plan.target, plan.tick) == tuple(
        Decimal(text) for text in ("1.0420", "1.0350", "1.0525", "0.0001")
    )
    assert (plan.latency_s, plan.max_hold_min, plan.entry_ttl_min) == (10, 60, 5)
    assert (plan.taker_rate, plan.maker_rate, plan.slippage_rate) == (
        Decimal("0.0005"),
        Decimal("0.0002"),
        Decimal("0.0002"),
    )
    assert published_at == JANUARY_2026 + 2_500


def test_numbers_may_be_numbers_without_the_noise_of_floats(path: Path) -> None:
    written = ALERT | {"entry": 1.1, "stop": 1.05, "target": 1.2, "tick": 1e-05, "latency_s": "10"}
    path.write_text(json.dumps(written))

    plan, _ = read_alert(path)

    assert (plan.entry, plan.tick, plan.latency_s) == (Decimal("1.1"), Decimal("0.00001"), 10)


def test_a_short_and_a_maker_rebate_are_read(path: Path) -> None:
    path.write_text(json.dumps(ALERT | SHORT | {"entry_kind": "limit", "maker_rate": "-0.00005"}))

    plan, _ = read_alert(path)

    assert (plan.side, plan.entry_kind) == (Side.SHORT, EntryKind.LIMIT)
    assert plan.maker_rate == Decimal("-0.00005")


@pytest.mark.parametrize(
    ("field", "was"),
    [
        ("id", 7),
        ("id", ""),
        ("id", "x" * 201),
        ("symbol", "LAYER\u202e"),
        ("venue", None),
        ("side", "LONG"),
        ("side", ["long"]),
        ("entry_kind", "stop"),
        ("entry", "0"),
        ("entry", "-1"),
        ("entry", "1e99"),
        ("entry", "1,042"),
        ("entry", "1_042"),
        ("entry", "\u0661"),
        ("entry", "9" * 5000),
        ("entry", ""),
        ("entry", True),
        ("entry", None),
        ("entry", [1]),
        ("tick", float("nan")),
        ("tick", float("inf")),
        ("stop", "NaN"),
        ("taker_rate", "0.2"),
        ("maker_rate", "-0.02"),
        ("slippage_rate", "-0.0001"),
        ("latency_s", -1),
        ("latency_s", 2.5),
        ("max_hold_min", 0),
        ("max_hold_min", 10**6),
        ("entry_ttl_min", "soon"),
        ("published_at", 1767225602500),
        ("published_at", "yesterday"),
        ("published_at", "1999-01-01T00:00:00Z"),
        ("published_at", "0001-01-01T00:00:00+14:00"),
        ("published_at", "9999-12-31T23:59:59-14:00"),
        ("published_at", None),
    ],
)
def test_a_wrong_value_is_refused_with_file_and_field(path: Path, field: str, was: object) -> None:
    error = refusal(path, json.dumps(ALERT | {field: was}))

    assert (error.where, error.field) == (str(path), field)


@pytest.mark.parametrize(
    ("side", "field", "was", "allowed"),
    [
        ({}, "stop", "1.042", "below the entry (1.042) for a long"),
        ({}, "stop", "1.05", "below the entry (1.042) for a long"),
        ({}, "target", "1.042", "above the entry (1.042) for a long"),
        (SHORT, "stop", "1.04", "above the entry (1.042) for a short"),
        (SHORT, "target", "1.05", "below the entry (1.042) for a short"),
    ],
)
def test_a_level_on_the_wrong_side_of_the_entry_is_refused(
    path: Path, side: dict[str, str], field: str, was: str, allowed: str
) -> None:
    error = refusal(path, json.dumps(ALERT | side | {field: was}))

    assert (error.field, error.was, error.allowed) == (field, was, allowed)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_must_be_there(path: Path, field: str) -> None:
    error = refusal(path, json.dumps({name: ALERT[name] for name in FIELDS if name != field}))

    assert (error.field, error.was) == (field, None)


def test_an_unknown_field_is_refused(path: Path) -> None:
    error = refusal(path, json.dumps(ALERT | {"leverage": 3}))

    assert (error.field, error.was) == ("leverage", "3")
    assert "max_hold_min" in error.allowed


def test_a_field_given_twice_is_refused(path: Path) -> None:
    text = json.dumps(ALERT)

    error = refusal(path, text[:-1] + ', "stop": "1"}')

    assert (error.field, error.was) == ("stop", "there twice")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "alert"])
def test_what_is_no_json_is_refused(path: Path, text: str) -> None:
    assert refusal(path, text).field == "file"


@pytest.mark.parametrize("text", ["[]", "null", "1", '"long"'])
def test_what_is_no_object_is_refused(path: Path, text: str) -> None:
    error = refusal(path, text)

    assert (error.field, error.allowed) == ("alert", "a JSON object")
