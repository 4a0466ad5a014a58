"""What every store of readers does, whatever is behind it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import ALERT, MONDAY
from fakes.people import FakePeople

from signalbot.domain.onboarding import Step
from signalbot.domain.subscriber import QuietHours, Role, Subscriber
from signalbot.errors import InputError
from signalbot.service.ports import People
from signalbot.storage.people import BATCH, SqlPeople

NEW = Subscriber(reader=7, joined_at=MONDAY)
TOLD = replace(
    NEW,
    role=Role.ADMIN,
    venue="bybit",
    equity=Decimal("1234.56"),
    risk_pct=Decimal("0.25"),
    leverage=Decimal(20),
    zone="Asia/Kolkata",
    quiet=QuietHours(since=1439, until=0),
    subscribed=False,
    paused_until=MONDAY + 1,
    muted_coins=frozenset({"币安人生", "LAYER", "<b>"}),
    muted_setups=frozenset({"range_breakout"}),
    alerts_received=41,
    real_since=MONDAY + 2,
    reachable=False,
    question=Step.RISK,
)
LARGEST = replace(NEW, reader=2**52 - 1)


@pytest.fixture(params=["fake", "stored"])
def people(request: pytest.FixtureRequest, engine) -> People:
    return FakePeople() if request.param == "fake" else SqlPeople(engine)


def test_nobody_is_known_at_first(people: People) -> None:
    assert people.get(7) is None
    assert people.change(7, lambda each: each) is None
    assert list(people.wanting(ALERT, MONDAY)) == []
    assert people.forget(7) == 0


@pytest.mark.parametrize("subscriber", [NEW, TOLD, LARGEST], ids=["new", "told", "largest"])
def test_who_is_put_is_got(people: People, subscriber: Subscriber) -> None:
    people.put(subscriber)

    assert people.get(subscriber.reader) == subscriber


def test_the_newest_takes_the_place_of_what_was_known(people: People) -> None:
    people.put(TOLD)

    people.put(NEW)

    assert people.get(7) == NEW


def test_a_change_is_stored_and_returned(people: People) -> None:
    people.put(TOLD)

    changed = people.change(7, lambda each: replace(each, leverage=Decimal(2)))

    assert changed == replace(TOLD, leverage=Decimal(2)) == people.get(7)


def test_no_change_is_none(people: People) -> None:
    people.put(TOLD)

    assert people.change(7, lambda each: each) == TOLD == people.get(7)


def test_a_change_that_is_refused_changes_nothing(people: People) -> None:
    people.put(NEW)

    with pytest.raises(InputError):
        people.change(7, lambda each: replace(each, leverage=Decimal(99)))

    assert people.get(7) == NEW


def test_those_who_want_an_alert_come_by_reader(people: People) -> None:
    for reader in (9, 2, 30, 4):
        people.put(replace(NEW, reader=reader))
    people.put(replace(TOLD, reader=3))
    people.put(replace(NEW, reader=5, role=Role.BLOCKED))
    people.put(replace(NEW, reader=6, muted_coins=frozenset({"TOY"})))
    people.put(replace(NEW, reader=7, reachable=False))
    people.put(replace(NEW, reader=8, subscribed=False))

    assert [each.reader for each in people.wanting(ALERT, MONDAY)] == [2, 4, 9, 30]


def test_more_than_a_batch_come_once_each(people: People) -> None:
    readers = range(1, 2 * BATCH + 2)
    for reader in reversed(readers):
        people.put(replace(NEW, reader=reader))

    assert [each.reader for each in people.wanting(ALERT, MONDAY)] == list(readers)


def test_readers_may_change_and_go_while_others_come(people: People) -> None:
    for reader in range(1, 5):
        people.put(replace(NEW, reader=reader))

    seen = []
    for each in people.wanting(ALERT, MONDAY):
        seen.append(each.reader)
        people.count_alert([each.reader])
        people.forget(each.reader)

    assert seen == [1, 2, 3, 4]
    assert list(people.wanting(ALERT, MONDAY)) == []


def test_alerts_are_counted_for_those_who_received_them(people: People) -> None:
    for reader in (1, 2, 3):
        people.put(replace(NEW, reader=reader))

    people.count_alert([1, 3, 99])
    people.count_alert({3})
    people.count_alert([])

    counts = {each.reader: each.alerts_received for each in people.wanting(ALERT, MONDAY)}
    assert counts == {1: 1, 2: 0, 3: 2}


def test_forgetting_is_complete_and_leaves_the_others(people: People) -> None:
    other = replace(TOLD, reader=8)
    people.put(TOLD)
    people.put(other)

    assert people.forget(7) == 1

    assert people.get(7) is None
    assert people.get(8) == other
    assert people.forget(7) == 0


def test_who_comes_back_is_new(people: People) -> None:
    people.put(TOLD)
    people.forget(7)

    people.put(NEW)

    assert people.get(7) == NEW
