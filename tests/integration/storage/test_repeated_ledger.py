import pytest
from sqlalchemy import Engine

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, check
from signalbot.record.signing import Signer
from signalbot.storage.ledger import RepeatedLedger, SqlLedger


@pytest.fixture
def stored(engine: Engine, signer: Signer, genesis, alert) -> SqlLedger:
    ledger = SqlLedger(engine, signer)
    ledger.append([genesis, alert("a"), alert("b")])
    return ledger


def test_it_starts_at_the_first_place(stored: SqlLedger) -> None:
    repeated = RepeatedLedger(stored)

    assert repeated.head == BEFORE_FIRST
    assert list(repeated.entries()) == []
    assert (repeated.confirmed, repeated.added, repeated.left) == (0, 0, 3)


def test_the_same_replay_writes_nothing(stored: SqlLedger, genesis, alert) -> None:
    repeated = RepeatedLedger(stored)
    before = tuple(stored.entries())

    entries = repeated.append([genesis]) + repeated.append([alert("a"), alert("b")])

    assert entries == before == tuple(stored.entries())
    assert repeated.head == stored.head
    assert (repeated.confirmed, repeated.added, repeated.left) == (3, 0, 0)


def test_it_shows_only_what_was_reached(stored: SqlLedger, genesis, alert) -> None:
    repeated = RepeatedLedger(stored)

    entries = repeated.append([genesis, alert("a")])

    assert tuple(repeated.entries()) == entries
    assert repeated.head == entries[-1].head
    assert repeated.left == 1


def test_a_batch_may_be_partly_stored_and_partly_new(stored: SqlLedger, genesis, alert) -> None:
    repeated = RepeatedLedger(stored)
    repeated.append([genesis, alert("a")])

    entries = repeated.append([alert("b"), alert("c"), alert("d")])

    assert [entry.seq for entry in entries] == [3, 4, 5]
    assert repeated.head == stored.head == check(stored.entries())
    assert (repeated.confirmed, repeated.added, repeated.left) == (3, 2, 0)


def test_another_replay_is_refused_naming_the_place(stored: SqlLedger, genesis, alert) -> None:
    repeated = RepeatedLedger(stored)
    repeated.append([genesis])
    before = tuple(stored.entries())
    head = repeated.head

    with pytest.raises(RecordError, match=r"#3 differs .* another replay; use a fresh file"):
        repeated.append([alert("a"), alert("other"), alert("c")])

    assert tuple(stored.entries()) == before
    assert repeated.head == head
    assert (repeated.confirmed, repeated.added, repeated.left) == (1, 0, 2)


def test_a_file_signed_with_another_key_is_another_replay(
    stored: SqlLedger, engine: Engine, genesis
) -> None:
    stranger = SqlLedger(engine, Signer.from_seed(bytes(32)))

    with pytest.raises(RecordError, match="#1 differs"):
        RepeatedLedger(stranger).append([genesis])


def test_a_refusal_of_the_new_part_leaves_the_place_where_it_was(
    stored: SqlLedger, genesis, alert
) -> None:
    repeated = RepeatedLedger(stored)
    repeated.append([genesis, alert("a")])

    with pytest.raises(RecordError, match="alert a is recorded already"):
        repeated.append([alert("b"), alert("a")])

    assert (repeated.confirmed, repeated.added, repeated.left) == (2, 0, 1)
    assert repeated.append([alert("b"), alert("c")])[-1].seq == 4
