"""What happens beside a message while it is on its way: its chat moves, its reader is forgotten."""

import pytest
from fakes.made_alert import made_alert
from sqlalchemy import Engine

from signalbot.domain.delivery import Delivery, Failure, Meaning, PostKind
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.service.settle_delivery import MOST_REPAIRS, postponed, settle
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces

OLD, NEW, ANN, BOB = -1002, -2002, 11, 12
NOW = made_alert(1).candle_close + 2_500
MOVED = Failure(meaning=Meaning.MIGRATED, said="", new_chat_id=NEW)
GONE = Failure(meaning=Meaning.CHAT_GONE, said="")


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    people = SqlPeople(engine)
    for reader in (ANN, BOB):
        people.put(Subscriber(reader=reader, joined_at=0))
    return SqlOutbox(engine)


def tell_alert(engine: Engine) -> None:
    ledger = SqlLedger(engine, demonstration_signer(), beside=queue_entries)
    genesis = {"public_key": demonstration_signer().public_key}
    ledger.append(
        [
            Draft(type=EntryType.GENESIS, ts=0, body=genesis),
            Draft(type=EntryType.ALERT, ts=NOW, body=alert_body(made_alert(1))),
        ]
    )


def two_on_their_way(engine: Engine, outbox: SqlOutbox) -> list[Delivery]:
    """Two messages to one group that are both being sent, and a third that waits."""
    SqlPlaces(engine).put(Place(chat=OLD, kind=PlaceKind.GROUP, title="Scalpers"))
    for number in range(3):
        outbox.put(f"news:{number}", PostKind.NEWS, "news", "places", 0, 10**14)
    return list(outbox.claim(NOW, 2))


def test_a_group_is_moved_once_though_two_messages_say_so(
    engine: Engine, outbox: SqlOutbox
) -> None:
    rows = two_on_their_way(engine, outbox)

    outbox.settle([settle(row, MOVED, NOW) for row in rows], {})

    assert [(row.subject, row.chat) for row in outbox.claim(NOW, 9)] == [
        ("news:0", NEW),
        ("news:1", NEW),
        ("news:2", NEW),
    ]
    assert [place.chat for place in SqlPlaces(engine).all()] == [NEW]


def test_a_group_that_the_chat_has_moved_already_stays_moved(
    engine: Engine, outbox: SqlOutbox
) -> None:
    first, second = two_on_their_way(engine, outbox)
    outbox.moved(OLD, NEW)
    outbox.moved(NEW, NEW)

    outbox.settle([settle(first, MOVED, NOW)], {})
    outbox.settle([settle(second, MOVED, NOW)], {})

    assert {row.chat for row in outbox.claim(NOW, 9)} == {NEW}
    assert [place.chat for place in SqlPlaces(engine).all()] == [NEW]


@pytest.mark.parametrize("failure", [GONE, MOVED, Failure(meaning=Meaning.FILE_GONE, said="")])
def test_a_reader_who_is_forgotten_meanwhile_holds_up_nobody(
    engine: Engine, outbox: SqlOutbox, failure: Failure
) -> None:
    tell_alert(engine)
    ann, bob = outbox.claim(NOW, 2)
    outbox.forget(ann.chat)

    outbox.settle([settle(ann, failure, NOW), settle(bob, GONE, NOW)], {})

    assert outbox.counts() == {"cancelled": 1, "resent": 0}


def test_a_message_that_only_waited_has_not_used_up_its_attempts(
    engine: Engine, outbox: SqlOutbox
) -> None:
    tell_alert(engine)
    for _ in range(MOST_REPAIRS + 1):
        (row,) = outbox.claim(NOW, 1)
        outbox.settle([postponed(row, 0)], {})

    (row,) = outbox.claim(NOW, 1)

    assert row.attempt == 1
    outbox.settle([settle(row, Failure(meaning=Meaning.FILE_GONE, said=""), NOW)], {})
    assert outbox.counts() == {"queued": 2, "resent": 0}
