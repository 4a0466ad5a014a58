"""Read a file of maintenance tiers.

A JSON list of `{"floor", "cap", "mmr", "cum", "max_leverage"}`, lowest tier first, or an object of
such lists by symbol. Values are numbers, or strings of numbers; `cum` and `max_leverage` may be
left out or null, and the `cap` of the last tier may be null. `read_all_tiers` also takes lists of
ccxt's own tiers, as programs that have a key of Binance publish them.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from signalbot.domain.rounding import plain
from signalbot.errors import InputError
from signalbot.market.ccxt_tiers import tiers_of_ccxt
from signalbot.market.json_files import read_json
from signalbot.risk.tiers import Band, Tier, tiers_of

REQUIRED = ("floor", "cap", "mmr")
MONEY = (Decimal(0), Decimal("1e15"))
BOUNDS = {
    "floor": MONEY,
    "cap": MONEY,
    "mmr": (Decimal("1e-9"), Decimal(1)),
    "cum": MONEY,
    "max_leverage": (Decimal(1), Decimal(1000)),
}
"""Smallest and largest value of each field that is believed."""


def read_tiers(
    path: Path, symbol: str | None = None, *, recompute: bool = True
) -> tuple[Tier, ...]:
    """Return the tiers of a file; of `symbol` where the file holds more than one contract.

    `recompute` says what becomes of a missing `cum` (`tiers_of`).

    Raises
    ------
    InputError
        Naming file, symbol, tier and field of the first thing that is wrong.
    """
    listed = read_json(path)
    where = str(path)
    if isinstance(listed, dict):
        listed = _of_symbol(listed, symbol, where)
        where = f"{path} {symbol}"
    if not isinstance(listed, list):
        raise InputError("tiers", listed, "a JSON list of tiers, or an object of such lists", where)
    return tiers_of(_bands(listed, where), recompute=recompute, where=where)


def read_all_tiers(path: Path, venue: str = "binanceusdm") -> dict[str, tuple[Tier, ...]]:
    """Return the tiers of every USDT perpetual of a file that holds several contracts.

    Other contracts are left out.

    Raises
    ------
    InputError
        Naming file, symbol, tier and field of the first thing that is wrong.
    """
    listed = read_json(path)
    if not isinstance(listed, dict):
        raise InputError("tiers", type(listed).__name__, "an object of lists by symbol", str(path))
    return {
        symbol: _tiers_of_rows(symbol, rows, venue, f"{path} {symbol}")
        for symbol, rows in listed.items()
        if symbol.endswith("/USDT:USDT")
    }


def _tiers_of_rows(symbol: str, rows: object, venue: str, where: str) -> tuple[Tier, ...]:
    if not isinstance(rows, list) or not rows:
        raise InputError("tiers", rows, "a JSON list of at least one tier", where)
    if not (isinstance(rows[0], dict) and "minNotional" in rows[0]):
        return tiers_of(_bands(rows, where), where=where)
    if not all(isinstance(row, dict) for row in rows):
        raise InputError("tiers", rows, "a JSON list of objects", where)
    named = [{"symbol": symbol} | row for row in rows]  # some of these files name it once only
    try:
        bands = tiers_of_ccxt(venue, named)
    except InputError as error:
        raise InputError(error.field, error.was, error.allowed, where) from error
    return tiers_of(bands, where=where)


def _of_symbol(listed: dict[str, Any], symbol: str | None, where: str) -> Any:
    if symbol is None:
        raise InputError("symbol", None, "the contract to take from a file of several", where)
    if symbol not in listed:
        nearest = ", ".join(get_close_matches(symbol[:64], listed, n=3, cutoff=0)) or "none"
        allowed = f"one of the {len(listed)} contracts of the file; nearest: {nearest}"
        raise InputError("symbol", symbol, allowed, where)
    return listed[symbol]


def _bands(rows: Sequence[object], where: str) -> list[Band]:
    return [_band(row, f"{where} tier {number}") for number, row in enumerate(rows, start=1)]


def _band(row: object, where: str) -> Band:
    if not isinstance(row, dict):
        raise InputError("tier", row, "an object", where)
    for field in row:
        if field not in BOUNDS:
            raise InputError(field, row[field], f"one of {', '.join(BOUNDS)}", where)
    for field in REQUIRED:
        if field not in row:
            raise InputError(field, None, "a number", where)
    return Band(
        floor=_number(row, "floor", where),
        cap=_optional(row, "cap", where),
        mmr=_number(row, "mmr", where),
        cum=_optional(row, "cum", where),
        max_leverage=_optional(row, "max_leverage", where),
    )


def _optional(row: dict[str, Any], field: str, where: str) -> Decimal | None:
    return None if row.get(field) is None else _number(row, field, where)


def _number(row: dict[str, Any], field: str, where: str) -> Decimal:
    text = row[field]
    low, high = BOUNDS[field]
    allowed = f"a number from {plain(low)} to {plain(high)}"
    try:
        value = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not low <= value <= high:
        raise InputError(field, text, allowed, where)
    return value
