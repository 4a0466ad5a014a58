"""What every journal does, whatever is behind it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.journal import FakeJournal

from signalbot.domain.journal import Decision, Execution, JournalEntry
from signalbot.service.ports import Journal
from signalbot.storage.journal import SqlJournal

MARKED = JournalEntry(reader=7, alert_seq=3, decision=Decision.TAKEN, marked_at=1_700_000_000_000)
TOLD = replace(
    MARKED,
    on_paper=False,
    quantity=Decimal("1E+3"),
    fill=Execution(price=Decimal("0.00001234"), at=1_700_000_000_001),
    exit=Execution(price=Decimal("0.00001300"), at=1_700_000_000_002),
)
LARGEST = replace(MARKED, reader=2**52 - 1)


@pytest.fixture(params=["fake", "stored"])
def journal(request: pytest.FixtureRequest, engine) -> Journal:
    return FakeJournal() if request.param == "fake" else SqlJournal(engine)


def test_an_empty_journal_says_nothing(journal: Journal) -> None:
    assert journal.find(7, 3) is None
    assert list(journal.entries(7)) == []
    assert not journal.remove(7, 3)
    assert journal.forget(7) == 0


@pytest.mark.parametrize("entry", [MARKED, TOLD, LARGEST], ids=["marked", "told", "largest"])
def test_what_is_put_is_found(journal: Journal, entry: JournalEntry) -> None:
    journal.put(entry)

    assert journal.find(entry.reader, 3) == entry
    assert list(journal.entries(entry.reader)) == [entry]


def test_the_newest_takes_the_place_of_what_was_there(journal: Journal) -> None:
    skipped = replace(MARKED, decision=Decision.SKIPPED, marked_at=MARKED.marked_at + 1)
    journal.put(TOLD)

    journal.put(skipped)

    assert list(journal.entries(7)) == [skipped]


def test_putting_twice_is_putting_once(journal: Journal) -> None:
    journal.put(TOLD)
    journal.put(TOLD)

    assert list(journal.entries(7)) == [TOLD]


def test_entries_come_by_number_of_the_alert(journal: Journal) -> None:
    for seq in (20, 3, 100):
        journal.put(replace(MARKED, alert_seq=seq))

    assert [entry.alert_seq for entry in journal.entries(7)] == [3, 20, 100]


def test_readers_do_not_see_each_other(journal: Journal) -> None:
    journal.put(MARKED)
    journal.put(replace(TOLD, reader=8))

    assert list(journal.entries(7)) == [MARKED]
    assert journal.find(8, 3) == replace(TOLD, reader=8)


def test_one_entry_is_removed_once(journal: Journal) -> None:
    other = replace(MARKED, alert_seq=4)
    journal.put(MARKED)
    journal.put(other)

    assert journal.remove(7, 3)
    assert not journal.remove(7, 3)
    assert list(journal.entries(7)) == [other]


def test_forgetting_deletes_all_of_one_reader_and_nothing_of_another(journal: Journal) -> None:
    for seq in range(1, 6):
        journal.put(replace(MARKED, alert_seq=seq))
        journal.put(replace(TOLD, reader=8, alert_seq=seq))

    assert journal.forget(7) == 5
    assert journal.forget(7) == 0
    assert list(journal.entries(7)) == []
    assert len(journal.entries(8)) == 5
