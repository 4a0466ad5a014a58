"""Every refused match, in SQLite."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.timeframe import day as utc_day
from signalbot.service.ports import RefusedMatch
from signalbot.storage.database import reading, writing
from signalbot.storage.tables import REFUSAL


class SqlRefusals:
    """`service.ports.Refusals` in a migrated database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, refused: Sequence[RefusedMatch]) -> None:
        """Store them; one that is stored already (same alert id) is left as it is.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        """
        if not refused:
            return
        statement = insert(REFUSAL).on_conflict_do_nothing(index_elements=["alert_id"])
        with writing(self._engine) as connection:
            connection.execute(statement, [_row(match) for match in refused])

    def counts(self, day: str) -> Mapping[str, int]:
        """Return how many matches were refused on a UTC day (`2025-05-04`), by name."""
        code = REFUSAL.c.code
        counted = select(code, func.count()).where(REFUSAL.c.day == day).group_by(code)
        with reading(self._engine) as connection:
            return dict(connection.execute(counted).all())


def _row(match: RefusedMatch) -> dict[str, str | int]:
    return {
        "alert_id": match.alert_id,
        "day": utc_day(match.refused_at),
        "refused_at": match.refused_at,
        "setup": match.setup,
        "symbol": match.symbol,
        "side": match.side.value,
        "code": match.code.value,
        "message": match.message,
    }
