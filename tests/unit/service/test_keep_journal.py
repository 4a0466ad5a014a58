from decimal import Decimal

import pytest
from fakes.journal import FakeJournal
from fakes.ledger import FakeLedger
from fakes.own_trades import ALERT, MONDAY, READER
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.journal import Decision, Execution
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.errors import InputError
from signalbot.record.alert_history import AlertHistory
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Draft, EntryType
from signalbot.service.keep_journal import JournalDesk, forget, mark, tell_exit, tell_fill, undo

NOW = MONDAY + 30 * MINUTE_MS
TAKEN, SKIPPED = Decision
FILL = Execution(price=Decimal("1.0005"), at=MONDAY + MINUTE_MS)
EXIT = Execution(price=Decimal("1.0200"), at=MONDAY + 10 * MINUTE_MS)
PUBLISHED, UNPUBLISHED = 2, 1


def new_desk() -> JournalDesk:
    """Return a desk that knows two alerts, of which the second was published."""
    bodies = [alert_body(ALERT), dict(alert_body(ALERT)) | {"id": "another"}]
    drafts = [Draft(type=EntryType.ALERT, ts=MONDAY, body=body) for body in bodies]
    told = published_body(PUBLISHED, MONDAY + 2_500, "m1", 3)
    drafts.append(Draft(type=EntryType.PUBLISHED, ts=MONDAY, body=told))
    history = AlertHistory()
    for entry in FakeLedger().append(drafts):
        history.apply(entry)
    return JournalDesk(journal=FakeJournal(), history=history)


@pytest.fixture
def desk() -> JournalDesk:
    return new_desk()


def taken(desk: JournalDesk):
    return mark(desk, READER, PUBLISHED, TAKEN, NOW)


class TestMark:
    def test_a_mark_is_stored(self, desk):
        entry = mark(desk, READER, PUBLISHED, TAKEN, NOW, on_paper=False)

        assert (entry.decision, entry.marked_at, entry.on_paper) == (TAKEN, NOW, False)
        assert desk.journal.find(READER, PUBLISHED) == entry

    def test_saying_it_again_changes_nothing_and_keeps_what_was_told(self, desk):
        taken(desk)
        told = tell_fill(desk, READER, PUBLISHED, FILL, NOW)

        assert mark(desk, READER, PUBLISHED, TAKEN, NOW + 1) == told

    def test_the_newest_mark_counts(self, desk):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW)

        skipped = mark(desk, READER, PUBLISHED, SKIPPED, NOW + 1)
        assert (skipped.decision, skipped.fill, skipped.marked_at) == (SKIPPED, None, NOW + 1)
        again = mark(desk, READER, PUBLISHED, TAKEN, NOW + 2)
        assert (again.decision, again.fill, again.marked_at) == (TAKEN, None, NOW + 2)
        assert desk.journal.entries(READER) == [again]

    def test_paper_may_become_money(self, desk):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW)

        entry = mark(desk, READER, PUBLISHED, TAKEN, NOW + 1, on_paper=False)

        assert (entry.on_paper, entry.fill, entry.marked_at) == (False, FILL, NOW + 1)

    @pytest.mark.parametrize("seq", [0, -1, 3, 99, 10**30])
    def test_an_unknown_alert_is_bad_input(self, desk, seq):
        with pytest.raises(InputError, match=rf"alert was {seq}; allowed: the number of an alert"):
            mark(desk, READER, seq, TAKEN, NOW)

    def test_an_alert_that_was_not_published_is_bad_input(self, desk):
        with pytest.raises(InputError, match="alert was 1; allowed: an alert that was published"):
            mark(desk, READER, UNPUBLISHED, TAKEN, NOW)

    def test_a_group_is_no_reader(self, desk):
        with pytest.raises(InputError, match="reader"):
            mark(desk, -100_123, PUBLISHED, TAKEN, NOW)


class TestFillAndExit:
    def test_fill_quantity_and_exit_are_kept_together(self, desk):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW, quantity=Decimal(400))
        better = Execution(price=Decimal("1.0004"), at=FILL.at)
        tell_fill(desk, READER, PUBLISHED, better, NOW)

        entry = tell_exit(desk, READER, PUBLISHED, EXIT, NOW)

        assert (entry.quantity, entry.fill, entry.exit) == (Decimal(400), better, EXIT)
        assert entry.marked_at == NOW
        assert desk.journal.find(READER, PUBLISHED) == entry

    @pytest.mark.parametrize("decision", [None, SKIPPED])
    def test_only_a_taken_alert_has_a_fill(self, desk, decision):
        if decision:
            mark(desk, READER, PUBLISHED, decision, NOW)
        for tell, told in ((tell_fill, FILL), (tell_exit, EXIT)):
            with pytest.raises(InputError, match="an alert that you marked as taken"):
                tell(desk, READER, PUBLISHED, told, NOW)

    def test_the_fill_is_told_before_the_exit(self, desk):
        taken(desk)

        with pytest.raises(InputError, match="tell your fill first"):
            tell_exit(desk, READER, PUBLISHED, EXIT, NOW)

    @pytest.mark.parametrize(
        "price",
        [
            *("0", "-1", "0.19", "5.01", "10.005", "NaN", "sNaN", "Infinity"),
            *("1e999999", "1e-999999", "1." + "1" * 25),
        ],
    )
    def test_an_absurd_price_is_bad_input(self, desk, price):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW)
        absurd = Execution(price=Decimal(price), at=FILL.at)

        with pytest.raises(InputError, match=r"^fill was .*; allowed: a price near 1, the entry"):
            tell_fill(desk, READER, PUBLISHED, absurd, NOW)
        with pytest.raises(InputError, match=r"^exit was .*; allowed: a price near 1, the entry"):
            tell_exit(desk, READER, PUBLISHED, absurd, NOW)

    @pytest.mark.parametrize(
        "quantity",
        [
            *("0", "-400", "1000001", "NaN", "-Infinity"),
            *("1e999999", "1e-999999", "1e-21", "4" * 21),
        ],
    )
    def test_an_absurd_quantity_is_bad_input(self, desk, quantity):
        taken(desk)

        with pytest.raises(InputError, match=r"^quantity was .*; allowed: a number of TOY above 0"):
            tell_fill(desk, READER, PUBLISHED, FILL, NOW, quantity=Decimal(quantity))
        assert desk.journal.find(READER, PUBLISHED).fill is None

    @pytest.mark.parametrize("at", [MONDAY - 1, NOW + 1, -(10**20), 10**20])
    def test_a_time_before_the_alert_or_after_now_is_bad_input(self, desk, at):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW)
        absurd = Execution(price=Decimal(1), at=at)

        with pytest.raises(InputError, match=r"^fill time was .*, the alert's close, to now"):
            tell_fill(desk, READER, PUBLISHED, absurd, NOW)
        with pytest.raises(InputError, match=r"^exit time was .*, the alert's close, to now"):
            tell_exit(desk, READER, PUBLISHED, absurd, NOW)

    def test_a_fill_after_the_exit_is_bad_input_and_changes_nothing(self, desk):
        taken(desk)
        tell_fill(desk, READER, PUBLISHED, FILL, NOW)
        entry = tell_exit(desk, READER, PUBLISHED, EXIT, NOW)
        later = Execution(price=FILL.price, at=EXIT.at + 1)

        with pytest.raises(InputError, match="exit time"):
            tell_fill(desk, READER, PUBLISHED, later, NOW)
        assert desk.journal.find(READER, PUBLISHED) == entry


def test_a_mark_is_taken_back_once(desk):
    taken(desk)

    assert undo(desk, READER, PUBLISHED)
    assert not undo(desk, READER, PUBLISHED)
    assert desk.journal.entries(READER) == []


def test_taking_back_an_unknown_alert_is_bad_input(desk):
    with pytest.raises(InputError, match="alert"):
        undo(desk, READER, 10**30)
    with pytest.raises(InputError, match="reader"):
        undo(desk, 0, PUBLISHED)


def test_forgetting_nobody_is_bad_input(desk):
    with pytest.raises(InputError, match="reader"):
        forget(desk, 0)


VERBS = st.lists(
    st.tuples(st.sampled_from(["taken", "skipped", "fill", "exit", "undo"]), st.booleans()),
    max_size=12,
)


def apply_verb(desk: JournalDesk, reader: int, verb: str, on_paper: bool) -> None:
    try:
        match verb:
            case "fill":
                tell_fill(desk, reader, PUBLISHED, FILL, NOW)
            case "exit":
                tell_exit(desk, reader, PUBLISHED, EXIT, NOW)
            case "undo":
                undo(desk, reader, PUBLISHED)
            case _:
                mark(desk, reader, PUBLISHED, Decision(verb), NOW, on_paper=on_paper)
    except InputError:
        pass  # a verb at the wrong time is refused


@given(VERBS)
def test_every_verb_twice_is_the_verb_once(verbs):
    once, twice = new_desk(), new_desk()
    for verb, on_paper in verbs:
        apply_verb(once, READER, verb, on_paper)
        apply_verb(twice, READER, verb, on_paper)
        apply_verb(twice, READER, verb, on_paper)

        assert once.journal.entries(READER) == twice.journal.entries(READER)


@given(VERBS, VERBS)
def test_forgetting_is_complete_and_touches_nobody_else(verbs, others):
    desk, alone = new_desk(), new_desk()
    for verb, on_paper in verbs:
        apply_verb(desk, READER, verb, on_paper)
    for verb, on_paper in others:
        apply_verb(desk, READER + 1, verb, on_paper)
        apply_verb(alone, READER + 1, verb, on_paper)

    count = len(desk.journal.entries(READER))
    assert forget(desk, READER) == count
    assert forget(desk, READER) == 0
    assert desk.journal.entries(READER) == []
    assert desk.journal.entries(READER + 1) == alone.journal.entries(READER + 1)
