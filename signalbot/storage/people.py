"""The readers of the bot, in SQLite, until they want to be forgotten."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.alert import Alert
from signalbot.domain.onboarding import Step
from signalbot.domain.rounding import plain
from signalbot.domain.subscriber import QuietHours, Role, Subscriber, wants
from signalbot.errors import InputError, RecordError
from signalbot.storage.database import erase_traces, reading, writing
from signalbot.storage.tables import SUBSCRIBER

BATCH = 500
"""Readers in memory at once while an alert goes out."""

_columns = SUBSCRIBER.c


class SqlPeople:
    """`service.ports.People` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, reader: int) -> Subscriber | None:
        """Return what is known of a reader; None if nothing.

        Raises
        ------
        RecordError
            If the stored row cannot be read.
        """
        with reading(self._engine) as connection:
            return _find(connection, reader)

    def find(self, readers: Collection[int]) -> Mapping[int, Subscriber]:
        """Return what is known of these readers, by their ids; unknown ones are left out.

        Raises
        ------
        RecordError
            If a stored row cannot be read.
        """
        chosen = select(SUBSCRIBER).where(_columns.reader.in_(readers))
        with reading(self._engine) as connection:
            return {row.reader: _subscriber(row) for row in connection.execute(chosen)}

    def put(self, subscriber: Subscriber) -> None:
        """Store a reader in place of what was known.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        """
        with writing(self._engine) as connection:
            _store(connection, subscriber)

    def change(self, reader: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber | None:
        """Store what `change` makes of a reader, in one transaction; None if it is not known.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        RecordError
            If the stored row cannot be read.
        """
        with writing(self._engine) as connection:
            before = _find(connection, reader)
            if before is None:
                return None
            after = change(before)
            if after != before:
                _store(connection, after)
            return after

    def wanting(self, alert: Alert, now: int) -> Iterator[Subscriber]:
        """Yield the readers that want an alert `now`, by reader.

        No transaction is open while one is dealt with, so a slow delivery keeps nobody from
        writing, or from being forgotten.

        Raises
        ------
        RecordError
            If a stored row cannot be read.
        """
        beyond = 0
        while rows := self._batch(beyond):
            yield from (each for each in map(_subscriber, rows) if not wants(each, alert, now))
            beyond = rows[-1].reader

    def count_alert(self, readers: Collection[int]) -> None:
        """Add one to the alerts that each of these has received; unknown ones are passed over.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is counted then.
        """
        if not readers:
            return
        received = _columns.alerts_received
        counted = update(SUBSCRIBER).where(_columns.reader == bindparam("who"))
        with writing(self._engine) as connection:
            connection.execute(
                counted.values(alerts_received=received + 1), [{"who": who} for who in readers]
            )

    def forget(self, reader: int) -> int:
        """Delete everything of a reader, and what is left of it in the file.

        Traces are erased even where there is no row: it may be that an earlier call was cut off
        between the two.

        Raises
        ------
        UnavailableError
            If the database does not answer, or is being read so that traces stay in it: ask again.
        """
        with writing(self._engine) as connection:
            count = connection.execute(delete(SUBSCRIBER).where(_columns.reader == reader)).rowcount
        erase_traces(self._engine)
        return count

    def _batch(self, beyond: int) -> list[Row[Any]]:
        with reading(self._engine) as connection:
            return _subscribed(connection, beyond)


def readers_wanting(connection: Connection, alert: Alert, now: int) -> Iterator[int]:
    """Yield the readers that want an alert `now`, within a transaction that is open.

    Raises
    ------
    RecordError
        If a stored row cannot be read.
    """
    beyond = 0
    while rows := _subscribed(connection, beyond):
        yield from (each.reader for each in map(_subscriber, rows) if not wants(each, alert, now))
        beyond = rows[-1].reader


def _subscribed(connection: Connection, beyond: int) -> list[Row[Any]]:
    chosen = select(SUBSCRIBER).where(
        _columns.reader > beyond, _columns.subscribed, _columns.reachable
    )
    return list(connection.execute(chosen.order_by(_columns.reader).limit(BATCH)))


def _find(connection: Connection, reader: int) -> Subscriber | None:
    row = connection.execute(select(SUBSCRIBER).where(_columns.reader == reader)).first()
    return None if row is None else _subscriber(row)


def _store(connection: Connection, subscriber: Subscriber) -> None:
    row = _row(subscriber)
    newest = {name: value for name, value in row.items() if name != "reader"}
    statement = insert(SUBSCRIBER).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["reader"], set_=newest))


def _row(subscriber: Subscriber) -> dict[str, Any]:
    quiet = subscriber.quiet
    return {
        "reader": subscriber.reader,
        "joined_at": subscriber.joined_at,
        "role": subscriber.role.value,
        "venue": subscriber.venue,
        "equity": None if subscriber.equity is None else plain(subscriber.equity),
        "risk_pct": plain(subscriber.risk_pct),
        "leverage": plain(subscriber.leverage),
        "zone": subscriber.zone,
        "quiet_since": quiet.since if quiet else None,
        "quiet_until": quiet.until if quiet else None,
        "subscribed": subscriber.subscribed,
        "paused_until": subscriber.paused_until,
        "muted_coins": _listed(subscriber.muted_coins),
        "muted_setups": _listed(subscriber.muted_setups),
        "alerts_received": subscriber.alerts_received,
        "real_since": subscriber.real_since,
        "reachable": subscriber.reachable,
        "question": subscriber.question.value if subscriber.question else None,
    }


def _subscriber(row: Row[Any]) -> Subscriber:
    try:
        return Subscriber(
            reader=row.reader,
            joined_at=row.joined_at,
            role=Role(row.role),
            venue=row.venue,
            equity=None if row.equity is None else Decimal(row.equity),
            risk_pct=Decimal(row.risk_pct),
            leverage=Decimal(row.leverage),
            zone=row.zone,
            quiet=_quiet(row),
            subscribed=row.subscribed,
            paused_until=row.paused_until,
            muted_coins=frozenset(json.loads(row.muted_coins)),
            muted_setups=frozenset(json.loads(row.muted_setups)),
            alerts_received=row.alerts_received,
            real_since=row.real_since,
            reachable=row.reachable,
            question=Step(row.question) if row.question else None,
        )
    except (InputError, InvalidOperation, TypeError, ValueError):
        # without the cause: nothing of a person gets into a log
        raise RecordError("a stored reader cannot be read") from None


def _quiet(row: Row[Any]) -> QuietHours | None:
    if row.quiet_since is None:
        return None
    return QuietHours(since=row.quiet_since, until=row.quiet_until)


def _listed(names: frozenset[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False)
