"""Lines of an exported ledger, read back: only the exact bytes that an entry is written as."""

import json
from typing import Any, NoReturn

from signalbot.domain.timeframe import from_iso, iso
from signalbot.errors import InputError
from signalbot.record.chain import ChainError
from signalbot.record.entries import Entry, EntryType

_FIELDS = {
    "v": int,
    "seq": int,
    "type": str,
    "ts": str,
    "prev": str,
    "body": dict,
    "hash": str,
    "sig": str,
}


def read_line(line: bytes, seq: int) -> Entry:
    """Return the entry that stands in the line of place `seq`, line feed included.

    Another spelling of the same JSON (a space, another order, an escaped letter, a field twice) is
    refused: a record has one form, so that every changed byte shows.

    Raises
    ------
    ChainError
        If it is no entry, or is not written canonically.
    """
    if not line.endswith(b"\n"):
        raise ChainError(seq, "its line is cut off: no line feed ends it")
    try:
        fields = json.loads(line.decode(), parse_float=_no_float, parse_constant=_no_float)
        entry = _entry(fields)
        is_canonical = entry.line().encode() + b"\n" == line
    except (TypeError, ValueError, RecursionError, InputError) as error:
        raise ChainError(seq, f"cannot be read: {error}") from None
    if not is_canonical:
        raise ChainError(seq, "is not written in the canonical form")
    return entry


def _entry(fields: Any) -> Entry:
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise ValueError(f"no object with exactly {', '.join(_FIELDS)}")
    for name, kind in _FIELDS.items():
        if type(fields[name]) is not kind:
            raise ValueError(f"its {name} is of another kind")
    if iso(from_iso(fields["ts"], "ts")) != fields["ts"]:
        raise ValueError("its ts is not written as 2025-05-04T20:15:02.500Z")
    return Entry(**fields | {"type": EntryType(fields["type"])})


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a float in it: {text[:40]}")
