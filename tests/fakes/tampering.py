"""Ways to change a record, and the two programs that have to notice: the package and verify.py."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from random import Random
from types import ModuleType

from fakes.whole_record import drafts_of

from signalbot.record.chain import BEFORE_FIRST, ChainError, seal
from signalbot.record.entries import Entry, EntryType
from signalbot.record.merkle import MerkleTree
from signalbot.record.signing import Signer
from signalbot.record.verification import Verification

Named = Callable[[bytes], int | None]
"""Feeds one line and returns the number of the entry that differs, None if it fits."""


class Package:
    """`signalbot ledger verify`, line by line."""

    def __init__(self) -> None:
        self._state = Verification()

    def take(self, line: bytes) -> None:
        self._state.feed(line)

    def named(self, line: bytes) -> int | None:
        try:
            copy(self._state).feed(line)
        except ChainError as error:
            return error.seq
        return None


class Stranger:
    """`verify.py`, line by line; what it refuses leaves it as it was."""

    def __init__(self, verify: ModuleType) -> None:
        self._record = verify.Record()
        self._differs = verify.DiffersError

    def take(self, line: bytes) -> None:
        self._record.feed(line)

    def named(self, line: bytes) -> int | None:
        try:
            self._record.feed(line)
        except self._differs as error:
            return int(re.match(r"entry #(\d+) differs: ", str(error))[1])
        return None


def one_byte_changed(line: bytes, random: Random) -> Iterator[bytes]:
    """Yield the line with each of its bytes replaced by another one."""
    for place, byte in enumerate(line):
        other = (byte + random.randrange(1, 256)) % 256
        yield line[:place] + bytes([other]) + line[place + 1 :]


def rearranged(lines: Sequence[bytes], place: int) -> Iterator[bytes]:
    """Yield what stands at a place (from 0) after a deletion, a swap and an insertion there."""
    if place + 1 < len(lines):
        yield lines[place + 1]  # it was left out, or changed places with the next one
    if place > 0:
        yield lines[place - 1]  # an earlier one was put in


def signed_again(entries: Sequence[Entry], since: int) -> list[Entry]:
    """Return the record with everything from entry `since` on signed by another key."""
    kept = list(entries[: since - 1])
    head = kept[-1].head if kept else BEFORE_FIRST
    return kept + list(seal(drafts_of(entries[since - 1 :]), head, Signer.from_seed(b"9" * 32)))


def forged(entries: Sequence[Entry]) -> list[Entry]:
    """Return a record that says the same and is consistent in itself, by a forger's own key."""
    forger, tree = Signer.from_seed(b"9" * 32), MerkleTree()
    made: list[Entry] = []
    for draft in drafts_of(entries):
        head = made[-1].head if made else BEFORE_FIRST
        body = dict(draft.body)
        if draft.type in (EntryType.GENESIS, EntryType.KEY):
            body |= {"public_key": forger.public_key}
        if draft.type is EntryType.KEY:
            body |= {"retired": forger.public_key}
        if draft.type is EntryType.CHECKPOINT:
            body |= {"head": head.hash, "merkle_root": tree.root()}
        made += seal([replace(draft, body=body)], head, forger)
        tree.append(made[-1].hash)
    return made
