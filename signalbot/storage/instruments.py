"""What the venues said of their contracts, in SQLite: the newest of each."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects.sqlite import insert

from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import plain
from signalbot.errors import RecordError
from signalbot.storage.database import reading, writing
from signalbot.storage.tables import INSTRUMENT

_NUMBERS = (
    "tick",
    "step",
    "min_qty",
    "min_notional",
    "contract_size",
    "taker_rate",
    "maker_rate",
)


class SqlInstruments:
    """The instruments of all venues in a migrated database.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, instruments: Iterable[Instrument], now: int) -> None:
        """Store `instruments` as seen `now`; what was known of the same contracts is replaced.

        Contracts that are not among them stay: a delisted one may still be asked about.

        Raises
        ------
        UnavailableError
            If the database does not answer. Nothing is stored then.
        """
        rows = [_row(instrument, now) for instrument in instruments]
        if not rows:
            return
        statement = insert(INSTRUMENT)
        newest = {name: statement.excluded[name] for name in (*_NUMBERS, "assumed", "seen_at")}
        keys = ["venue", "symbol"]
        statement = statement.on_conflict_do_update(index_elements=keys, set_=newest)
        with writing(self._engine) as connection:
            connection.execute(statement, rows)

    def find(self, venue: str) -> dict[str, Instrument]:
        """Return every known instrument of a venue, by unified symbol.

        Raises
        ------
        RecordError
            If a stored row cannot be read.
        """
        chosen = select(INSTRUMENT).where(INSTRUMENT.c.venue == venue).order_by(INSTRUMENT.c.symbol)
        with reading(self._engine) as connection:
            return {row.symbol: _instrument(row) for row in connection.execute(chosen)}


def _row(instrument: Instrument, now: int) -> dict[str, str | int]:
    numbers = {name: plain(getattr(instrument, name)) for name in _NUMBERS}
    return {
        "venue": instrument.venue,
        "symbol": instrument.symbol,
        **numbers,
        "assumed": ",".join(instrument.assumed),
        "seen_at": now,
    }


def _instrument(row: Row[Any]) -> Instrument:
    try:
        numbers = {name: Decimal(getattr(row, name)) for name in _NUMBERS}
    except InvalidOperation as error:
        raise RecordError(f"the stored {row.symbol} of {row.venue} cannot be read") from error
    assumed = tuple(row.assumed.split(",")) if row.assumed else ()
    return Instrument(venue=row.venue, symbol=row.symbol, **numbers, assumed=assumed)
