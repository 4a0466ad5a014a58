"""Read `instruments.json`: ticks, steps, minimums and fees by symbol."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from signalbot.domain.candles import PRICES, Candles
from signalbot.domain.instrument import ASSUMED_MIN_NOTIONAL, Instrument, assumed_step
from signalbot.domain.rounding import exact
from signalbot.errors import InputError
from signalbot.market.text_files import read_text
from signalbot.risk.venue_rules import DEFAULT_VENUE, KNOWN_VENUES, rule_for

POSITIVE = ("tick", "step", "contract_size")
NOT_NEGATIVE = ("min_qty", "min_notional")
RATES = ("taker_rate", "maker_rate")
FIELDS = (*POSITIVE, *NOT_NEGATIVE, *RATES)
BOUNDS = (
    dict.fromkeys(POSITIVE, (Decimal("1e-15"), Decimal("1e15")))
    | dict.fromkeys(NOT_NEGATIVE, (Decimal(0), Decimal("1e15")))
    | dict.fromkeys(RATES, (Decimal("-0.01"), Decimal("0.1")))
)
"""Smallest and largest value of each field that is believed."""

TICK_ROWS = 300


def read_instruments(path: Path, venue: str) -> dict[str, Instrument]:
    """Return the instruments of a file, by symbol.

    Raises
    ------
    InputError
        Naming the file, and symbol and field of the first value that is wrong.
    """
    try:
        listed = json.loads(read_text(path), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise InputError("file", str(path), f"JSON ({error})") from error
    if not isinstance(listed, dict):
        raise InputError("file", str(path), "a JSON object of instruments by symbol")
    return {symbol: _instrument(path, venue, symbol, row) for symbol, row in listed.items()}


def assumed_instrument(venue: str, symbol: str, candles: Candles) -> Instrument:
    """Return what has to be assumed of a contract without metadata.

    The tick is the most decimals of the first 300 rows, never of later ones, which a live bot
    would not have seen. Fees are those of the venue's row in the table of venue rules, or of the
    default venue's where it has none.
    """
    fees = rule_for(venue if venue in KNOWN_VENUES else DEFAULT_VENUE)
    shown = [getattr(candles, field)[:TICK_ROWS] for field in PRICES]
    prices = np.concatenate(shown) if len(candles) else np.array([1.0])
    places = max(_places(exact(value)) for value in prices.tolist())
    return Instrument(
        venue=venue,
        symbol=symbol,
        tick=Decimal(1).scaleb(-places),
        step=assumed_step(exact(prices[0])),
        min_qty=Decimal(0),
        min_notional=ASSUMED_MIN_NOTIONAL,
        contract_size=Decimal(1),
        taker_rate=fees.taker_rate,
        maker_rate=fees.maker_rate,
        assumed=FIELDS,
    )


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _instrument(path: Path, venue: str, symbol: str, row: object) -> Instrument:
    where = f"{path} {symbol}"
    if not isinstance(row, Mapping):
        raise InputError("instrument", row, "an object", where)
    unknown = sorted(set(row) - set(FIELDS))
    if unknown:
        raise InputError(unknown[0], row[unknown[0]], f"one of {', '.join(FIELDS)}", where)
    return Instrument(
        venue=venue,
        symbol=symbol,
        tick=_decimal(row, "tick", where),
        step=_decimal(row, "step", where),
        min_qty=_decimal(row, "min_qty", where),
        min_notional=_decimal(row, "min_notional", where),
        contract_size=_decimal(row, "contract_size", where),
        taker_rate=_decimal(row, "taker_rate", where),
        maker_rate=_decimal(row, "maker_rate", where),
    )


def _decimal(row: Mapping[str, Any], field: str, where: str) -> Decimal:
    text = row.get(field)
    if not isinstance(text, str):
        raise InputError(field, text, 'a decimal number as a string, such as "0.0001"', where)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InputError(field, text, "a decimal number", where) from None
    low, high = BOUNDS[field]
    if not value.is_finite() or not low <= value <= high:
        raise InputError(field, text, f"a number from {low} to {high}", where)
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in pairs:
        if name in seen:
            raise ValueError(f"{name} stands twice")
        seen[name] = value
    return seen
