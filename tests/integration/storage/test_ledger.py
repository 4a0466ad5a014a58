import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, ChainError, check, seal
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import Signer, demonstration_signer
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.schema import migrate

COLUMNS = "v, type, ts, body, sig, published_of, outcome_of"


@pytest.fixture
def ledger(engine: Engine, signer: Signer, genesis, alert) -> SqlLedger:
    ledger = SqlLedger(engine, signer)
    ledger.append([genesis, alert("a"), alert("b")])
    return ledger


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET body = '{}' WHERE seq = 2",
        "UPDATE OR REPLACE ledger SET seq = 1 WHERE seq = 2",
        "UPDATE OR IGNORE ledger SET ts = ''",
        "DELETE FROM ledger WHERE seq = 3",
        "DELETE FROM ledger",
    ],
)
def test_the_database_forbids_to_change_what_is_recorded(
    ledger: SqlLedger, path: Path, statement: str
) -> None:
    _forbids(ledger, path, statement, "append-only")


@pytest.mark.parametrize("insert", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    ("seq", "prev"),
    [("5", "newest.hash"), ("3", "newest.hash"), ("NULL", "newest.hash"), ("4", "newest.prev")],
)
def test_the_database_forbids_an_entry_that_does_not_follow(
    ledger: SqlLedger, path: Path, insert: str, seq: str, prev: str
) -> None:
    statement = (
        f"{insert} INTO ledger (seq, prev, hash, alert_id, {COLUMNS}) "  # noqa: S608
        f"SELECT {seq}, {prev}, 'new', NULL, {COLUMNS} FROM ledger AS newest WHERE seq = 3"
    )

    _forbids(ledger, path, statement, "follows the newest")


@pytest.mark.parametrize(("hash_", "alert_id"), [("'new'", "'a'"), ("newest.prev", "NULL")])
def test_the_database_forbids_to_replace_an_entry_by_a_later_one(
    ledger: SqlLedger, path: Path, hash_: str, alert_id: str
) -> None:
    statement = (
        f"INSERT OR REPLACE INTO ledger (seq, prev, hash, alert_id, {COLUMNS}) "  # noqa: S608
        f"SELECT 4, hash, {hash_}, {alert_id}, {COLUMNS} FROM ledger AS newest WHERE seq = 3"
    )

    _forbids(ledger, path, statement, "says this already")


@pytest.mark.parametrize("kind", [EntryType.PUBLISHED, EntryType.OUTCOME])
def test_an_entry_about_an_alert_that_is_not_there_is_refused(
    ledger: SqlLedger, kind: EntryType
) -> None:
    head = ledger.head

    with pytest.raises(RecordError, match="#4 is about an alert that is not recorded"):
        ledger.append([Draft(type=kind, ts=4, body={"alert_seq": 99})])

    assert ledger.head == head


@pytest.mark.parametrize("place", [0, 1, 57, 99])
def test_the_one_that_is_refused_in_a_long_batch_is_named(
    ledger: SqlLedger, alert, outcome, place: int
) -> None:
    ledger.append([outcome(2)])
    batch = [alert(f"batched {number}") for number in range(100)]
    batch[place] = outcome(2) if place % 2 else alert("b")
    why = "the outcome of alert #2" if place % 2 else "alert b"
    head = ledger.head

    with pytest.raises(RecordError, match=f"^{why} is recorded already$"):
        ledger.append(batch)

    assert ledger.head == head == check(ledger.entries())


def test_the_second_of_two_writers_is_refused(
    ledger: SqlLedger, engine: Engine, signer: Signer, alert
) -> None:
    second = SqlLedger(engine, signer)
    head = second.head
    ledger.append([alert("c")])

    with pytest.raises(RecordError, match="ends with #4, not with #3: another program"):
        second.append([alert("d")])

    assert second.head == head
    assert check(ledger.entries()) == ledger.head


def test_a_ledger_goes_on_after_it_is_opened_again(
    ledger: SqlLedger, path: Path, signer: Signer, alert
) -> None:
    with open_database(path) as engine:
        again = SqlLedger(engine, signer)
        assert again.head == ledger.head

        (entry,) = again.append([alert("c")])

        assert entry.prev == ledger.head.hash
        assert check(again.entries()) == entry.head


def test_a_ledger_is_not_continued_with_another_key(
    ledger: SqlLedger, engine: Engine, alert
) -> None:
    stranger = SqlLedger(engine, Signer.from_seed(bytes(32)))

    with pytest.raises(RecordError, match="is signed with the key"):
        stranger.append([alert("c")])

    assert stranger.head == ledger.head
    assert len(list(stranger.entries())) == 3


def test_what_is_appended_while_entries_are_read_is_not_among_them(
    ledger: SqlLedger, alert
) -> None:
    with closing(ledger.entries()) as entries:
        next(entries)
        ledger.append([alert("c")])

        assert [entry.seq for entry in entries] == [2, 3]


def test_entries_are_read_from_a_place_to_a_place(ledger: SqlLedger) -> None:
    assert [entry.seq for entry in ledger.entries(2, 2)] == [2]
    assert [entry.seq for entry in ledger.entries(first=2)] == [2, 3]
    assert [entry.seq for entry in ledger.entries(last=0)] == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("body = '{\"entry\":1.5}'", "a float in its body: 1.5"),
        ("body = '{\"entry\":NaN}'", "a float in its body: NaN"),
        ("body = 'no JSON'", "cannot be read"),
        ("type = 'gossip'", "not a valid EntryType"),
    ],
)
def test_an_entry_that_was_tampered_with_beyond_reading_is_named(
    ledger: SqlLedger, path: Path, change: str, why: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER ledger_is_not_updated")
        connection.execute(f"UPDATE ledger SET {change} WHERE seq = 2")  # noqa: S608
        connection.commit()

    with closing(ledger.entries()) as entries, pytest.raises(ChainError, match=f"#2: .*{why}"):
        list(entries)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BATCHES = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from([kind for kind in EntryType if kind is not EntryType.KEY]),
            st.integers(0, 253_402_300_799_999),
            st.dictionaries(st.text(), JSON, max_size=4),
        ),
        max_size=4,
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=50)
@given(batches=BATCHES)
def test_any_sequence_of_drafts_is_read_back_byte_by_byte(
    tmp_path_factory: pytest.TempPathFactory, batches
) -> None:
    path = tmp_path_factory.mktemp("any") / "signalbot.db"
    migrate(path)
    signer = demonstration_signer()
    genesis = Draft(type=EntryType.GENESIS, ts=0, body={"public_key": signer.public_key})
    drafts = [genesis]

    with open_database(path) as engine:
        ledger = SqlLedger(engine, signer)
        lines = [entry.line() for entry in ledger.append(drafts)]
        for batch in batches:
            appended = _about_the_one_before(batch, len(drafts))
            lines += [entry.line() for entry in ledger.append(appended)]
            drafts += appended

    with open_database(path) as engine:
        again = SqlLedger(engine, signer)
        assert [entry.line() for entry in again.entries()] == lines
        assert [entry.line() for entry in seal(drafts, BEFORE_FIRST, signer)] == lines
        assert check(again.entries()) == again.head == ledger.head


def _about_the_one_before(batch, seq: int) -> list[Draft]:
    return [
        Draft(type=kind, ts=ts, body={**body, "id": f"alert {before}", "alert_seq": before})
        for before, (kind, ts, body) in enumerate(batch, start=seq)
    ]


def _forbids(ledger: SqlLedger, path: Path, statement: str, message: str) -> None:
    before = tuple(ledger.entries())

    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=message),
        connection,
    ):
        connection.execute(statement)

    assert tuple(ledger.entries()) == before
