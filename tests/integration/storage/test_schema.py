import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import SQLModel

from signalbot.errors import InputError, RecordError
from signalbot.storage.database import reading
from signalbot.storage.schema import migrate
from signalbot.storage.tables import REVISION


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine) -> None:
    with reading(engine) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert differences == []


def test_the_tables_are_those_of_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "signalbot.storage:migrations")

    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_new_file_is_created_and_migrated_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"

    assert migrate(path) == (None, REVISION)
    content = path.read_bytes()
    assert migrate(path) == (REVISION, REVISION)
    assert path.read_bytes() == content


def test_migrating_is_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        migrate(tmp_path / "new.db")

    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name)")
        connection.commit()

    with pytest.raises(InputError, match="a new file or a database of signalbot"):
        migrate(path)

    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert names == [("photos",)]


def test_a_newer_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(RecordError, match="newer signalbot"):
        migrate(path)


def test_a_missing_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a path in a folder that can be written"):
        migrate(tmp_path / "missing" / "new.db")


def test_a_directory_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a SQLite database"):
        migrate(tmp_path)
