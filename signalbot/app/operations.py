"""The care of database and key."""

import time
from dataclasses import dataclass
from pathlib import Path

from signalbot.config import Settings
from signalbot.errors import InputError, SignalbotError
from signalbot.record.entries import Entry, Head
from signalbot.storage.backup import backup, restore
from signalbot.storage.database import open_database
from signalbot.storage.keys import create_key
from signalbot.storage.rotation import rotate_key, settled_key
from signalbot.storage.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What `prepare_storage` found and made; `before` is None for a new database."""

    database: Path
    key_file: Path
    before: str | None
    after: str
    key_created: bool


def prepare_storage(settings: Settings) -> Prepared:
    """Bring the database to this version; at the first start make it, and the key beside it.

    Raises
    ------
    InputError
        If only one of database and key is there: the other is lost, and a new one in its place
        would begin a second record in silence.

    A rotation of the key that was interrupted is finished or undone on the way.
    """
    database, key_file = settings.database_path, settings.signalbot_ledger_key_file
    if key_file.exists() and not database.exists():
        allowed = f"a database beside the key {key_file}: restore both, or move the key away"
        raise InputError("DATABASE_URL", str(database), allowed)
    if database.exists() and not key_file.exists():
        allowed = f"the key that belongs to {database}: restore both from a backup"
        raise InputError("SIGNALBOT_LEDGER_KEY_FILE", str(key_file), allowed)
    created = not key_file.exists()
    if created:  # first: a key without a record can be moved away, a record without its key is lost
        create_key(key_file)
    try:
        before, after = migrate(database)
    except SignalbotError:
        if created:
            key_file.unlink()
        raise
    with open_database(database) as engine:
        settled_key(engine, key_file)
    return Prepared(
        database=database, key_file=key_file, before=before, after=after, key_created=created
    )


def replace_key(settings: Settings) -> Entry:
    """Put a new key in the place of the ledger's, and return the entry that says so.

    Nothing else may append to the record meanwhile: a bot that runs goes on with the old key, and
    is refused.
    """
    now = time.time_ns() // 1_000_000
    with open_database(settings.database_path) as engine:
        return rotate_key(engine, settings.signalbot_ledger_key_file, now)


def back_up(settings: Settings, to: Path) -> Head:
    """Write database and key into one new file."""
    now = time.time_ns() // 1_000_000
    return backup(settings.database_path, settings.signalbot_ledger_key_file, to, now)


def bring_back(settings: Settings, source: Path) -> Head:
    """Put database and key of a backup in place."""
    return restore(source, settings.database_path, settings.signalbot_ledger_key_file)
