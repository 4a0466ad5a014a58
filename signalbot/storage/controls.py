"""The log of what admins have changed, in SQLite; the controls in force follow from it."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from signalbot.domain.controls import Change, Controls
from signalbot.storage.database import reading, writing
from signalbot.storage.tables import CONTROL_CHANGE

_columns = CONTROL_CHANGE.c


class SqlControlLog:
    """`service.admin_ports.ControlLog` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def controls(self) -> Controls:
        """Return the controls as they stand."""
        with reading(self._engine) as connection:
            return _controls(connection)

    def append(self, make: Callable[[Controls], Change | None]) -> Change | None:
        """Store the change that `make` makes of the controls as they stand, and return it."""
        with writing(self._engine) as connection:
            change = make(_controls(connection))
            if change is None:
                return None
            row = {
                "at": change.at,
                "who": change.who,
                "key": change.key,
                "before": change.before,
                "after": change.after,
            }
            stored = connection.execute(
                insert(CONTROL_CHANGE).values(row).returning(CONTROL_CHANGE)
            )
            return _change(stored.one())

    def newest(self, most: int) -> Sequence[Change]:
        """Return the newest changes, oldest first."""
        chosen = select(CONTROL_CHANGE).order_by(_columns.number.desc()).limit(most)
        with reading(self._engine) as connection:
            return [_change(row) for row in connection.execute(chosen)][::-1]

    def find(self, number: int) -> Change | None:
        """Return one change; None if there is none of that number."""
        chosen = select(CONTROL_CHANGE).where(_columns.number == number)
        with reading(self._engine) as connection:
            row = connection.execute(chosen).first()
            return None if row is None else _change(row)


def _controls(connection: Connection) -> Controls:
    newest = select(func.max(_columns.number)).group_by(_columns.key)
    chosen = select(_columns.key, _columns.after).where(_columns.number.in_(newest))
    found = connection.execute(chosen)
    return Controls(values={row.key: row.after for row in found if row.after is not None})


def _change(row: Row[Any]) -> Change:
    return Change(
        number=row.number, who=row.who, at=row.at, key=row.key, before=row.before, after=row.after
    )
