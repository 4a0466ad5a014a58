from dataclasses import replace

import pytest
from fakes.stage import CLOSE, LAYER, TOY, Stage, decided_at

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.record.entries import EntryType
from signalbot.rendering.messages import alert_message
from signalbot.service.deliver import deliver, deliver_outcome
from signalbot.service.ports import Message, Receipt

TOO_LATE = CLOSE + 5 * MINUTE_MS


@pytest.fixture
def waiting(stage: Stage) -> Stage:
    """Return a record of two alerts that nobody has accepted yet."""
    stage.messenger.is_available = False
    stage.pass_minute(0, matches=[stage.match(), stage.match(symbol=TOY)])
    stage.messenger.is_available = True
    return stage


def test_waiting_alerts_are_sent_oldest_first_and_published_once_each(waiting: Stage) -> None:
    standing = list(waiting.recording.state.pending())

    deliver(waiting.recording, waiting.messenger, decided_at(1))
    deliver(waiting.recording, waiting.messenger, decided_at(1))

    tally = waiting.recording.state.tally("", "")
    assert waiting.messenger.texts == [alert_message(each, tally) for each in standing]
    published = waiting.ledger.of(EntryType.PUBLISHED)
    assert [entry.body["alert_seq"] for entry in published] == [2, 3]
    assert [entry.body["message_id"] for entry in published] == ["m1", "m2"]


def test_what_the_messenger_says_of_the_message_is_what_is_recorded(waiting: Stage) -> None:
    deliver(waiting.recording, Slow(), decided_at(1))

    body = waiting.ledger.of(EntryType.PUBLISHED)[0].body
    assert body["published_at"] == "2025-05-04T14:33:04.000Z"  # its own time, not ours
    assert (body["message_id"], body["recipients"]) == ("77", 12)


class Slow:
    def send(self, message: Message, now: int) -> Receipt:
        return Receipt(message_id="77", sent_at=now + 1_500, recipients=12)

    def receipt(self, publishes: int) -> Receipt | None:
        return None


def test_an_alert_is_sent_until_its_entry_is_no_longer_valid(waiting: Stage) -> None:
    deliver(waiting.recording, waiting.messenger, TOO_LATE - 1)

    assert len(waiting.messenger.accepted) == 2


def test_from_then_on_it_is_not_published_and_never_sent(waiting: Stage) -> None:
    for _ in range(2):
        deliver(waiting.recording, waiting.messenger, TOO_LATE)

    assert waiting.messenger.accepted == []
    outcomes = waiting.ledger.of(EntryType.OUTCOME)
    assert [entry.body["outcome"] for entry in outcomes] == ["NOT_PUBLISHED"] * 2
    assert waiting.recording.state.standing == {}


def test_one_that_was_accepted_in_time_is_published_even_if_that_is_known_too_late(
    waiting: Stage,
) -> None:
    accepted = Receipt(message_id="m5", sent_at=decided_at(1), recipients=3)
    waiting.messenger.receipts[2] = accepted

    deliver(waiting.recording, waiting.messenger, TOO_LATE)

    (published,) = waiting.ledger.of(EntryType.PUBLISHED)
    assert (published.body["alert_seq"], published.body["message_id"]) == (2, "m5")
    (outcome,) = waiting.ledger.of(EntryType.OUTCOME)
    assert (outcome.body["alert_seq"], outcome.body["outcome"]) == (3, "NOT_PUBLISHED")


def test_a_message_says_which_alert_it_publishes(waiting: Stage) -> None:
    deliver(waiting.recording, waiting.messenger, decided_at(1))

    assert [message.publishes for message, _ in waiting.messenger.accepted] == [2, 3]


def test_one_message_that_fails_does_not_hold_up_the_next(waiting: Stage) -> None:
    def only_toy(message: Message) -> None:
        if "LAYER" in message.html:
            raise UnavailableError("this one is refused")

    waiting.messenger.witness = only_toy
    deliver(waiting.recording, waiting.messenger, decided_at(1))

    assert [each.alert.plan.symbol for each in waiting.recording.state.pending()] == [LAYER]
    (published,) = waiting.ledger.of(EntryType.PUBLISHED)
    assert published.body["alert_seq"] == 3


def test_an_outcome_answers_the_message_of_its_alert(waiting: Stage) -> None:
    standing = replace(waiting.recording.state.standing[2], message_id="m9")
    head = waiting.ledger.head

    deliver_outcome(
        standing,
        Outcome(kind=OutcomeKind.VOID_LATE),
        waiting.recording,
        waiting.messenger,
        decided_at(1),
    )

    ((message, now),) = waiting.messenger.accepted
    assert (message.reply_to, now) == ("m9", decided_at(1))
    assert message.html.startswith("LAYER: Void")
    assert waiting.ledger.head == head
