"""Where a bot keeps what it knows: a database with its key, and the file of candles beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from signalbot.app.operations import prepare_storage
from signalbot.config import Settings
from signalbot.record.signing import Signer, demonstration_signer
from signalbot.storage.database import open_database
from signalbot.storage.rotation import settled_key
from signalbot.storage.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The open database, the key of its record, and the file of candles."""

    engine: Engine
    signer: Signer
    candles: Path


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Open the stores of a configuration; what is missing is made.

    Raises
    ------
    InputError
        If storage and key do not belong together.
    """
    prepared = prepare_storage(settings)
    candles = _candle_file(prepared.database, settings.signalbot_venues[0])
    with open_database(prepared.database) as engine:
        signer = settled_key(engine, prepared.key_file)
        yield Stores(engine=engine, signer=signer, candles=candles)


@contextmanager
def passing_stores() -> Iterator[Stores]:
    """Open stores that are gone afterwards; their record is signed by the demonstration key."""
    with TemporaryDirectory(prefix="signalbot-") as folder:
        path = Path(folder) / "sandbox.db"
        migrate(path)
        with open_database(path) as engine:
            candles = _candle_file(path, "sandbox")
            yield Stores(engine=engine, signer=demonstration_signer(), candles=candles)


def _candle_file(database: Path, venue: str) -> Path:
    return database.with_name(f"{database.stem}.{venue}.candles")
