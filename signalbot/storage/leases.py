"""A right that one process at a time has, in SQLite."""

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.storage.database import writing
from signalbot.storage.tables import LEASE

SENDER = "sender"
"""The right to send what is in the outbox."""


class SqlLease:
    """`service.delivery_ports.Lease` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine, name: str = SENDER) -> None:
        self._engine = engine
        self._name = name

    def take(self, owner: str, now: int, until: int) -> bool:
        """Take or keep the right until then; return whether `owner` has it."""
        chosen = select(LEASE).where(LEASE.c.name == self._name)
        row = {"name": self._name, "owner": owner, "until": until}
        with writing(self._engine) as connection:
            held = connection.execute(chosen).first()
            if held is not None and held.owner != owner and held.until > now:
                return False
            statement = insert(LEASE).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
            return True

    def release(self, owner: str) -> None:
        """Give the right back, if `owner` has it."""
        held = delete(LEASE).where(LEASE.c.name == self._name, LEASE.c.owner == owner)
        with writing(self._engine) as connection:
            connection.execute(held)
