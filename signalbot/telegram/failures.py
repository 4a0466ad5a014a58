"""What a failed call means: whether the message may have arrived, and what may be done about it.

The Bot API has no idempotency key. Only a call that surely did not reach Telegram, or that
Telegram refused, may be repeated without a thought; one whose answer was lost may have been
delivered.
"""

import warnings

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

from signalbot.domain.delivery import Failure, Meaning
from signalbot.telegram.redaction import without_token

PAUSE_S = 5.0
"""How long to wait after "too many requests" that does not say how long."""


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
