from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.chain import BEFORE_FIRST, seal
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.record.fold import Fold
from signalbot.record.outcome_bodies import correction_body, outcome_body
from signalbot.record.signing import demonstration_signer

START = 1_767_225_660_000  # 2026-01-01T00:01:00Z


class HandWritten:
    """A ledger written by hand, folded as it grows."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.state = Fold()
        self.now = START

    def write(self, kind: EntryType, body: Mapping[str, Any]) -> int:
        head = self.entries[-1].head if self.entries else BEFORE_FIRST
        draft = Draft(type=kind, ts=self.now, body=body)
        (entry,) = seal([draft], head, demonstration_signer())
        self.entries.append(entry)
        self.state.apply(entry)
        return entry.seq

    def alert(self, alert: Alert) -> int:
        return self.write(EntryType.ALERT, alert_body(alert))

    def published(self, seq: int, at: int, message_id: str = "812") -> int:
        return self.write(EntryType.PUBLISHED, published_body(seq, at, message_id, 57))

    def outcome(self, seq: int, kind: OutcomeKind, net_r: str | None) -> int:
        settled = Outcome(kind=kind, net_r=None if net_r is None else Decimal(net_r))
        return self.write(EntryType.OUTCOME, outcome_body(seq, settled))

    def correction(self, seq: int, corrects: int, kind: OutcomeKind, net_r: str | None) -> int:
        settled = Outcome(kind=kind, net_r=None if net_r is None else Decimal(net_r))
        return self.write(EntryType.CORRECTION, correction_body(seq, corrects, settled, "late"))
