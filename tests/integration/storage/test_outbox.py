from collections.abc import Sequence
from dataclasses import replace

import pytest
from fakes.made_alert import made_alert
from sqlalchemy import Engine

from signalbot.domain.alert import Alert
from signalbot.domain.delivery import (
    Delivery,
    DeliveryState,
    Failure,
    Meaning,
    PostKind,
    Sent,
    Shown,
)
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.record.outcome_bodies import outcome_body
from signalbot.record.signing import demonstration_signer
from signalbot.service.settle_delivery import settle, unwanted
from signalbot.storage.leases import SqlLease
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.storage.places import SqlPlaces

CHANNEL, GROUP, PROGRAMS = -1001, -1002, -1003
ANN, BOB, PIA = 11, 12, 13


@pytest.fixture
def alert() -> Alert:
    return made_alert(1)


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    ledger = SqlLedger(engine, demonstration_signer(), beside=queue_entries)
    genesis = Draft(
        type=EntryType.GENESIS, ts=0, body={"public_key": demonstration_signer().public_key}
    )
    ledger.append([genesis])
    return ledger


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    people = SqlPeople(engine)
    for reader in (ANN, BOB):
        people.put(Subscriber(reader=reader, joined_at=0))
    people.put(Subscriber(reader=PIA, joined_at=0, paused_until=10**14))
    return SqlOutbox(engine)


def now_of(alert: Alert) -> int:
    return alert.candle_close + 2_500


def append_alert(ledger: SqlLedger, alert: Alert) -> Entry:
    draft = Draft(type=EntryType.ALERT, ts=now_of(alert), body=alert_body(alert))
    return ledger.append([draft])[0]


def append_outcome(ledger: SqlLedger, seq: int, kind: OutcomeKind, ts: int) -> Entry:
    body = outcome_body(seq, Outcome(kind=kind))
    return ledger.append([Draft(type=EntryType.OUTCOME, ts=ts, body=body)])[0]


def accept(outbox: SqlOutbox, rows: Sequence[Delivery], at: int) -> None:
    settled = [settle(row, Sent(message_id=100 + row.id, at=at + row.id), at) for row in rows]
    outbox.settle(settled, {row.id: Shown(qty=None, on_paper=True) for row in rows})


def test_an_alert_and_its_messages_are_one_transaction(ledger, outbox, engine, alert) -> None:
    SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
    SqlPlaces(engine).put(Place(chat=GROUP, kind=PlaceKind.GROUP, thread=7))

    entry = append_alert(ledger, alert)
    rows = outbox.claim(now_of(alert), 10)

    assert [(row.chat, row.thread) for row in rows] == [
        (GROUP, 7),
        (CHANNEL, None),
        (ANN, None),
        (BOB, None),
    ]
    assert {(row.subject, row.kind, row.seq) for row in rows} == {
        (f"alert:{entry.seq}", PostKind.ALERT, entry.seq)
    }
    assert rows[0].expires_at == alert.candle_close + alert.plan.entry_ttl_min * MINUTE_MS


def test_nothing_is_queued_if_the_entry_is_refused(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    with pytest.raises(Exception, match="recorded already"):
        append_alert(ledger, alert)

    assert len(outbox.claim(now_of(alert), 10)) == 2


def test_a_message_is_taken_once(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)

    first, second = (outbox.claim(now_of(alert), 1) for _ in range(2))

    assert [row.chat for row in (*first, *second)] == [ANN, BOB]
    assert outbox.claim(now_of(alert), 10) == []
    assert outbox.claim(now_of(alert), 0) == []


def test_programs_have_a_post_of_their_own(ledger, outbox, engine, alert) -> None:
    SqlPlaces(engine).put(Place(chat=PROGRAMS, kind=PlaceKind.PROGRAMS))
    append_alert(ledger, alert)

    kinds = {row.chat: row.kind for row in outbox.claim(now_of(alert), 10)}

    assert kinds == {ANN: PostKind.ALERT, BOB: PostKind.ALERT, PROGRAMS: PostKind.AUTOMATION}


def test_the_channel_is_what_counts_as_publication(ledger, outbox, engine, alert) -> None:
    SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
    seq = append_alert(ledger, alert).seq
    channel, ann, bob = outbox.claim(now_of(alert), 10)

    accept(outbox, [ann], 5_000)
    assert outbox.accepted(seq) is None
    accept(outbox, [channel], 9_000)
    receipt = outbox.accepted(seq)

    assert receipt is not None
    assert (receipt.message_id, receipt.recipients) == (str(100 + channel.id), 3)
    assert receipt.sent_at == 9_000 + channel.id
    accept(outbox, [bob], 1_000)
    assert outbox.accepted(seq) == receipt


def test_without_a_channel_the_first_that_was_accepted_counts(ledger, outbox, alert) -> None:
    seq = append_alert(ledger, alert).seq
    ann, bob = outbox.claim(now_of(alert), 10)
    assert outbox.accepted(seq) is None
    assert outbox.is_on_its_way(seq)

    accept(outbox, [bob], 5_000)
    outbox.settle([unwanted(ann)], {})

    receipt = outbox.accepted(seq)
    assert receipt is not None
    assert receipt.message_id == str(100 + bob.id)
    assert not outbox.is_on_its_way(seq)


def test_a_channel_that_is_gone_does_not_hold_up_the_publication(
    ledger, outbox, engine, alert
) -> None:
    SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
    seq = append_alert(ledger, alert).seq
    channel, ann, _ = outbox.claim(now_of(alert), 10)
    accept(outbox, [ann], 5_000)

    outbox.settle([settle(channel, Failure(meaning=Meaning.CHAT_GONE, said=""), 6_000)], {})

    assert outbox.accepted(seq) is not None
    place = SqlPlaces(engine).get(CHANNEL)
    assert place is not None
    assert not place.reachable


def test_an_outcome_goes_to_those_who_were_told_of_the_alert(ledger, outbox, engine, alert) -> None:
    SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
    seq = append_alert(ledger, alert).seq
    channel, ann, bob = outbox.claim(now_of(alert), 10)
    accept(outbox, [channel, ann], 5_000)
    outbox.settle([unwanted(bob)], {})

    append_outcome(ledger, seq, OutcomeKind.VOID_LATE, now_of(alert) + MINUTE_MS)
    rows = outbox.claim(now_of(alert) + MINUTE_MS, 10)

    assert [(row.kind, row.chat, row.seq) for row in rows] == [
        (PostKind.OUTCOME, CHANNEL, seq),
        (PostKind.OUTCOME, ANN, seq),
        (PostKind.RESULT, CHANNEL, seq),
    ]


def test_an_alert_that_nobody_was_sent_has_no_reply(ledger, outbox, alert) -> None:
    seq = append_alert(ledger, alert).seq
    outbox.expire(now_of(alert) + 10 * MINUTE_MS)
    append_outcome(ledger, seq, OutcomeKind.NOT_PUBLISHED, now_of(alert))

    assert outbox.claim(now_of(alert), 10) == []
    assert outbox.counts()["expired"] == 2


def test_what_expired_is_counted_and_not_taken(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    end = alert.candle_close + alert.plan.entry_ttl_min * MINUTE_MS

    assert outbox.claim(end, 10) == []
    assert outbox.expire(end - 1) == 0
    assert outbox.expire(end) == 2
    assert outbox.next_due() is None


def test_the_size_that_was_shown_is_kept_with_the_message(ledger, outbox, alert) -> None:
    seq = append_alert(ledger, alert).seq
    ann, bob = outbox.claim(now_of(alert), 10)
    sent = [settle(row, Sent(message_id=9, at=5), 5) for row in (ann, bob)]
    shown = {
        ann.id: Shown(qty=alert.size.qty, on_paper=False),
        bob.id: Shown(qty=None, on_paper=True),
    }
    outbox.settle(sent, shown)

    told = {chat: outbox.told(seq, chat) for chat in (ANN, BOB, PIA)}

    assert told[PIA] is None
    assert told[ANN] is not None
    assert told[ANN].shown == shown[ann.id]
    assert told[BOB] is not None
    assert told[BOB].shown == shown[bob.id]


def test_an_alert_that_arrived_is_counted_for_its_reader_an_outcome_is_not(
    ledger, outbox, engine, alert
) -> None:
    seq = append_alert(ledger, alert).seq
    accept(outbox, outbox.claim(now_of(alert), 10), 5_000)
    append_outcome(ledger, seq, OutcomeKind.VOID_LATE, now_of(alert))
    accept(outbox, outbox.claim(now_of(alert), 10), 6_000)

    ann = SqlPeople(engine).get(ANN)
    assert ann is not None
    assert ann.alerts_received == 1


def test_a_reader_who_blocked_the_bot_gets_nothing_that_waits(
    ledger, outbox, engine, alert
) -> None:
    append_alert(ledger, alert)
    outbox.put("news:1", PostKind.NEWS, "news", "everybody", 0, 10**14)
    ann = outbox.claim(now_of(alert), 1)[0]

    outbox.settle([settle(ann, Failure(meaning=Meaning.CHAT_GONE, said=""), 6_000)], {})

    assert {row.chat for row in outbox.claim(now_of(alert), 10)} == {BOB, PIA}
    reader = SqlPeople(engine).get(ANN)
    assert reader is not None
    assert not reader.reachable


def test_a_group_that_moved_keeps_its_place_and_its_messages(ledger, outbox, engine, alert) -> None:
    SqlPlaces(engine).put(Place(chat=GROUP, kind=PlaceKind.GROUP, title="Scalpers"))
    append_alert(ledger, alert)
    row = outbox.claim(now_of(alert), 1)[0]
    moved = Failure(meaning=Meaning.MIGRATED, said="", new_chat_id=-2002)

    outbox.settle([settle(row, moved, now_of(alert))], {})

    assert outbox.claim(now_of(alert), 1)[0].chat in (-2002, ANN)
    assert SqlPlaces(engine).get(GROUP) is None
    place = SqlPlaces(engine).get(-2002)
    assert place is not None
    assert place.title == "Scalpers"


def test_a_picture_is_kept_for_the_whole_post_until_it_is_gone(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    ann = outbox.claim(now_of(alert), 1)[0]
    outbox.settle([settle(ann, Sent(message_id=1, at=5, file_id="photo-1"), 5)], {})

    bob = outbox.claim(now_of(alert), 1)[0]
    assert bob.file_id == "photo-1"
    outbox.settle([settle(bob, Failure(meaning=Meaning.FILE_GONE, said=""), now_of(alert))], {})

    assert outbox.claim(now_of(alert), 1)[0].file_id is None


def test_what_a_dead_sender_left_is_in_doubt(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    outbox.put("news:1", PostKind.NEWS, "news", [ANN], 0, 10**14)
    outbox.claim(now_of(alert), 10)

    assert outbox.take_over(now_of(alert)) == 3
    again = outbox.claim(now_of(alert) + 10_000, 10)

    assert [(row.kind, row.is_resent) for row in again] == [(PostKind.ALERT, True)] * 2
    assert outbox.counts()["unknown"] == 1
    assert outbox.counts()["resent"] == 2
    outbox.take_over(now_of(alert) + 10_000)
    assert outbox.claim(now_of(alert) + 60_000, 10) == []
    assert outbox.counts()["unknown"] == 3


def test_news_go_to_places_announcements_to_everybody_and_each_once(outbox, engine) -> None:
    SqlPlaces(engine).put(Place(chat=CHANNEL, kind=PlaceKind.CHANNEL))
    SqlPlaces(engine).put(Place(chat=PROGRAMS, kind=PlaceKind.PROGRAMS))

    assert outbox.put("digest:1", PostKind.NEWS, "<b>day</b>", "places", 1, 10) == 1
    outbox.put("digest:1", PostKind.NEWS, "another", "places", 2, 10)
    assert outbox.put("announcement:1", PostKind.ANNOUNCEMENT, "hi", "everybody", 1, 10) == 4
    rows = outbox.claim(3, 10)

    assert [(row.subject, row.chat, row.html) for row in rows] == [
        ("digest:1", CHANNEL, "<b>day</b>"),
        ("announcement:1", CHANNEL, "hi"),
        ("announcement:1", ANN, "hi"),
        ("announcement:1", BOB, "hi"),
        ("announcement:1", PIA, "hi"),
    ]


def test_a_reader_is_forgotten_in_the_outbox_too(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)

    assert outbox.forget(ANN) == 1
    assert [row.chat for row in outbox.claim(now_of(alert), 10)] == [BOB]


def test_old_messages_are_deleted_with_their_post(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    end = alert.candle_close + alert.plan.entry_ttl_min * MINUTE_MS

    assert outbox.purge(end) == 0
    assert outbox.purge(end + 1) == 2
    assert outbox.counts() == {"resent": 0}


def test_a_wrong_markup_is_remembered(ledger, outbox, alert) -> None:
    append_alert(ledger, alert)
    ann = outbox.claim(now_of(alert), 1)[0]
    settled = settle(ann, Failure(meaning=Meaning.BAD_MARKUP, said=""), now_of(alert))
    outbox.settle([replace(settled, not_before=0)], {})

    assert outbox.claim(now_of(alert), 1)[0].is_plain
    assert settled.state is DeliveryState.QUEUED


class TestLease:
    def test_one_owner_at_a_time_until_it_ends(self, engine: Engine) -> None:
        lease = SqlLease(engine)

        assert lease.take("a", now=0, until=10)
        assert not lease.take("b", now=9, until=20)
        assert lease.take("a", now=9, until=19)
        assert not lease.take("b", now=18, until=30)
        assert lease.take("b", now=19, until=30)

    def test_it_is_given_back_by_its_owner_alone(self, engine: Engine) -> None:
        lease = SqlLease(engine)
        lease.take("a", now=0, until=10)
        lease.release("b")
        assert not lease.take("b", now=1, until=20)
        lease.release("a")
        assert lease.take("b", now=1, until=20)
