import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, ResourceClosedError

from signalbot.errors import InputError, RecordError, UnavailableError
from signalbot.storage import database
from signalbot.storage.database import open_database, reading, writing
from signalbot.storage.tables import REVISION


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_is_durable_and_strict(engine: Engine, pragma: str, value: object) -> None:
    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_writer_takes_the_lock_when_it_begins(engine: Engine, path: Path) -> None:
    with (
        closing(sqlite3.connect(path, timeout=0)) as other,
        writing(engine),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_a_reader_does_not_take_the_lock_and_sees_one_state(engine: Engine, path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=0)) as other, reading(engine) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()

        other.execute("INSERT INTO alembic_version VALUES ('another')")
        other.commit()

        after = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()
        assert before == after == 1


def test_an_error_rolls_everything_back_even_changes_of_the_schema(engine: Engine) -> None:
    with pytest.raises(ResourceClosedError), writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE half (done)").all()

    with reading(engine) as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars()
        assert "half" not in tables


def test_a_violated_constraint_is_left_to_the_one_who_wrote(engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE"), writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO alembic_version SELECT * FROM alembic_version")


def test_a_lock_held_for_long_makes_the_database_unavailable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)

    with (
        open_database(path) as engine,
        closing(sqlite3.connect(path)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="locked"), writing(engine):
            pass


def test_a_damaged_page_is_an_error_of_the_record(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ledger'"
        page = connection.execute(query).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * page_bytes : page * page_bytes] = b"\xff" * page_bytes
    path.write_bytes(content)

    with (
        open_database(path) as engine,
        pytest.raises(RecordError, match="damaged"),
        reading(engine) as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM ledger").all()


def test_a_path_with_characters_of_urls_is_taken_as_it_is(path: Path) -> None:
    odd = path.rename(path.with_name("50%25?mode=memory#€.db"))

    with open_database(odd) as engine, reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA database_list").one()[2] == str(odd)


def _missing(folder: Path) -> Path:
    return folder / "missing.db"


def _in_missing_folder(folder: Path) -> Path:
    return folder / "missing" / "signalbot.db"


def _directory(folder: Path) -> Path:
    return folder


def _text(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("no database at all\n" * 1000)
    return path


def _below_a_file(folder: Path) -> Path:
    return _text(folder) / "signalbot.db"


@pytest.mark.parametrize("make", [_missing, _in_missing_folder, _directory, _text, _below_a_file])
def test_a_path_without_a_database_is_bad_input(tmp_path: Path, make) -> None:
    path = make(tmp_path)

    with pytest.raises(
        InputError, match=r"database was .* allowed: a (SQLite database|database that exists)"
    ):
        open_database(path).__enter__()


def test_opening_never_creates_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        open_database(_missing(tmp_path)).__enter__()

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_be_read_is_bad_input(path: Path) -> None:
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        with pytest.raises(InputError, match="can be read and written"):
            open_database(path).__enter__()
    else:
        pytest.skip("this user may read every file")


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("0000", f"has schema 0000, not {REVISION}: run `signalbot migrate`"),
        ("0001", f"has schema 0001, not {REVISION}: run `signalbot migrate`"),
        ("9999", "written by a newer signalbot"),
    ],
)
def test_another_schema_is_refused_saying_what_to_do(
    path: Path, revision: str, message: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()

    with pytest.raises(RecordError, match=message):
        open_database(path).__enter__()


def test_a_database_that_was_never_migrated_is_refused_saying_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()

    message = f"has no schema yet, not {REVISION}: run `signalbot migrate`"
    with pytest.raises(RecordError, match=message):
        open_database(empty).__enter__()
