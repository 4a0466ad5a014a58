"""The channels and groups that are told everything, in SQLite."""

from collections.abc import Sequence

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.place import LONGEST_TITLE, Place, PlaceKind
from signalbot.storage.database import reading, writing
from signalbot.storage.tables import PLACE


class SqlPlaces:
    """`service.ports.Places` in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, place: Place) -> None:
        """Store a place in place of what was known of its chat.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        """
        row = {
            "chat": place.chat,
            "thread": place.thread,
            "title": place.title[:LONGEST_TITLE],
            "kind": place.kind.value,
            "reachable": place.reachable,
        }
        statement = insert(PLACE).values(row)
        with writing(self._engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["chat"], set_=row))

    def get(self, chat: int) -> Place | None:
        """Return the place of a chat; None if it is none."""
        return next((each for each in self.all() if each.chat == chat), None)

    def all(self) -> Sequence[Place]:
        """Return every place, by the number of its chat."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(PLACE).order_by(PLACE.c.chat))
            return [
                Place(
                    chat=row.chat,
                    thread=row.thread,
                    title=row.title,
                    kind=PlaceKind(row.kind),
                    reachable=row.reachable,
                )
                for row in rows
            ]

    def remove(self, chat: int) -> bool:
        """Delete a place; return whether there was one."""
        with writing(self._engine) as connection:
            gone = connection.execute(delete(PLACE).where(PLACE.c.chat == chat))
            return bool(gone.rowcount)
