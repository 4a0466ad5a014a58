"""Deliver: send what the record holds and no messenger has accepted yet.

An alert is on disk before it is sent. One that nobody accepted while its entry was valid is never
sent late: it ends as NOT_PUBLISHED and is counted.
"""

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.record.bodies import published_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.fold import Standing
from signalbot.record.outcome_bodies import outcome_body
from signalbot.rendering.messages import alert_message, outcome_message
from signalbot.service.ports import Message, Messenger, Receipt
from signalbot.service.recording import Recording

NOT_PUBLISHED = Outcome(kind=OutcomeKind.NOT_PUBLISHED)


def deliver(recording: Recording, messenger: Messenger, now: int) -> None:
    """Send every alert that waits, oldest first, and append its one `published` entry.

    An alert whose messenger is unavailable stays waiting for the next call.
    """
    for standing in recording.state.pending():
        try:
            receipt = _receipt(standing, recording, messenger, now)
        except UnavailableError:
            continue
        if receipt is None:
            body = outcome_body(standing.seq, NOT_PUBLISHED)
            recording.append([Draft(type=EntryType.OUTCOME, ts=now, body=body)])
            continue
        said = published_body(standing.seq, receipt.sent_at, receipt.message_id, receipt.recipients)
        recording.append([Draft(type=EntryType.PUBLISHED, ts=now, body=said)])


def _receipt(
    standing: Standing, recording: Recording, messenger: Messenger, now: int
) -> Receipt | None:
    alert = standing.alert
    if now >= alert.candle_close + alert.plan.entry_ttl_min * MINUTE_MS:
        return messenger.receipt(standing.seq)
    tally = recording.state.tally(alert.setup, alert.version)
    message = Message(html=alert_message(standing, tally), publishes=standing.seq)
    return messenger.send(message, now)


def deliver_outcome(
    standing: Standing, outcome: Outcome, recording: Recording, messenger: Messenger, now: int
) -> None:
    """Reply to an alert's message with what became of it.

    The outcome is in the record whether or not a reader's phone can be reached.
    """
    alert = standing.alert
    tally = recording.state.tally(alert.setup, alert.version)
    message = Message(html=outcome_message(standing, outcome, tally), reply_to=standing.message_id)
    _send_if_possible(message, messenger, now)


def announce(html: str, messenger: Messenger, now: int) -> None:
    """Send what is about the record or the bot itself; it is recorded whether or not it arrives."""
    _send_if_possible(Message(html=html), messenger, now)


def _send_if_possible(message: Message, messenger: Messenger, now: int) -> None:
    try:
        messenger.send(message, now)
    except UnavailableError:
        return
