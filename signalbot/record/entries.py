"""Entries of the ledger and their one canonical form (docs/ledger.md)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from signalbot.domain.timeframe import iso

LEDGER_VERSION = 1

Body = Mapping[str, Any]
"""JSON without floats: objects, lists, strings, integers, booleans and null."""


class EntryType(StrEnum):
    """What an entry states."""

    GENESIS = "genesis"
    RULES = "rules"
    UNIVERSE = "universe"
    ALERT = "alert"
    PUBLISHED = "published"
    OUTCOME = "outcome"
    CORRECTION = "correction"
    REFUSALS = "refusals"
    BASELINE = "baseline"
    KEY = "key"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry before it has a place in the chain; `ts` is the clock of the use case, in ms."""

    type: EntryType
    ts: int
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry of a chain: its number and its hash."""

    seq: int
    hash: str

    @property
    def seed(self) -> int:
        """Seed of the resampling in statistics: the first 64 bits of the hash."""
        return int(self.hash[:16], 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger.

    `hash` is the SHA-256 of the canonical form of the first six fields, `sig` the Ed25519
    signature over the hash bytes; both in hex. `ts` is ISO 8601 UTC.
    """

    v: int
    seq: int
    type: EntryType
    ts: str
    prev: str
    body: Body
    hash: str
    sig: str

    @property
    def head(self) -> Head:
        """Number and hash, which the next entry builds on."""
        return Head(seq=self.seq, hash=self.hash)

    def line(self) -> str:
        """Return the entry as a line of the exported ledger, without the line feed."""
        sealed = {"hash": self.hash, "sig": self.sig}
        return canonical(hashed_fields(self) | sealed).decode()


def hashed_fields(entry: Entry) -> dict[str, Any]:
    """Return the six fields the hash covers."""
    return {
        "v": entry.v,
        "seq": entry.seq,
        "type": entry.type.value,
        "ts": entry.ts,
        "prev": entry.prev,
        "body": entry.body,
    }


def unsealed(draft: Draft, seq: int, prev: str) -> dict[str, Any]:
    """Return the six hashed fields of the entry that `draft` becomes at place `seq`."""
    return {
        "v": LEDGER_VERSION,
        "seq": seq,
        "type": draft.type.value,
        "ts": iso(draft.ts),
        "prev": prev,
        "body": draft.body,
    }


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of a value: sorted keys, no spaces, UTF-8, no floats.

    Raises
    ------
    TypeError
        If there is a float or another non-JSON value in it: numbers that are no integers are
        written as plain decimal strings before they come here.
    """
    _refuse_floats(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float in a ledger body: {value!r}")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
