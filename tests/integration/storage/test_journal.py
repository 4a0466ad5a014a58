"""What "deleted" means in a file: nothing of a forgotten reader is left in it."""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from signalbot.domain.journal import Decision, Execution, JournalEntry
from signalbot.errors import RecordError, UnavailableError
from signalbot.record.chain import check
from signalbot.storage import database
from signalbot.storage.database import erase_traces, open_database
from signalbot.storage.journal import SqlJournal
from signalbot.storage.ledger import SqlLedger

FORGOTTEN, OTHER = 0x0F66_7788_99AA, 0x0F11_2233_4455
SEED = 15
"""With it, deleting alone would leave nine copies of the forgotten reader in the file."""
ENTRY = JournalEntry(
    reader=FORGOTTEN,
    alert_seq=3,
    decision=Decision.TAKEN,
    marked_at=1,
    quantity=Decimal("271828.1828"),
    fill=Execution(price=Decimal("3.14159265"), at=2),
)


def bytes_on_disk(path: Path) -> bytes:
    files = [path, path.with_name(path.name + "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def traces(path: Path, reader: int) -> int:
    return bytes_on_disk(path).count(reader.to_bytes(6, "big"))  # as SQLite stores an integer


def fill(path: Path, seed: int) -> None:
    """Mark, mark again and take back in no order, so that pages are split and cells move."""
    drawn = random.Random(seed)  # noqa: S311 - rows for a test
    readers = [FORGOTTEN, *range(OTHER, OTHER + 40)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for number in range(10_000):
            price = str(drawn.random()) if number % 2 else None
            row = (drawn.choice(readers), drawn.randrange(400), number, price, price)
            connection.execute(
                "INSERT OR REPLACE INTO journal (reader, alert_seq, decision, on_paper, marked_at,"
                " quantity, fill_price) VALUES (?, ?, 'taken', TRUE, ?, ?, ?)",
                row,
            )
            if drawn.random() < 0.1:
                undone = (drawn.choice(readers), drawn.randrange(400))
                connection.execute("DELETE FROM journal WHERE (reader, alert_seq) = (?, ?)", undone)
        connection.commit()


def test_nothing_of_a_forgotten_reader_is_left_in_the_file(engine: Engine, path: Path) -> None:
    journal = SqlJournal(engine)
    fill(path, seed=SEED)
    others = {reader: journal.entries(reader) for reader in range(OTHER, OTHER + 20)}
    assert traces(path, FORGOTTEN) > 0

    assert journal.forget(FORGOTTEN) > 0

    assert traces(path, FORGOTTEN) == 0
    assert traces(path, OTHER) > 0
    assert {reader: journal.entries(reader) for reader in others} == others


def test_told_numbers_go_with_the_reader(engine: Engine, path: Path) -> None:
    journal = SqlJournal(engine)
    journal.put(ENTRY)
    journal.put(replace(ENTRY, quantity=None))
    assert b"271828.1828" in bytes_on_disk(path)

    journal.forget(FORGOTTEN)

    assert b"271828.1828" not in bytes_on_disk(path)
    assert b"3.14159265" not in bytes_on_disk(path)


def test_the_ledger_is_untouched_and_still_holds(
    engine: Engine, path: Path, signer, genesis, alert
) -> None:
    ledger = SqlLedger(engine, signer)
    ledger.append([genesis, alert("a"), alert("b")])
    before = [entry.line() for entry in ledger.entries()]
    journal = SqlJournal(engine)
    journal.put(ENTRY)

    journal.forget(FORGOTTEN)

    assert [entry.line() for entry in ledger.entries()] == before
    assert check(ledger.entries()) == ledger.head
    ledger.append([alert("c")])
    assert ledger.head.seq == 4
    with closing(sqlite3.connect(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM ledger")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_somebody_who_reads_meanwhile_leaves_traces_and_asking_again_erases_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
    with open_database(path) as engine:
        journal = SqlJournal(engine)
        journal.put(ENTRY)
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM journal").fetchall()
            with pytest.raises(UnavailableError, match="traces of what was deleted are left"):
                journal.forget(FORGOTTEN)
            assert journal.entries(FORGOTTEN) == []

        assert journal.forget(FORGOTTEN) == 0
        assert traces(path, FORGOTTEN) == 0


def test_somebody_who_writes_meanwhile_is_waited_for_in_vain(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
    with open_database(path) as engine, closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="did not answer"):
            erase_traces(engine)


def test_a_damaged_file_is_named(engine: Engine, path: Path) -> None:
    SqlJournal(engine).put(ENTRY)
    erase_traces(engine)
    engine.dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(bytes(content))

    with pytest.raises(RecordError, match="damaged"):
        erase_traces(engine)


def test_a_journal_is_still_there_when_the_database_is_opened_again(
    engine: Engine, path: Path
) -> None:
    SqlJournal(engine).put(ENTRY)

    with open_database(path) as again:
        assert SqlJournal(again).find(FORGOTTEN, 3) == ENTRY


@pytest.mark.parametrize(
    "change",
    [
        "decision = 'perhaps'",
        "quantity = 'many'",
        "fill_price = 'high'",
        "exit_price = '1', exit_at = 1",
        "reader = -5",
    ],
)
def test_a_row_that_cannot_be_read_is_named(engine: Engine, path: Path, change: str) -> None:
    journal = SqlJournal(engine)
    journal.put(ENTRY)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE journal SET {change}")  # noqa: S608 - from the list above
        connection.commit()

    with pytest.raises(RecordError, match="a stored mark of alert #3 cannot be read"):
        journal.entries(-5 if "reader" in change else FORGOTTEN)
