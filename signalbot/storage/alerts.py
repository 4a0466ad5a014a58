"""Single alerts of the ledger with what became of them, without reading all of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, or_, select

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.recorded import RecordedAlert
from signalbot.record.alert_history import AlertHistory
from signalbot.record.entries import EntryType
from signalbot.storage.database import reading
from signalbot.storage.ledger_rows import entry_of
from signalbot.storage.tables import LEDGER, SETTLED


class SqlAlerts:
    """`service.chat_ports.RecentAlerts` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, seq: int) -> RecordedAlert | None:
        """Return the alert of that number; None if no alert has it."""
        with reading(self._engine) as connection:
            return _found(connection, [seq]).get(seq)

    def open(self, most: int) -> Sequence[RecordedAlert]:
        """Return the newest published alerts without an outcome, oldest first."""
        is_open = or_(SETTLED.c.kind.is_(None), SETTLED.c.kind == OutcomeKind.OPEN.value)
        return self._newest(_published().where(is_open), most)

    def newest(self, most: int) -> Sequence[RecordedAlert]:
        """Return the newest published alerts, oldest first."""
        return self._newest(_published(), most)

    def published(self, since: int, until: int) -> Iterable[RecordedAlert]:
        """Return the alerts published in [since, until), by number."""
        at = SETTLED.c.published_at
        chosen = _published().where(at >= since, at < until).order_by(SETTLED.c.seq)
        with reading(self._engine) as connection:
            seqs = list(connection.execute(chosen).scalars())
            return list(_found(connection, seqs).values())

    def _newest(self, chosen: Select[Any], most: int) -> Sequence[RecordedAlert]:
        with reading(self._engine) as connection:
            newest = connection.execute(chosen.order_by(SETTLED.c.seq.desc()).limit(most))
            return list(_found(connection, sorted(newest.scalars())).values())


def _published() -> Select[Any]:
    was_published = select(LEDGER.c.published_of).where(LEDGER.c.published_of.is_not(None))
    return select(SETTLED.c.seq).where(SETTLED.c.seq.in_(was_published))


def _found(connection: Connection, seqs: Sequence[int]) -> dict[int, RecordedAlert]:
    history, found = AlertHistory(), dict[int, RecordedAlert]()
    corrected = func.json_extract(LEDGER.c.body, "$.alert_seq")
    for seq in seqs:
        chosen = select(LEDGER).where(
            or_(
                (LEDGER.c.seq == seq) & (LEDGER.c.type == EntryType.ALERT.value),
                LEDGER.c.published_of == seq,
                LEDGER.c.outcome_of == seq,
                (LEDGER.c.type == EntryType.CORRECTION.value) & (corrected == seq),
            )
        )
        for row in connection.execute(chosen.order_by(LEDGER.c.seq)):
            history.apply(entry_of(row))
        alert = history.find(seq)
        if alert is not None:
            found[seq] = alert
    return found
