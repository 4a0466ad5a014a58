"""Entries of the ledger as rows of its table, and back."""

import json
from typing import Any, NoReturn

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from signalbot.record.chain import ChainError
from signalbot.record.entries import Entry, EntryType, canonical

_ONCE = {
    "alert_id": "alert {}",
    "published_of": "the publication of alert #{}",
    "outcome_of": "the outcome of alert #{}",
}
"""What the ledger says at most once, by the column that sees to it."""


def row_of(entry: Entry) -> dict[str, Any]:
    """Return an entry as a row."""
    return {
        "seq": entry.seq,
        "v": entry.v,
        "type": entry.type.value,
        "ts": entry.ts,
        "prev": entry.prev,
        "body": canonical(entry.body).decode(),
        "hash": entry.hash,
        "sig": entry.sig,
        "alert_id": entry.body["id"] if entry.type is EntryType.ALERT else None,
        "published_of": entry.body["alert_seq"] if entry.type is EntryType.PUBLISHED else None,
        "outcome_of": entry.body["alert_seq"] if entry.type is EntryType.OUTCOME else None,
    }


def why_refused(row: dict[str, Any], error: IntegrityError) -> str:
    """Return in words why the database refused a row."""
    if "FOREIGN KEY" in str(error.orig):
        return f"ledger entry #{row['seq']} is about an alert that is not recorded"
    said = next(what.format(row[name]) for name, what in _ONCE.items() if row[name] is not None)
    return f"{said} is recorded already"


def entry_of(row: Row[Any]) -> Entry:
    """Return the entry of a row.

    Raises
    ------
    ChainError
        If it cannot be read.
    """
    try:
        body = json.loads(row.body, parse_float=_no_float, parse_constant=_no_float)
        kind = EntryType(row.type)
    except (TypeError, ValueError, RecursionError) as error:
        raise ChainError(row.seq, f"cannot be read: {error}") from error
    texts = (row.ts, row.prev, row.hash, row.sig)
    if not isinstance(body, dict) or not all(isinstance(text, str) for text in texts):
        raise ChainError(row.seq, "cannot be read: something in it is of another kind")
    return Entry(
        v=row.v,
        seq=row.seq,
        type=kind,
        ts=row.ts,
        prev=row.prev,
        body=body,
        hash=row.hash,
        sig=row.sig,
    )


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a float in its body: {text}")
