"""A SQLite file as an engine, and the two kinds of transactions on it.

WAL, so that readers never wait for the writer; `synchronous=FULL`, because the ledger is on disk
before anything is sent. SQLAlchemy's own BEGIN replaces that of the `sqlite3` module, which
would leave reads and schema changes outside the transaction.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from signalbot.errors import InputError, RecordError, UnavailableError
from signalbot.storage.tables import REVISION

BUSY_TIMEOUT_S = 5
"""How long a statement waits for the lock of another writer."""

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten, not only unlinked
)
_ALLOWED = "a SQLite database that can be read and written"
_VERSION = table("alembic_version", column("version_num"))


@contextmanager
def open_database(path: Path) -> Iterator[Engine]:
    """Open a migrated database; its connections are closed on leaving.

    Raises
    ------
    InputError
        If there is no SQLite database at `path`, or it cannot be read and written.
    RecordError
        If its schema is older or newer than this program's.
    """
    with connected(path) as engine:
        with reading(engine) as connection:
            revision = stored_revision(connection)
        if revision is None or revision < REVISION:
            was = f"schema {revision}" if revision else "no schema yet"
            raise RecordError(f"{path} has {was}, not {REVISION}: run `signalbot migrate`")
        refuse_newer(path, revision)
        yield engine


@contextmanager
def connected(path: Path) -> Iterator[Engine]:
    """Open an existing SQLite file whatever its schema; its connections are closed on leaving.

    Raises
    ------
    InputError
        If there is no SQLite database at `path`, or it cannot be read and written.
    """
    if not path.exists():
        raise InputError("database", str(path), "a database that exists")
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        raise InputError("database", str(path), _ALLOWED)
    engine = create_engine(
        URL.create("sqlite", database=str(path.absolute())),
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        _probe(engine, path)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the database, whatever is written meanwhile.

    Raises
    ------
    UnavailableError
        If the database does not answer: locked for long, or its disk failed.
    RecordError
        If the file is damaged.
    """
    with _translated(), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield the only connection that writes; committed on leaving, rolled back on an error.

    Raises
    ------
    UnavailableError
        If the database does not answer: locked for long, full, or its disk failed.
    RecordError
        If the file is damaged.
    """
    with _translated(), engine.execution_options(begin="IMMEDIATE").begin() as connection:
        yield connection


def erase_traces(engine: Engine) -> None:
    """Rewrite the file, so that nothing of deleted rows is left in it or in its -wal.

    `secure_delete` alone leaves copies that the splitting of pages made. No row is changed.

    Raises
    ------
    UnavailableError
        If somebody else reads or writes for long, or the disk is full; traces may be left then.
    RecordError
        If the file is damaged.
    """
    with _translated(), closing(engine.raw_connection()) as pooled:
        connection = cast(sqlite3.Connection, pooled.driver_connection)
        connection.execute("VACUUM")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise UnavailableError(
            "the database is being read, traces of what was deleted are left: ask again"
        )


def stored_revision(connection: Connection) -> str | None:
    """Return the schema revision of a database, None if it was never migrated."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    revisions = connection.scalars(select(_VERSION.c.version_num)).all()
    if len(revisions) != 1 or not isinstance(revisions[0], str):
        raise RecordError("the database is damaged: it does not say which schema it has")
    return revisions[0]


def refuse_newer(path: Path, revision: str) -> None:
    """Raise RecordError if the database at `path` was written by a newer program."""
    if revision > REVISION:
        raise RecordError(
            f"{path} has schema {revision}, this program knows {REVISION}: it was written by a "
            "newer signalbot; update this one, or run `signalbot migrate` of the newer one"
        )


def _probe(engine: Engine, path: Path) -> None:
    try:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except RecordError:
        raise InputError("database", str(path), _ALLOWED) from None


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise  # what it means depends on what was written
    except (OperationalError, sqlite3.OperationalError) as error:
        raise UnavailableError(f"the database did not answer: {_said(error)}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise RecordError(f"the database is damaged: {_said(error)}") from error


def _said(error: DatabaseError | sqlite3.DatabaseError) -> object:
    # a connection that is being opened fails with the driver's own errors
    return error.orig if isinstance(error, DatabaseError) else error
