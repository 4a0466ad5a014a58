"""What readers say of the alerts, in SQLite, until they want to be forgotten."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.journal import Decision, Execution, JournalEntry
from signalbot.domain.rounding import plain
from signalbot.errors import InputError, RecordError
from signalbot.storage.database import erase_traces, reading, writing
from signalbot.storage.tables import JOURNAL

_KEYS = ("reader", "alert_seq")


class SqlJournal:
    """`service.ports.Journal` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, entry: JournalEntry) -> None:
        """Store an entry in place of what the reader said of this alert before.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        """
        row = _row(entry)
        statement = insert(JOURNAL).values(row)
        newest = {name: value for name, value in row.items() if name not in _KEYS}
        statement = statement.on_conflict_do_update(index_elements=list(_KEYS), set_=newest)
        with writing(self._engine) as connection:
            connection.execute(statement)

    def find(self, reader: int, alert_seq: int) -> JournalEntry | None:
        """Return what a reader says of an alert; None if nothing.

        Raises
        ------
        RecordError
            If the stored row cannot be read.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(JOURNAL).where(_this(reader, alert_seq))).first()
        return None if row is None else _entry(row)

    def entries(self, reader: int) -> Sequence[JournalEntry]:
        """Return everything a reader says, by number of the alert.

        Raises
        ------
        RecordError
            If a stored row cannot be read.
        """
        chosen = select(JOURNAL).where(JOURNAL.c.reader == reader).order_by(JOURNAL.c.alert_seq)
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(chosen)]

    def remove(self, reader: int, alert_seq: int) -> bool:
        """Delete one entry; return whether there was one."""
        with writing(self._engine) as connection:
            return connection.execute(delete(JOURNAL).where(_this(reader, alert_seq))).rowcount > 0

    def forget(self, reader: int) -> int:
        """Delete every entry of a reader, and what is left of them in the file.

        Traces are erased even where there is no entry: it may be that an earlier call was cut off
        between the two.

        Raises
        ------
        UnavailableError
            If the database does not answer, or is being read so that traces stay in it: ask again.
        """
        with writing(self._engine) as connection:
            count = connection.execute(delete(JOURNAL).where(JOURNAL.c.reader == reader)).rowcount
        erase_traces(self._engine)
        return count


def _this(reader: int, alert_seq: int) -> ColumnElement[bool]:
    return and_(JOURNAL.c.reader == reader, JOURNAL.c.alert_seq == alert_seq)


def _row(entry: JournalEntry) -> dict[str, Any]:
    return {
        "reader": entry.reader,
        "alert_seq": entry.alert_seq,
        "decision": entry.decision.value,
        "marked_at": entry.marked_at,
        "on_paper": entry.on_paper,
        "quantity": None if entry.quantity is None else plain(entry.quantity),
        "fill_price": plain(entry.fill.price) if entry.fill else None,
        "fill_at": entry.fill.at if entry.fill else None,
        "exit_price": plain(entry.exit.price) if entry.exit else None,
        "exit_at": entry.exit.at if entry.exit else None,
    }


def _entry(row: Row[Any]) -> JournalEntry:
    try:
        return JournalEntry(
            reader=row.reader,
            alert_seq=row.alert_seq,
            decision=Decision(row.decision),
            marked_at=row.marked_at,
            on_paper=row.on_paper,
            quantity=None if row.quantity is None else Decimal(row.quantity),
            fill=_execution(row.fill_price, row.fill_at),
            exit=_execution(row.exit_price, row.exit_at),
        )
    except (InvalidOperation, ValueError, InputError) as error:
        raise RecordError(f"a stored mark of alert #{row.alert_seq} cannot be read") from error


def _execution(price: str | None, at: int | None) -> Execution | None:
    return None if price is None or at is None else Execution(price=Decimal(price), at=at)
