"""Bring a database to the schema of this program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from signalbot.errors import InputError
from signalbot.storage.database import (
    connected,
    refuse_newer,
    stored_revision,
    writing,
)
from signalbot.storage.tables import REVISION


def migrate(path: Path) -> tuple[str | None, str]:
    """Apply the missing revisions in one transaction; a missing file is created.

    Returns
    -------
    tuple of (str or None, str)
        The revision before, None for a new database, and the one after.

    Raises
    ------
    InputError
        If the folder is missing, or the file is no database, or that of another program.
    RecordError
        If the database was written by a newer program.
    """
    _create(path)
    with connected(path) as engine, writing(engine) as connection:
        before = stored_revision(connection)
        if before is not None:
            refuse_newer(path, before)
        elif inspect(connection).get_table_names():
            raise InputError("database", str(path), "a new file or a database of signalbot")
        config = Config()
        config.set_main_option("script_location", "signalbot.storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)
    return before, REVISION


def _create(path: Path) -> None:
    try:
        path.touch()
    except OSError as error:
        allowed = f"a path in a folder that can be written ({error.strerror})"
        raise InputError("database", str(path), allowed) from None
