"""Every alert of the record with its publication and outcome, for what looks back at it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.timeframe import from_iso
from signalbot.record.bodies import alert_of
from signalbot.record.entries import Entry, EntryType
from signalbot.record.outcome_bodies import outcome_of


class AlertHistory:
    """The alerts after the entries applied so far, by number; corrections are followed."""

    def __init__(self) -> None:
        self._alerts: dict[int, RecordedAlert] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "AlertHistory":
        """Return the history of a record."""
        history = cls()
        for entry in entries:
            history.apply(entry)
        return history

    def apply(self, entry: Entry) -> None:
        """Take one more entry in; entries come in order."""
        match entry.type:
            case EntryType.ALERT:
                alert = RecordedAlert(seq=entry.seq, alert=alert_of(entry.body))
                self._alerts[entry.seq] = alert
            case EntryType.PUBLISHED:
                seq = entry.body["alert_seq"]
                at = from_iso(entry.body["published_at"])
                self._alerts[seq] = replace(self._alerts[seq], published_at=at)
            case EntryType.OUTCOME | EntryType.CORRECTION:
                seq = entry.body["alert_seq"]
                self._alerts[seq] = replace(self._alerts[seq], outcome=outcome_of(entry.body))
            case _:
                pass

    def find(self, seq: int) -> RecordedAlert | None:
        """Return the alert of that number; None if no alert has it."""
        return self._alerts.get(seq)

    def published(self, since: int, until: int) -> Iterator[RecordedAlert]:
        """Yield the alerts published in [since, until), by number."""
        for alert in self._alerts.values():
            if alert.published_at is not None and since <= alert.published_at < until:
                yield alert
