from collections.abc import Sequence

from signalbot.domain.journal import JournalEntry


class FakeJournal:
    """`service.ports.Journal` in memory."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, int], JournalEntry] = {}

    def put(self, entry: JournalEntry) -> None:
        self.stored[entry.reader, entry.alert_seq] = entry

    def find(self, reader: int, alert_seq: int) -> JournalEntry | None:
        return self.stored.get((reader, alert_seq))

    def entries(self, reader: int) -> Sequence[JournalEntry]:
        return [entry for (who, _), entry in sorted(self.stored.items()) if who == reader]

    def remove(self, reader: int, alert_seq: int) -> bool:
        return self.stored.pop((reader, alert_seq), None) is not None

    def forget(self, reader: int) -> int:
        theirs = [key for key in self.stored if key[0] == reader]
        for key in theirs:
            del self.stored[key]
        return len(theirs)
