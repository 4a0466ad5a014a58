"""What leaves first: an alert is worth nothing in three minutes, an announcement is."""

import pytest
from fakes.made_alert import made_alert
from sqlalchemy import Engine

from signalbot.domain.delivery import PostKind, Sent
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.service.settle_delivery import settle
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces

NOW = made_alert(1).candle_close + 2_500
READERS = (11, 12, 13)
PROGRAMS = -1003


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    for reader in READERS:
        SqlPeople(engine).put(Subscriber(reader=reader, joined_at=0))
    return SqlOutbox(engine)


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    ledger = SqlLedger(engine, demonstration_signer(), beside=queue_entries)
    genesis = {"public_key": demonstration_signer().public_key}
    ledger.append([Draft(type=EntryType.GENESIS, ts=0, body=genesis)])
    return ledger


def append_alert(ledger: SqlLedger, number: int) -> int:
    body = alert_body(made_alert(number))
    return ledger.append([Draft(type=EntryType.ALERT, ts=NOW, body=body)])[0].seq


def taken(outbox: SqlOutbox, limit: int) -> list[tuple[str, int]]:
    return [(row.subject, row.chat) for row in outbox.claim(NOW, limit)]


def test_an_alert_overtakes_what_can_wait(ledger: SqlLedger, outbox: SqlOutbox) -> None:
    first = append_alert(ledger, 1)
    for row in outbox.claim(NOW, 9):
        outbox.settle([settle(row, Sent(message_id=row.id, at=NOW), NOW)], {})
    body = outcome_body(first, Outcome(kind=OutcomeKind.STOP))
    ledger.append([Draft(type=EntryType.OUTCOME, ts=NOW, body=body)])
    outbox.put("announcement:1", PostKind.ANNOUNCEMENT, "hi", "everybody", NOW, NOW + 10**9)

    second, third = append_alert(ledger, 2), append_alert(ledger, 3)

    alerts = [(f"alert:{seq}", reader) for seq in (second, third) for reader in READERS]
    assert taken(outbox, 4) == alerts[:4]
    assert taken(outbox, 4) == [*alerts[4:], *((f"outcome:{first}", each) for each in READERS[:2])]
    assert taken(outbox, 9) == [
        (f"outcome:{first}", READERS[2]),
        *(("announcement:1", each) for each in READERS),
    ]


def test_the_posts_for_programs_are_alerts_too(
    engine: Engine, ledger: SqlLedger, outbox: SqlOutbox
) -> None:
    SqlPlaces(engine).put(Place(chat=PROGRAMS, kind=PlaceKind.PROGRAMS))
    outbox.put("announcement:1", PostKind.ANNOUNCEMENT, "hi", "everybody", NOW, NOW + 10**9)
    seq = append_alert(ledger, 1)

    assert (f"automation:{seq}", PROGRAMS) in taken(outbox, len(READERS) + 1)


def test_an_alert_that_has_to_wait_holds_up_nothing(ledger: SqlLedger, outbox: SqlOutbox) -> None:
    outbox.put("announcement:1", PostKind.ANNOUNCEMENT, "hi", "everybody", NOW, NOW + 10**9)
    append_alert(ledger, 1)
    expired = made_alert(1).candle_close + 10**7

    assert [row.subject for row in outbox.claim(expired, 9)] == ["announcement:1"] * len(READERS)
