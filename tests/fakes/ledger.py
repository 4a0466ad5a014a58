from collections.abc import Iterator, Sequence

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, seal
from signalbot.record.entries import Draft, Entry, EntryType, Head
from signalbot.record.signing import demonstration_signer


class FakeLedger:
    """`service.ports.Ledger` in memory: it seals, and refuses what is recorded already."""

    def __init__(self) -> None:
        self.signer = demonstration_signer()
        self.transactions = 0
        self._entries: tuple[Entry, ...] = ()

    @property
    def head(self) -> Head:
        return self._entries[-1].head if self._entries else BEFORE_FIRST

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        sealed = seal(drafts, self.head, self.signer)
        facts: set[str] = set()
        for entry in self._entries + sealed:
            self._refuse_unknown(entry)
            fact = _said_once(entry)
            if fact in facts:
                raise RecordError(f"{fact} is recorded already")
            if fact:
                facts.add(fact)
        self._entries += sealed
        self.transactions += 1
        return sealed

    def entries(self) -> Iterator[Entry]:
        return iter(self._entries)

    def of(self, type_: EntryType) -> list[Entry]:
        return [entry for entry in self._entries if entry.type is type_]

    @staticmethod
    def _refuse_unknown(entry: Entry) -> None:
        about = entry.body.get("alert_seq", 0)
        if about >= entry.seq:
            raise RecordError(f"#{entry.seq} is about an alert that is not recorded")


def _said_once(entry: Entry) -> str | None:
    match entry.type:
        case EntryType.ALERT:
            return f"alert {entry.body['id']}"
        case EntryType.PUBLISHED:
            return f"the publication of alert #{entry.body['alert_seq']}"
        case EntryType.OUTCOME:
            return f"the outcome of alert #{entry.body['alert_seq']}"
        case _:
            return None
