"""Read one alert: a JSON object with the plan and when it was published.

Numbers may be JSON numbers or strings of numbers; they are read exactly, never as floats.
"""

import re
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.rounding import plain
from signalbot.domain.side import Side
from signalbot.domain.timeframe import from_iso
from signalbot.errors import InputError
from signalbot.market.candle_files import PLAUSIBLE
from signalbot.market.json_files import read_json

LONGEST_TEXT = 200
TEXTS = ("id", "venue", "symbol")
CHOICES: dict[str, type[StrEnum]] = {"side": Side, "entry_kind": EntryKind}
PRICE = (Decimal("1e-15"), Decimal("1e15"))
FEE = (Decimal("-0.01"), Decimal("0.1"))
NUMBERS = {
    **dict.fromkeys(("entry", "stop", "target", "tick"), PRICE),
    **dict.fromkeys(("taker_rate", "maker_rate"), FEE),
    "slippage_rate": (Decimal(0), Decimal("0.1")),
}
WHOLE = {
    "latency_s": (Decimal(0), Decimal(86_400)),
    "max_hold_min": (Decimal(1), Decimal(100_000)),
    "entry_ttl_min": (Decimal(0), Decimal(100_000)),
}
PUBLISHED_AT = "published_at"
FIELDS = (*TEXTS, *CHOICES, *NUMBERS, *WHOLE, PUBLISHED_AT)
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?")


def read_alert(path: Path) -> tuple[Plan, int]:
    """Return the plan of an alert file, and the instant of its publication.

    Raises
    ------
    InputError
        Naming the file and the first field that is unknown, missing, repeated or wrong.
    """
    found = read_json(path)
    if not isinstance(found, dict):
        raise InputError("alert", found, "a JSON object", str(path))
    try:
        plan = _plan(found)
        return plan, _instant(found[PUBLISHED_AT])
    except InputError as error:
        raise InputError(error.field, error.was, error.allowed, str(path)) from None


def _plan(found: dict[str, Any]) -> Plan:
    for field in found:
        if field not in FIELDS:
            raise InputError(field, found[field], f"one of {', '.join(FIELDS)}")
    for field in FIELDS:
        if field not in found:
            raise InputError(field, None, "every field of an alert")
    values: dict[str, Any] = {
        **{field: _text(found, field) for field in TEXTS},
        **{field: _choice(found, field) for field in CHOICES},
        **{field: _number(found, field, *bounds) for field, bounds in NUMBERS.items()},
        **{field: _whole(found, field) for field in WHOLE},
    }
    plan = Plan(**values)
    for field, beyond in (("stop", -plan.side.sign), ("target", plan.side.sign)):
        if beyond * (getattr(plan, field) - plan.entry) <= 0:
            where = "above" if beyond > 0 else "below"
            allowed = f"{where} the entry ({plain(plan.entry)}) for a {plan.side.value}"
            raise InputError(field, found[field], allowed)
    return plan


def _text(found: dict[str, Any], field: str) -> str:
    text = found[field]
    if type(text) is not str or not 1 <= len(text) <= LONGEST_TEXT or not text.isprintable():
        raise InputError(field, text, f"a text of 1 to {LONGEST_TEXT} characters")
    return text


def _choice(found: dict[str, Any], field: str) -> StrEnum:
    names = [each.value for each in CHOICES[field]]
    if type(found[field]) is not str or found[field] not in names:
        raise InputError(field, found[field], " or ".join(names))
    return CHOICES[field](found[field])


def _number(found: dict[str, Any], field: str, low: Decimal, high: Decimal) -> Decimal:
    text = found[field]
    value = Decimal(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else None
    if value is None or not low <= value <= high:
        raise InputError(field, text, f"a number from {plain(low)} to {plain(high)}")
    return value


def _whole(found: dict[str, Any], field: str) -> int:
    value = _number(found, field, *WHOLE[field])
    if value != value.to_integral_value():
        raise InputError(field, found[field], "a whole number")
    return int(value)


def _instant(text: Any) -> int:
    allowed = "an ISO 8601 time such as 2025-05-04T15:33:00Z, of a year from 2010 to 2099"
    if type(text) is not str:
        raise InputError(PUBLISHED_AT, text, allowed)
    try:
        instant = from_iso(text)
    except (InputError, OverflowError):
        instant = 0
    if instant not in PLAUSIBLE:
        raise InputError(PUBLISHED_AT, text, allowed)
    return instant
