"""What becomes of a message after an attempt to send it: the policy, without any I/O.

The Bot API has no key by which a call could be repeated safely. What surely was not accepted is
sent again until it expires; what may have been is sent again once at most, marked, and only if it
is an alert or its outcome.
"""

from dataclasses import dataclass

from signalbot.domain.delivery import (
    RESENT_ONCE,
    Delivery,
    DeliveryState,
    Failure,
    Meaning,
    Sent,
)

MOST_REPAIRS = 5
"""Attempts after which a message that is refused for its picture, markup or chat is given up."""
LONGEST_PAUSE_MS = 60_000
RESEND_AFTER_MS = 2_000
_REPAIRED = frozenset({Meaning.BAD_MARKUP, Meaning.FILE_GONE, Meaning.MIGRATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a delivery goes on.

    Attributes
    ----------
    attempt : int
        The attempt that ended, or the last one that was made.
    not_before : int
        Of a queued one, ms UTC.
    is_resent, is_plain : bool
        As in `Delivery`, from now on.
    was_tried : bool
        Whether there was a call; one that only waited for its turn is no attempt.
    was_unknown : bool
        Whether this attempt may have arrived without being known.
    chat_gone : bool
        Whether the chat takes nothing any more.
    new_chat : int or None
        Where the chat has moved.
    file_gone : bool
        Whether the stored id of the picture is of no use.
    """

    id: int
    attempt: int
    state: DeliveryState
    not_before: int = 0
    is_resent: bool = False
    is_plain: bool = False
    was_tried: bool = True
    was_unknown: bool = False
    chat_gone: bool = False
    new_chat: int | None = None
    file_gone: bool = False
    sent: Sent | None = None


def settle(row: Delivery, result: Sent | Failure, now: int) -> Settlement:
    """Return how a delivery goes on after an attempt that ended at `now`."""
    if isinstance(result, Sent):
        return _ended(row, DeliveryState.SENT, sent=result)
    match result.meaning:
        case Meaning.UNCHANGED:
            return _ended(row, DeliveryState.SENT)
        case Meaning.UNKNOWN:
            return lost(row, now)
        case Meaning.CHAT_GONE:
            return _ended(row, DeliveryState.CANCELLED, chat_gone=True)
        case Meaning.REFUSED:
            return _ended(row, DeliveryState.FAILED)
        case _:
            return _again(row, result, now)


def lost(row: Delivery, now: int) -> Settlement:
    """Return how a delivery goes on whose answer was lost, or whose sender died meanwhile."""
    if row.kind in RESENT_ONCE and not row.is_resent and now + RESEND_AFTER_MS < row.expires_at:
        return Settlement(
            id=row.id,
            attempt=row.attempt,
            state=DeliveryState.QUEUED,
            not_before=now + RESEND_AFTER_MS,
            is_resent=True,
            is_plain=row.is_plain,
            was_unknown=True,
        )
    return _ended(row, DeliveryState.UNKNOWN, was_unknown=True)


def postponed(row: Delivery, until: int) -> Settlement:
    """Return how a delivery goes on that was not attempted, because its chat must wait."""
    return Settlement(
        id=row.id,
        attempt=row.attempt,
        state=DeliveryState.QUEUED,
        not_before=until,
        is_resent=row.is_resent,
        is_plain=row.is_plain,
        was_tried=False,
    )


def unwanted(row: Delivery) -> Settlement:
    """Return how a delivery goes on that nobody wants any more: not at all."""
    return _ended(row, DeliveryState.CANCELLED)


def late(row: Delivery) -> Settlement:
    """Return how a delivery goes on that has come too late: it is counted, not sent."""
    return _ended(row, DeliveryState.EXPIRED)


def _again(row: Delivery, failure: Failure, now: int) -> Settlement:
    is_markup = failure.meaning is Meaning.BAD_MARKUP
    is_hopeless = failure.meaning in _REPAIRED and row.attempt >= MOST_REPAIRS
    if is_hopeless or (is_markup and row.is_plain):
        return _ended(row, DeliveryState.FAILED)
    return Settlement(
        id=row.id,
        attempt=row.attempt,
        state=DeliveryState.QUEUED,
        not_before=now + _pause_ms(row, failure),
        is_resent=row.is_resent,
        is_plain=row.is_plain or is_markup,
        new_chat=failure.new_chat_id,
        file_gone=failure.meaning is Meaning.FILE_GONE,
    )


def _pause_ms(row: Delivery, failure: Failure) -> int:
    if failure.retry_after_s is not None:
        return round(failure.retry_after_s * 1_000)
    if failure.meaning in _REPAIRED:
        return 0
    # spread by the row's own number, so that a thousand rows do not come back in one moment
    doublings = min(row.attempt, 8) - 1
    percent = 100 + (37 * row.id + 17 * row.attempt) % 100
    return min(5 * percent << doublings, LONGEST_PAUSE_MS)


def _ended(
    row: Delivery,
    state: DeliveryState,
    *,
    sent: Sent | None = None,
    was_unknown: bool = False,
    chat_gone: bool = False,
) -> Settlement:
    return Settlement(
        id=row.id,
        attempt=row.attempt,
        state=state,
        is_resent=row.is_resent,
        is_plain=row.is_plain,
        was_unknown=was_unknown,
        chat_gone=chat_gone,
        sent=sent,
    )
