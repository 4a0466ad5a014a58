"""Backup and restore: the database and the ledger's key, always together, in one file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from sqlalchemy import Connection, inspect

from signalbot.domain.timeframe import iso
from signalbot.errors import InputError, UnavailableError
from signalbot.record.chain import check
from signalbot.record.entries import Head
from signalbot.record.signing import Signer
from signalbot.storage.archive import DATABASE, KEY, Archive, opened_archive, write_archive
from signalbot.storage.database import connected, reading
from signalbot.storage.keys import load_key
from signalbot.storage.ledger import SqlLedger, key_in_force
from signalbot.storage.private_files import place, private_file
from signalbot.storage.rotation import key_file_in_force, successor_file
from signalbot.storage.tables import LEDGER

_SIDE_FILES = ("", "-wal", "-shm", "-journal")
_NEW = "a path where no file is yet"


def backup(database: Path, key_file: Path, to: Path, now: int) -> Head:
    """Write database and key to the new file `to`, readable by its owner only.

    The database may be in use: the backup holds one state of it. Any schema is accepted, so that
    it can be taken before `migrate`.

    Parameters
    ----------
    now : int
        Instant written into the manifest, in ms UTC.

    Returns
    -------
    Head
        Newest entry of the ledger in the backup.

    Raises
    ------
    InputError
        If there is a file at `to` already, or one of the three paths cannot be used.
    RecordError
        If the key is not the one in force.
    UnavailableError
        If the disk or the database does not answer. Nothing is left at `to` then.
    """
    load_key(key_file)
    with _disk_errors_translated(), _scratch_beside("to", to) as folder:
        _refuse_existing("to", to)
        snapshot, key, finished = folder / DATABASE, folder / KEY, folder / "finished"
        _copy_running(database, snapshot)
        with private_file(key) as file:  # a rotation may end while the archive is written
            file.write(_key_file_of(snapshot, key_file).read_bytes())
        with _ledger(snapshot, load_key(key)) as ledger:
            ledger.check_signer()
            head = ledger.head
        with private_file(finished) as file:
            write_archive(file, iso(now), head, {DATABASE: snapshot, KEY: key})
        place(finished, to)
    return head


def restore(source: Path, database: Path, key_file: Path) -> Head:
    """Put the database and the key of a backup in place, after checking all of it.

    Returns
    -------
    Head
        Newest entry of the ledger restored.

    Raises
    ------
    InputError
        If one of the targets exists, or the backup is damaged or none at all.
    RecordError
        If the ledger in it does not hold (`ChainError`), or its key is another one's.
    UnavailableError
        If the disk does not answer.

    Whatever is raised, nothing is in place then.
    """
    with (
        _disk_errors_translated(),
        opened_archive(source) as archive,
        _scratch_beside("database", database) as near_database,
        _scratch_beside("key file", key_file) as near_key,
    ):
        for suffix in _SIDE_FILES:
            # SQLite would take the -wal of a lost database for a part of the restored one
            _refuse_existing("database", database.with_name(database.name + suffix))
        for path in (key_file, successor_file(key_file)):
            _refuse_existing("key file", path)
        snapshot, key = near_database / DATABASE, near_key / KEY
        archive.extract(DATABASE, snapshot)
        archive.extract(KEY, key)
        head = _checked(archive, snapshot, load_key(key))
        _place_both({key: key_file, snapshot: database})
    return head


def _copy_running(database: Path, snapshot: Path) -> None:
    with (
        connected(database) as engine,
        closing(engine.raw_connection()) as running,
        closing(sqlite3.connect(snapshot)) as copy,
    ):
        cast(sqlite3.Connection, running.driver_connection).backup(copy)


def _key_file_of(snapshot: Path, key_file: Path) -> Path:
    with connected(snapshot) as engine, reading(engine) as connection:
        _refuse_other_programs(connection, snapshot)
        return key_file_in_force(key_file, key_in_force(connection))


def _checked(archive: Archive, snapshot: Path, signer: Signer) -> Head:
    with _ledger(snapshot, signer) as ledger, closing(ledger.entries()) as entries:
        ledger.check_signer()
        head = check(entries)
    if head != archive.manifest.head:
        raise archive.refusal("a backup whose ledger ends as its manifest states")
    return head


@contextmanager
def _ledger(snapshot: Path, signer: Signer) -> Iterator[SqlLedger]:
    with connected(snapshot) as engine:
        with reading(engine) as connection:
            _refuse_other_programs(connection, snapshot)
        yield SqlLedger(engine, signer)


def _refuse_other_programs(connection: Connection, snapshot: Path) -> None:
    if not inspect(connection).has_table(LEDGER.name):
        raise InputError("database", snapshot.name, "a database of signalbot")


def _place_both(targets: dict[Path, Path]) -> None:
    placed: list[Path] = []
    try:
        for finished, target in targets.items():
            place(finished, target)
            placed.append(target)
    except BaseException:
        for target in placed:
            target.unlink()
        raise


def _refuse_existing(field: str, path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise InputError(field, str(path), _NEW)


@contextmanager
def _scratch_beside(field: str, path: Path) -> Iterator[Path]:
    try:
        scratch = TemporaryDirectory(dir=path.parent, prefix=".signalbot-")  # mode 700
    except OSError as error:
        allowed = f"a path in a folder that can be written ({error.strerror})"
        raise InputError(field, str(path), allowed) from None
    with scratch as folder:
        yield Path(folder)


@contextmanager
def _disk_errors_translated() -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise InputError("path", error.filename, _NEW) from error
    except (OSError, sqlite3.Error) as error:
        raise UnavailableError(f"the disk did not answer: {error}") from error
