"""What a failed call means: whether the message may have arrived, and what may be done about it.

The Bot API has no idempotency key. Only a call that surely did not reach Telegram, or that
Telegram refused, may be repeated without a thought; one whose answer was lost may have been
delivered.
"""

import warnings
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.warnings import PTBDeprecationWarning

from signalbot.telegram.redaction import without_token

PAUSE_S = 5.0
"""How long to wait after "too many requests" that does not say how long."""


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


_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
)
_REFUSALS = {
    "chat not found": Meaning.CHAT_GONE,
    "can't parse entities": Meaning.BAD_MARKUP,
    "wrong file identifier": Meaning.FILE_GONE,
    "message is not modified": Meaning.UNCHANGED,
}
"""Words of a 400, in Telegram's answers."""
_KINDS: tuple[tuple[type[TelegramError], Meaning], ...] = (
    (Forbidden, Meaning.CHAT_GONE),
    (InvalidToken, Meaning.WRONG_TOKEN),
    (Conflict, Meaning.ANOTHER_POLLER),
)
_FLOODED = "too many requests"


def failure_of(error: TelegramError) -> Failure:
    """Return what a failure of python-telegram-bot means.

    `BadRequest` is looked at before its parent `NetworkError`: repeating it would be refused again.
    Everything that is not known to have been refused or never sent is `UNKNOWN`.
    """
    said = without_token(error.message)
    if isinstance(error, RetryAfter):
        return Failure(meaning=Meaning.TOO_MANY, said=said, retry_after_s=_seconds(error))
    if isinstance(error, ChatMigrated):
        return Failure(meaning=Meaning.MIGRATED, said=said, new_chat_id=error.new_chat_id)
    if _FLOODED in said.lower():
        return Failure(meaning=Meaning.TOO_MANY, said=said, retry_after_s=PAUSE_S)
    return Failure(meaning=_meaning(error, said.lower()), said=said)


def _meaning(error: TelegramError, said: str) -> Meaning:
    if isinstance(error, BadRequest):
        known = (meaning for words, meaning in _REFUSALS.items() if words in said)
        return next(known, Meaning.REFUSED)
    for kind, meaning in _KINDS:
        if isinstance(error, kind):
            return meaning
    return Meaning.NOT_SENT if isinstance(error.__cause__, _NEVER_LEFT) else Meaning.UNKNOWN


def _seconds(error: RetryAfter) -> float:
    # an int, or a timedelta where PTB_TIMEDELTA asks for one; without it the attribute warns
    with warnings.catch_warnings(action="ignore", category=PTBDeprecationWarning):
        pause = error.retry_after
    return float(pause) if isinstance(pause, int) else pause.total_seconds()
