from decimal import Decimal

import pytest

from signalbot.domain.journal import LARGEST_READER, Decision, Execution, JournalEntry
from signalbot.errors import InputError

FILL = Execution(price=Decimal("1.05"), at=1_000)
EXIT = Execution(price=Decimal("1.06"), at=2_000)


def entry(reader: int = 1, decision: Decision = Decision.TAKEN, **told) -> JournalEntry:
    return JournalEntry(reader=reader, alert_seq=7, decision=decision, marked_at=500, **told)


def test_whatever_is_missing_was_not_told() -> None:
    marked = entry()

    assert marked.is_taken
    assert marked.on_paper
    assert (marked.quantity, marked.fill, marked.exit) == (None, None, None)


def test_a_fill_an_exit_and_a_quantity_may_be_told() -> None:
    told = entry(fill=FILL, exit=EXIT, quantity=Decimal(10))

    assert (told.fill, told.exit, told.quantity) == (FILL, EXIT, Decimal(10))
    assert entry(fill=FILL, exit=Execution(price=Decimal(1), at=FILL.at)).is_taken


@pytest.mark.parametrize("told", [{"fill": FILL}, {"quantity": Decimal(1)}])
def test_a_skipped_alert_has_no_trade(told) -> None:
    assert not entry(decision=Decision.SKIPPED).is_taken
    with pytest.raises(InputError, match=r"decision was 'skipped'; allowed: taken"):
        entry(decision=Decision.SKIPPED, **told)


def test_an_exit_needs_a_fill() -> None:
    with pytest.raises(InputError, match=r"exit was 1.06; allowed: told after the fill"):
        entry(exit=EXIT)


def test_an_exit_comes_after_the_fill() -> None:
    with pytest.raises(InputError, match=r"exit time was .*00.999Z.*: from .*01.000Z on"):
        entry(fill=FILL, exit=Execution(price=Decimal(1), at=999))


@pytest.mark.parametrize("reader", [0, -100123, LARGEST_READER, 10**30])
def test_a_reader_is_a_chat_user(reader: int) -> None:
    assert entry(reader=LARGEST_READER - 1).reader == LARGEST_READER - 1
    with pytest.raises(InputError, match="the id of a chat user"):
        entry(reader=reader)
