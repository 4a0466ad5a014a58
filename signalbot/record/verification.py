"""Verification of a record, line after line, by what it says itself.

Every line has the one canonical form; numbers, hashes, links and signatures hold, by the key in
force; checkpoints name the entries before them; the rules are those the genesis announced; every
alert is published once and ends once, in this order, and a correction refers to what stands.
Whether an outcome follows from its evidence is asked one layer up, where outcomes are decided.
"""

import hashlib
from collections.abc import Callable, Mapping
from copy import copy

from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS, from_iso
from signalbot.errors import InputError
from signalbot.record.chain import BEGINNING, ChainError, Link, follow
from signalbot.record.entries import Body, Entry, EntryType, canonical
from signalbot.record.judgement_bodies import baseline_of
from signalbot.record.lines import read_line
from signalbot.record.merkle import MerkleTree
from signalbot.record.tracked import Tracked

_UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, InputError)
GRACE_MS = HOUR_MS
"""How long after its expiry an alert may wait for its outcome."""


class Verification:
    """A record as far as it was verified.

    Parameters
    ----------
    heads : mapping of int to str
        What a reader holds: the first eight or more digits of hashes, by the entries' numbers.

    Attributes
    ----------
    link : Link
        Newest entry, and the key in force.
    alerts : dict of int to Tracked
        Every alert, by its number.
    counts : dict of EntryType to int
        Entries by type.
    keys : list of str
        The keys that have signed entries, oldest first.
    """

    def __init__(self, heads: Mapping[int, str] | None = None) -> None:
        self.link: Link = BEGINNING
        self.alerts: dict[int, Tracked] = {}
        self.counts: dict[EntryType, int] = {}
        self.keys: list[str] = []
        self._heads = heads or {}
        self._tree = MerkleTree()
        self._alert_ids: set[str] = set()
        self._rules_hash: object = None
        self._newest_at = 0

    def __copy__(self) -> "Verification":
        other = Verification(self._heads)
        other.link = self.link
        other.alerts, other.counts = dict(self.alerts), dict(self.counts)
        other.keys, other._alert_ids = list(self.keys), set(self._alert_ids)
        other._tree = copy(self._tree)
        other._rules_hash, other._newest_at = self._rules_hash, self._newest_at
        return other

    def feed(self, line: bytes) -> Entry:
        """Verify the next line, line feed included, and return its entry.

        Raises
        ------
        ChainError
            Naming the entry and why it differs. Nothing may be fed afterwards.
        """
        entry = read_line(line, self.link.head.seq + 1)
        signed_by = self.link.public_key
        self.link = follow(self.link, entry)
        held = self._heads.get(entry.seq)
        if held is not None and not entry.hash.startswith(held):
            raise ChainError(entry.seq, f"its hash is not {held}, which a reader holds")
        self._check_content(entry)
        signed_by = signed_by or self.link.public_key
        if signed_by not in self.keys[-1:]:
            self.keys.append(signed_by)
        self.counts[entry.type] = self.counts.get(entry.type, 0) + 1
        self._newest_at = from_iso(entry.ts)
        self._tree.append(entry.hash)
        return entry

    def finish(self, key: str | None = None) -> None:
        """Check what can be said at the end only.

        Parameters
        ----------
        key : str, optional
            A public key that a reader holds, in hex: it must have signed an entry at least. That
            it is named by a `key` entry alone would prove nothing, anybody can name it.

        Raises
        ------
        ChainError
            If there is no entry, the tail is cut off before an entry that a reader holds, or the
            key has signed nothing.
        """
        last = self.link.head.seq
        if not last:
            raise ChainError(1, "missing, the record is empty")
        beyond = [seq for seq in sorted(self._heads) if seq > last]
        if beyond:
            raise ChainError(last + 1, f"missing, though a reader holds #{beyond[0]}")
        if key is not None and key not in self.keys:
            raise ChainError(1, f"neither it nor a later one is signed with the key {key}")

    def overdue(self) -> list[int]:
        """Return the alerts without an outcome though their time was up before the last entry."""
        return [
            seq
            for seq, each in self.alerts.items()
            if each.newest is None and _ends_at(each) + GRACE_MS < self._newest_at
        ]

    def _check_content(self, entry: Entry) -> None:
        check = _CHECKS.get(entry.type)
        try:
            if check is not None:
                check(self, entry)
        except _UNREADABLE as error:
            said = f"lacks {error}" if isinstance(error, KeyError) else str(error)
            raise ChainError(entry.seq, said) from None

    def _genesis(self, entry: Entry) -> None:
        if entry.seq != 1:
            raise ValueError("is a second genesis")
        self._rules_hash = entry.body.get("rules_hash")

    def _rules(self, entry: Entry) -> None:
        is_first = EntryType.RULES not in self.counts
        digest = hashlib.sha256(canonical(entry.body)).hexdigest()
        if is_first and digest != self._rules_hash:
            raise ValueError("is not the rules whose hash the genesis announced")

    def _universe(self, entry: Entry) -> None:
        symbols = entry.body["symbols"]
        if symbols != sorted(symbols):
            raise ValueError("its symbols are not in order")

    def _alert(self, entry: Entry) -> None:
        tracked = Tracked.of(entry.seq, entry.body)
        if tracked.alert.id in self._alert_ids:
            raise ValueError(f"alert {tracked.alert.id} is recorded already")
        self._alert_ids.add(tracked.alert.id)
        self.alerts[entry.seq] = tracked

    def _published(self, entry: Entry) -> None:
        tracked = self._about(entry.body)
        self.alerts[tracked.seq] = tracked.published(entry.body)

    def _outcome(self, entry: Entry) -> None:
        tracked = self._about(entry.body)
        self.alerts[tracked.seq] = tracked.ended(entry.seq, entry.body)

    def _correction(self, entry: Entry) -> None:
        tracked = self._about(entry.body)
        self.alerts[tracked.seq] = tracked.corrected(entry.seq, entry.body)

    def _about(self, body: Body) -> Tracked:
        tracked = self.alerts.get(body["alert_seq"])
        if tracked is None:
            raise ValueError("is about an alert that is not recorded")
        return tracked

    def _refusals(self, entry: Entry) -> None:
        counts = entry.body["counts"]
        if not all(type(count) is int and count >= 0 for count in counts.values()):
            raise ValueError("its counts are no counts")

    def _baseline(self, entry: Entry) -> None:
        baseline_of(entry.body)

    def _checkpoint(self, entry: Entry) -> None:
        stated = [entry.body[name] for name in ("size", "head", "merkle_root")]
        if stated != [self._tree.size, entry.prev, self._tree.root()]:
            raise ValueError("does not name size, head and Merkle root of the entries before it")


def _ends_at(tracked: Tracked) -> int:
    alert = tracked.alert
    begins = alert.candle_close if tracked.published_at is None else tracked.published_at
    return begins + alert.plan.max_hold_min * MINUTE_MS


_CHECKS: dict[EntryType, Callable[[Verification, Entry], None]] = {
    EntryType.GENESIS: Verification._genesis,
    EntryType.RULES: Verification._rules,
    EntryType.UNIVERSE: Verification._universe,
    EntryType.ALERT: Verification._alert,
    EntryType.PUBLISHED: Verification._published,
    EntryType.OUTCOME: Verification._outcome,
    EntryType.CORRECTION: Verification._correction,
    EntryType.REFUSALS: Verification._refusals,
    EntryType.BASELINE: Verification._baseline,
    EntryType.CHECKPOINT: Verification._checkpoint,
}
