"""The chain: every entry carries the hash of the one before it."""

import hashlib
from collections.abc import Iterable, Sequence

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


class ChainError(RecordError):
    """An entry that does not fit: its number and why.

    Attributes
    ----------
    seq : int
        The first entry that differs.
    """

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        super().__init__(f"ledger entry #{seq}: {why}")


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


def check(entries: Iterable[Entry]) -> Head:
    """Return the head of a chain that holds: numbers, hashes, links and signatures.

    Raises
    ------
    ChainError
        Naming the first entry that differs.
    """
    head = BEFORE_FIRST
    public_key = ""
    for entry in entries:
        if entry.seq != head.seq + 1:
            raise ChainError(head.seq + 1, f"missing, the next one found is #{entry.seq}")
        if entry.seq == 1:
            public_key = _key_of_genesis(entry)
        _check_one(entry, head, public_key)
        head = entry.head
    return head


def _key_of_genesis(entry: Entry) -> str:
    if entry.type is not EntryType.GENESIS or not isinstance(entry.body.get("public_key"), str):
        raise ChainError(1, "is no genesis with a public key")
    return str(entry.body["public_key"])


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
