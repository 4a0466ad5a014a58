"""Readers in a file: atomic changes, deletion down to the bytes, and rows that cannot be read."""

import random
import sqlite3
import tracemalloc
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from fakes.own_trades import ALERT, MONDAY
from sqlalchemy import Engine

from signalbot.domain.subscriber import Subscriber
from signalbot.errors import RecordError, UnavailableError
from signalbot.record.chain import check
from signalbot.storage import database
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.people import SqlPeople

FORGOTTEN, OTHER = 0x0F66_7788_99AA, 0x0F11_2233_4455
GONE = Subscriber(
    reader=FORGOTTEN,
    joined_at=MONDAY,
    equity=Decimal("27182.81"),
    muted_coins=frozenset({"FORGETTHISCOIN"}),
)


def bytes_on_disk(path: Path) -> bytes:
    files = [path, path.with_name(path.name + "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def traces(path: Path, reader: int) -> int:
    return bytes_on_disk(path).count(as_key(reader))


def as_key(reader: int) -> bytes:
    """Return a reader as SQLite writes the key of a row: seven bits a byte, the last marked."""
    groups = [reader >> shift & 0x7F for shift in range(42, -1, -7)]
    return bytes([0x80 | group for group in groups[:-1]] + groups[-1:])


def fill(path: Path, count: int, first: int) -> None:
    """Insert readers, and change them in no order, so that pages are split and cells move."""
    drawn = random.Random(4)  # noqa: S311 - rows for a test
    readers = [FORGOTTEN, *range(first, first + count)]
    drawn.shuffle(readers)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for reader in readers + drawn.choices(readers, k=count):
            muted = "[" + ", ".join(['"C"'] * drawn.randrange(100)) + "]"
            connection.execute(
                "INSERT OR REPLACE INTO subscriber VALUES (?, 0, 'user', NULL, NULL, '0.5', '3',"
                " 'UTC', NULL, NULL, TRUE, NULL, ?, '[]', 0, NULL, TRUE, NULL)",
                (reader, muted),
            )
        connection.commit()


def test_nothing_of_a_forgotten_reader_is_left_in_the_file(engine: Engine, path: Path) -> None:
    people = SqlPeople(engine)
    fill(path, 2000, OTHER)
    people.put(GONE)
    assert traces(path, FORGOTTEN) > 0
    assert b"FORGETTHISCOIN" in bytes_on_disk(path)

    assert people.forget(FORGOTTEN) == 1

    assert traces(path, FORGOTTEN) == 0
    for told in (b"FORGETTHISCOIN", b"27182.81"):
        assert told not in bytes_on_disk(path)
    assert traces(path, OTHER) > 0


def test_the_ledger_never_held_a_reader_and_still_verifies(
    engine: Engine, path: Path, signer, genesis, alert
) -> None:
    ledger = SqlLedger(engine, signer)
    ledger.append([genesis, alert("a"), alert("b")])
    before = [entry.line() for entry in ledger.entries()]
    people = SqlPeople(engine)
    people.put(GONE)
    assert not [line for line in before if str(FORGOTTEN) in line]

    people.forget(FORGOTTEN)

    assert [entry.line() for entry in ledger.entries()] == before
    assert check(ledger.entries()) == ledger.head


def test_somebody_who_reads_meanwhile_leaves_traces_and_asking_again_erases_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
    with open_database(path) as engine:
        people = SqlPeople(engine)
        people.put(GONE)
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM subscriber").fetchall()
            with pytest.raises(UnavailableError, match="traces of what was deleted are left"):
                people.forget(FORGOTTEN)
            assert people.get(FORGOTTEN) is None

        assert people.forget(FORGOTTEN) == 0
        assert traces(path, FORGOTTEN) == 0


def test_two_who_change_a_reader_at_once_both_have_their_say(engine: Engine) -> None:
    people = SqlPeople(engine)
    people.put(GONE)

    def receive() -> None:
        for _ in range(25):
            people.change(
                FORGOTTEN, lambda each: replace(each, alerts_received=each.alerts_received + 1)
            )

    threads = [Thread(target=receive) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert people.get(FORGOTTEN) == replace(GONE, alerts_received=50)


def test_readers_of_an_alert_are_never_all_in_memory(engine: Engine, path: Path) -> None:
    fill(path, 10_000, OTHER)
    people = SqlPeople(engine)
    next(people.wanting(ALERT, MONDAY))  # what is loaded once is not counted

    tracemalloc.start()
    count = sum(1 for _ in people.wanting(ALERT, MONDAY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 10_001
    assert peak < 5_000_000


def test_a_reader_is_still_there_when_the_database_is_opened_again(
    engine: Engine, path: Path
) -> None:
    SqlPeople(engine).put(GONE)

    with open_database(path) as again:
        assert SqlPeople(again).get(FORGOTTEN) == GONE


@pytest.mark.parametrize(
    "change",
    [
        "role = 'king'",
        "equity = 'much'",
        "equity = '5'",
        "risk_pct = '50'",
        "zone = 'Nowhere'",
        "quiet_since = 5",
        "muted_coins = '{'",
        "muted_setups = '[[]]'",
        "question = 'why'",
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_that_names_nobody(
    engine: Engine, path: Path, change: str
) -> None:
    people = SqlPeople(engine)
    people.put(GONE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE subscriber SET {change}")  # noqa: S608 - from the list above
        connection.commit()

    for ask in (lambda: people.get(FORGOTTEN), lambda: list(people.wanting(ALERT, MONDAY))):
        with pytest.raises(RecordError, match=r"^a stored reader cannot be read$") as caught:
            ask()
        assert caught.value.__suppress_context__
