"""The chain: every entry carries the hash of the one before it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from signalbot.errors import RecordError
from signalbot.record.entries import (
    LEDGER_VERSION,
    Draft,
    Entry,
    EntryType,
    Head,
    canonical,
    hashed_fields,
    unsealed,
)
from signalbot.record.signing import Signer, is_signed

BEFORE_FIRST = Head(seq=0, hash="0" * 64)
"""What the first entry builds on."""
MOST_SHOWN = 200
"""Characters of a reason that are shown."""


class ChainError(RecordError):
    """An entry that does not fit: its number and why.

    Attributes
    ----------
    seq : int
        The first entry that differs.
    """

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        super().__init__(f"ledger entry #{seq}: {_one_line(why)}")


def _one_line(text: str) -> str:
    # what is quoted of a hostile line must not flood a terminal
    return "".join(c if c.isprintable() else "?" for c in text[:MOST_SHOWN])


def seal(drafts: Sequence[Draft], head: Head, signer: Signer) -> tuple[Entry, ...]:
    """Return the entries that `drafts` become when they follow `head`."""
    sealed: list[Entry] = []
    for draft in drafts:
        fields = unsealed(draft, head.seq + 1, head.hash)
        digest = hashlib.sha256(canonical(fields)).hexdigest()
        fields["type"] = draft.type
        entry = Entry(**fields, hash=digest, sig=signer.sign(digest))
        sealed.append(entry)
        head = entry.head
    return tuple(sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How far a chain holds: its newest entry, and the key in force, which signs the next one."""

    head: Head
    public_key: str


BEGINNING = Link(head=BEFORE_FIRST, public_key="")
"""Before the first entry, which names its own key."""


def check(entries: Iterable[Entry]) -> Head:
    """Return the head of a chain that holds: numbers, hashes, links, signatures and keys.

    Raises
    ------
    ChainError
        Naming the first entry that differs.
    """
    return reduce(follow, entries, BEGINNING).head


def follow(link: Link, entry: Entry) -> Link:
    """Return how far a chain holds with one more entry.

    Raises
    ------
    ChainError
        If the entry does not follow.
    """
    if entry.seq != link.head.seq + 1:
        raise ChainError(link.head.seq + 1, f"missing, the next one found is #{entry.seq}")
    in_force = link.public_key if entry.seq > 1 else _key_of_genesis(entry)
    _check_one(entry, link.head, in_force)
    if entry.type is EntryType.KEY:
        in_force = _successor(entry, in_force)
    return Link(head=entry.head, public_key=in_force)


def _key_of_genesis(entry: Entry) -> str:
    if entry.type is not EntryType.GENESIS or not isinstance(entry.body.get("public_key"), str):
        raise ChainError(1, "is no genesis with a public key")
    return str(entry.body["public_key"])


def _successor(entry: Entry, in_force: str) -> str:
    successor, retired = entry.body.get("public_key"), entry.body.get("retired")
    if retired != in_force or not isinstance(successor, str):
        raise ChainError(entry.seq, "is no change of the key in force to another one")
    return successor


def _check_one(entry: Entry, head: Head, public_key: str) -> None:
    if entry.v != LEDGER_VERSION:
        raise ChainError(entry.seq, f"format version {entry.v} is not {LEDGER_VERSION}")
    if entry.prev != head.hash:
        raise ChainError(entry.seq, "does not carry the hash of the entry before it")
    if _hash_of(entry) != entry.hash:
        raise ChainError(entry.seq, "its content does not give its hash")
    if not is_signed(entry.hash, entry.sig, public_key):
        raise ChainError(entry.seq, "its signature is not that of the ledger's key")


def _hash_of(entry: Entry) -> str:
    try:
        return hashlib.sha256(canonical(hashed_fields(entry))).hexdigest()
    except (TypeError, ValueError) as error:
        raise ChainError(entry.seq, f"holds {error}") from None
