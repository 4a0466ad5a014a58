"""What every ledger does, whatever is behind it."""

import pytest
from fakes.ledger import FakeLedger

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, check
from signalbot.service.ports import Ledger
from signalbot.storage.ledger import RepeatedLedger, SqlLedger


@pytest.fixture(params=["fake", "stored", "repeated"])
def ledger(request: pytest.FixtureRequest, engine, signer) -> Ledger:
    if request.param == "fake":
        return FakeLedger()
    stored = SqlLedger(engine, signer)
    return stored if request.param == "stored" else RepeatedLedger(stored)


def test_an_empty_ledger_stands_before_the_first_entry(ledger: Ledger) -> None:
    assert ledger.head == BEFORE_FIRST
    assert list(ledger.entries()) == []


def test_appended_entries_are_chained_in_their_order(ledger: Ledger, genesis, alert) -> None:
    first = ledger.append([genesis])
    others = ledger.append([alert("a"), alert("b")])

    assert [entry.seq for entry in first + others] == [1, 2, 3]
    assert [entry.body["id"] for entry in others] == ["a", "b"]
    assert ledger.head == others[-1].head == check(ledger.entries())
    assert tuple(ledger.entries()) == first + others


def test_nothing_appended_is_nothing_changed(ledger: Ledger, genesis) -> None:
    ledger.append([genesis])
    head = ledger.head

    assert ledger.append([]) == ()
    assert ledger.head == head


def test_an_alert_with_its_publication_and_outcome_may_be_one_batch(
    ledger: Ledger, genesis, alert, published, outcome
) -> None:
    ledger.append([genesis, alert("a"), published(2), outcome(2)])

    assert ledger.head.seq == 4


def test_each_alert_is_recorded_once(ledger: Ledger, genesis, alert) -> None:
    ledger.append([genesis, alert("a")])

    _refuses(ledger, [alert("b"), alert("a")], "alert a is recorded already")


def test_an_alert_twice_in_a_batch_is_refused(ledger: Ledger, genesis, alert) -> None:
    ledger.append([genesis])

    _refuses(ledger, [alert("a"), alert("a")], "alert a is recorded already")


def test_each_alert_is_published_once(ledger: Ledger, genesis, alert, published) -> None:
    ledger.append([genesis, alert("a"), published(2)])

    _refuses(ledger, [published(2)], "the publication of alert #2 is recorded already")


def test_each_alert_has_one_outcome(ledger: Ledger, genesis, alert, outcome) -> None:
    ledger.append([genesis, alert("a"), outcome(2)])

    _refuses(ledger, [alert("b"), outcome(2)], "the outcome of alert #2 is recorded already")


def test_an_outcome_is_about_a_recorded_alert(ledger: Ledger, genesis, outcome) -> None:
    ledger.append([genesis])

    _refuses(ledger, [outcome(7)], "about an alert that is not recorded")


def test_a_float_never_enters_the_record(ledger: Ledger, genesis, alert) -> None:
    ledger.append([genesis])
    head = ledger.head
    draft = alert("a")
    draft.body["entry"] = 1.5

    with pytest.raises(TypeError, match="a float"):
        ledger.append([draft])

    assert ledger.head == head == check(ledger.entries())


def test_after_a_refusal_the_ledger_goes_on(ledger: Ledger, genesis, alert) -> None:
    ledger.append([genesis, alert("a")])
    _refuses(ledger, [alert("a")], "recorded already")

    ledger.append([alert("b")])

    assert ledger.head.seq == 3
    assert ledger.head == check(ledger.entries())


def _refuses(ledger: Ledger, drafts, message: str) -> None:
    before = tuple(ledger.entries())

    with pytest.raises(RecordError, match=message):
        ledger.append(drafts)

    assert tuple(ledger.entries()) == before
    assert ledger.head == before[-1].head
