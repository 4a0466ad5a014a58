from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

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
