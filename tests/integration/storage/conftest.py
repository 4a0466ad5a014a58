from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import Signer, demonstration_signer
from signalbot.storage.database import open_database
from signalbot.storage.schema import migrate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "signalbot.db"
    migrate(path)
    return path


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    with open_database(path) as engine:
        yield engine


@pytest.fixture
def signer() -> Signer:
    return demonstration_signer()


@pytest.fixture
def genesis(signer: Signer) -> Draft:
    return Draft(type=EntryType.GENESIS, ts=0, body={"public_key": signer.public_key})


@pytest.fixture
def alert() -> Callable[[str], Draft]:
    return lambda alert_id: Draft(type=EntryType.ALERT, ts=1, body={"id": alert_id, "entry": "1.0"})


@pytest.fixture
def published() -> Callable[[int], Draft]:
    return lambda seq: Draft(type=EntryType.PUBLISHED, ts=2, body={"alert_seq": seq})


@pytest.fixture
def outcome() -> Callable[[int], Draft]:
    return lambda seq: Draft(type=EntryType.OUTCOME, ts=3, body={"alert_seq": seq})
