"""Another key for the ledger, and how a rotation that was interrupted is settled.

The new key lies beside the old one, on disk, before the entry that names it is committed; the
rename that puts it in the old one's place comes last. Whenever that was cut short, the ledger says
which of the two files holds the key in force. Every start asks it, so a start and a recovery are
the same.
"""

from pathlib import Path

from sqlalchemy import Engine

from signalbot.errors import RecordError, UnavailableError
from signalbot.record.entries import Entry
from signalbot.record.signing import Signer
from signalbot.storage.database import writing
from signalbot.storage.keys import create_key, load_key
from signalbot.storage.ledger import SqlLedger, key_in_force
from signalbot.storage.private_files import sync_folder


def rotate_key(engine: Engine, key_file: Path, now: int) -> Entry:
    """Draw a new key, record it, and put it in the place of the old one, which is gone then.

    Returns
    -------
    Entry
        The `key` entry, the last one that the old key has signed.

    Raises
    ------
    InputError
        If the key file cannot be read, or no file can be written beside it.
    RecordError
        If the record is empty or another key is in force.
    UnavailableError
        If disk or database does not answer.
    """
    ledger = SqlLedger(engine, settled_key(engine, key_file))
    entry = ledger.rotate(lambda: create_key(successor_file(key_file)), now)
    settled_key(engine, key_file)
    return entry


def settled_key(engine: Engine, key_file: Path) -> Signer:
    """Return the signer of a record, after finishing or undoing an interrupted rotation.

    Raises
    ------
    InputError
        If the key file cannot be read.
    RecordError
        If a new key lies beside the old one and neither is in force.
    UnavailableError
        If disk or database does not answer.
    """
    if successor_file(key_file).exists():
        with writing(engine) as connection:  # waits for a rotation that is under way
            _settle(key_file, key_in_force(connection))
    return load_key(key_file)


def successor_file(key_file: Path) -> Path:
    """Return where a new key lies until it takes the place of `key_file`."""
    return key_file.with_name(key_file.name + ".next")


def key_file_in_force(key_file: Path, public_key: str | None) -> Path:
    """Return which of the two files holds the key in force; `key_file` where neither does."""
    successor = successor_file(key_file)
    is_old = public_key in (None, load_key(key_file).public_key)
    if is_old or not successor.exists() or load_key(successor).public_key != public_key:
        return key_file
    return successor


def _settle(key_file: Path, public_key: str | None) -> None:
    successor = successor_file(key_file)
    if not successor.exists():
        return
    try:
        if public_key in (None, load_key(key_file).public_key):
            successor.unlink()  # the entry that names it was never committed
        elif load_key(successor).public_key == public_key:
            successor.replace(key_file)
        else:
            raise RecordError(
                f"the ledger is signed with the key {public_key}, which is neither in {key_file} "
                f"nor in {successor}: put the key file in place that belongs to it"
            )
        sync_folder(key_file)
    except OSError as error:
        raise UnavailableError(f"the disk did not answer: {error}") from error
