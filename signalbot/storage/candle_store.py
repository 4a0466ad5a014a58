"""Closed candles of the last days in a SQLite file of their own, with quotes and funding.

It is a cache: what it holds can be asked for again, and what a record needs of it is kept with the
record. So it is no part of a backup, and a file that cannot be read is begun anew.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.timeframe import M1
from signalbot.domain.trade import Quote
from signalbot.errors import UnavailableError

Row = tuple[str, int, float, float, float, float, float]
"""Symbol, open time, open, high, low, close, volume."""

BUSY_TIMEOUT_S = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pair (id INTEGER PRIMARY KEY, symbol TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS candle (
    open_time INTEGER NOT NULL, pair INTEGER NOT NULL,
    open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL,
    volume REAL NOT NULL, PRIMARY KEY (open_time, pair)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quote (
    pair INTEGER NOT NULL, time INTEGER NOT NULL, bid TEXT NOT NULL, ask TEXT NOT NULL,
    PRIMARY KEY (pair, time)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS funding (
    pair INTEGER NOT NULL, time INTEGER NOT NULL, rate TEXT NOT NULL, PRIMARY KEY (pair, time)
) WITHOUT ROWID;
"""
# the minutes first: what closes together is written to one place, whatever the number of pairs
_MINUTES = """
WITH RECURSIVE minute(t) AS (
    SELECT :first UNION ALL SELECT t + :step FROM minute WHERE t + :step <= :last
)
SELECT candle.open_time, open, high, low, close, volume
FROM minute CROSS JOIN candle ON candle.open_time = minute.t AND candle.pair = :pair
"""


class CandleStore:
    """The candles of one venue.

    Parameters
    ----------
    path : Path
        Made if it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._connection = _opened(path)
        self._ids: dict[str, int] = dict(
            self._connection.execute("SELECT symbol, id FROM pair").fetchall()
        )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add(self, rows: Sequence[Row]) -> int:
        """Store candles; return how many were new. One that is there stays as it is.

        Raises
        ------
        UnavailableError
            If the file cannot be written; nothing is stored then.
        """
        with self._writing() as connection:
            values = [(row[1], self._id(connection, row[0]), *row[2:]) for row in rows]
            before = connection.total_changes
            connection.executemany("INSERT OR IGNORE INTO candle VALUES (?,?,?,?,?,?,?)", values)
            return connection.total_changes - before

    def candles(self, symbol: str, since: int, until: int) -> Candles:
        """Return the candles of a pair that open at or after `since` and close by `until`."""
        step = M1.step_ms
        limits = {"first": -(-since // step) * step, "last": until - step, "step": step}
        rows = self._read(_MINUTES, {**limits, "pair": self._ids.get(symbol, -1)})
        columns = list(zip(*rows, strict=True)) or [()] * 6
        return Candles(
            timeframe=M1,
            open_time=np.array(columns[0], dtype=np.int64),
            **{
                field: np.array(values, dtype=np.float64)
                for field, values in zip(FIELDS, columns[1:], strict=True)
            },
        )

    def count(self, since: int, until: int) -> int:
        """Return how many candles open in [since, until)."""
        query = "SELECT COUNT(*) FROM candle WHERE open_time >= ? AND open_time < ?"
        return int(self._read(query, (since, until))[0][0])

    def put_quote(self, symbol: str, quote: Quote) -> None:
        """Store the best prices of a pair at one instant."""
        with self._writing() as connection:
            values = (self._id(connection, symbol), quote.time, str(quote.bid), str(quote.ask))
            connection.execute("INSERT OR IGNORE INTO quote VALUES (?,?,?,?)", values)

    def quote(self, symbol: str, since: int, until: int) -> Quote | None:
        """Return the first stored quote of a pair in [since, until]; None if there is none."""
        query = "SELECT time, bid, ask FROM quote WHERE pair = ? AND time BETWEEN ? AND ?"
        rows = self._read(
            f"{query} ORDER BY time LIMIT 1", (self._ids.get(symbol, -1), since, until)
        )
        for time, bid, ask in rows:
            return Quote(time=time, bid=Decimal(bid), ask=Decimal(ask))
        return None

    def put_funding(self, rates: Iterable[tuple[str, int, Decimal]]) -> None:
        """Store funding rates: symbol, time due, rate."""
        with self._writing() as connection:
            values = [(self._id(connection, each[0]), each[1], str(each[2])) for each in rates]
            connection.executemany("INSERT OR REPLACE INTO funding VALUES (?,?,?)", values)

    def funding(self, symbol: str, since: int, until: int) -> list[tuple[int, Decimal]]:
        """Return time and rate of the funding of a pair that fell due in (since, until]."""
        query = "SELECT time, rate FROM funding WHERE pair = ? AND time > ? AND time <= ?"
        rows = self._read(f"{query} ORDER BY time", (self._ids.get(symbol, -1), since, until))
        return [(time, Decimal(rate)) for time, rate in rows]

    def purge(self, before: int) -> int:
        """Delete what opened or happened before an instant; return how many candles it were."""
        with self._writing() as connection:
            deleted = connection.execute("DELETE FROM candle WHERE open_time < ?", (before,))
            connection.execute("DELETE FROM quote WHERE time < ?", (before,))
            connection.execute("DELETE FROM funding WHERE time < ?", (before,))
            return deleted.rowcount

    def _id(self, connection: sqlite3.Connection, symbol: str) -> int:
        if symbol not in self._ids:
            number = connection.execute("INSERT INTO pair (symbol) VALUES (?)", (symbol,)).lastrowid
            assert number is not None  # noqa: S101 - it has just been inserted
            self._ids[symbol] = number
        return self._ids[symbol]

    def _read(self, query: str, values: Mapping[str, object] | Sequence[object]) -> list[Any]:
        with self._lock, _translated():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            known = dict(self._ids)
            try:
                with self._connection:
                    yield self._connection
            except BaseException:
                self._ids = known
                raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UnavailableError(f"the file of candles: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _connection(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise UnavailableError(f"the file of candles {path}: {error}") from error
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _connection(path)


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # it can be asked for again
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
