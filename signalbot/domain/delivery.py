"""A message on its way to one chat, and what became of an attempt to send it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class PostKind(StrEnum):
    """What is told. The kind decides what is done when nobody knows whether it arrived."""

    ALERT = "alert"
    AUTOMATION = "automation"
    """An alert in the text format that programs parse."""
    OUTCOME = "outcome"
    """What became of an alert, as a reply to it."""
    RESULT = "result"
    """The same, put into a channel's post of the alert: an edit."""
    NOTICE = "notice"
    """A checkpoint, or another state of a setup."""
    NEWS = "news"
    """A digest, a report, or BTC's HALT."""
    ANNOUNCEMENT = "announcement"
    """What an admin wants all readers to know."""


RESENT_ONCE = frozenset({PostKind.ALERT, PostKind.OUTCOME})
"""Kinds that are sent a second time, marked, when the first may have arrived. The others are not:
an edit or a digest twice helps nobody, and a program would trade twice."""
URGENT = frozenset({PostKind.ALERT, PostKind.AUTOMATION})
"""Kinds that leave before the others: they are worth nothing some minutes later."""
SENT_AGAIN = "Sent again: the first may have arrived."


class DeliveryState(StrEnum):
    """Where a message to one chat stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Its answer was lost: it may have arrived, and is not sent again."""
    FAILED = "failed"
    """Refused for good."""
    EXPIRED = "expired"
    """Not sent, because it came too late to be of use."""
    CANCELLED = "cancelled"
    """Not wanted any more, or the chat is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one chat, as its sender takes it.

    Attributes
    ----------
    subject : str
        What it is about, once for each chat: `alert:1184`.
    seq : int or None
        Entry of the ledger that it tells of: the alert, also for what became of it; None for what
        belongs to none.
    html : str or None
        Its text, where it belongs to no entry.
    chat : int
        Negative for channels and groups.
    thread : int or None
        Topic of a group.
    attempt : int
        1 for the first.
    expires_at : int
        From then on it is not sent, ms UTC.
    is_resent : bool
        Whether one before it may have arrived.
    is_plain : bool
        Whether its markup was refused, so that it goes without.
    file_id : str or None
        The picture of its subject, where it was uploaded before.
    """

    id: int
    subject: str
    kind: PostKind
    seq: int | None
    html: str | None
    chat: int
    thread: int | None
    attempt: int
    expires_at: int
    is_resent: bool = False
    is_plain: bool = False
    file_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an alert's message has shown of a size: None is that it should be skipped."""

    qty: Decimal | None
    on_paper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was accepted, with the messenger's own time in ms UTC."""

    message_id: int
    at: int
    file_id: str | None = None


class Meaning(StrEnum):
    """What a failure says of the message and of the chat."""

    NOT_SENT = "not_sent"
    """It never left: no connection. To be sent again."""
    UNKNOWN = "unknown"
    """The answer was lost: it may have arrived."""
    TOO_MANY = "too_many"
    """Refused for now: wait `retry_after_s`."""
    CHAT_GONE = "chat_gone"
    """The reader cannot be reached any more: blocked, deactivated, kicked, not found."""
    MIGRATED = "migrated"
    """The group has another id now: `new_chat_id`."""
    BAD_MARKUP = "bad_markup"
    """The text cannot be parsed: once more as plain text."""
    FILE_GONE = "file_gone"
    """The file id is not known: upload the file again."""
    UNCHANGED = "unchanged"
    """An edit that changes nothing: done."""
    REFUSED = "refused"
    """For good; sending it again would be refused again."""
    WRONG_TOKEN = "wrong_token"  # noqa: S105 - the word, not a secret
    """The token is not valid, or the method does not exist: nothing can be sent."""
    ANOTHER_POLLER = "another_poller"
    """Another program takes the bot's updates, or a webhook does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed call; `said` is what it was, without the token."""

    meaning: Meaning
    said: str
    retry_after_s: float | None = None
    new_chat_id: int | None = None
