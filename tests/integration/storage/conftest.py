from collections.abc import Callable

import pytest

from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import Signer, demonstration_signer


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
