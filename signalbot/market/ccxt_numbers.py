"""Take numbers out of ccxt's dicts, exactly: 0.0001 is not 0.000100000000000000004."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from signalbot.domain.rounding import exact
from signalbot.errors import InputError

Bounds = tuple[Decimal, Decimal]
"""Smallest and largest value that is believed, both included."""


def number(row: Mapping[str, Any], path: str, bounds: Bounds, where: str) -> Decimal:
    """Return the number at a dotted path, such as `limits.cost.min`.

    Raises
    ------
    InputError
        Naming the path, if it is missing, no number or not within `bounds`.
    """
    value = optional_number(row, path, bounds, where)
    if value is None:
        raise InputError(path, None, _allowed(bounds), where)
    return value


def optional_number(
    row: Mapping[str, Any], path: str, bounds: Bounds, where: str
) -> Decimal | None:
    """Return the number at a dotted path; None where the venue gives None or an empty text.

    Raises
    ------
    InputError
        Naming the path, if it is no number or not within `bounds`.
    """
    stated = _at(row, path)
    if stated is None or stated == "":
        return None
    return checked(stated, bounds, path, where)


def checked(stated: object, bounds: Bounds, field: str, where: str) -> Decimal:
    """Return a number that a venue stated.

    Raises
    ------
    InputError
        Naming `field`, if it is no number or not within `bounds`.
    """
    value = _decimal(stated)
    low, high = bounds
    if value is None or not value.is_finite() or not low <= value <= high:
        raise InputError(field, stated, _allowed(bounds), where)
    return value


def _at(row: Mapping[str, Any], path: str) -> object:
    value: object = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _decimal(stated: object) -> Decimal | None:
    if isinstance(stated, float):
        return exact(stated)
    if isinstance(stated, bool) or not isinstance(stated, int | str | Decimal):
        return None
    try:
        return Decimal(stated)
    except InvalidOperation:
        return None


def _allowed(bounds: Bounds) -> str:
    return f"a number from {bounds[0]} to {bounds[1]}"
