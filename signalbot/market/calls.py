"""Call a venue's REST interface: the one policy of retries, and the pause that a venue asks for.

Only what reads is called, so that a call may be repeated blindly. ccxt's errors end here.
"""

import asyncio
import logging
import random
from collections import Counter
from typing import Any

import aiohttp
import ccxt

from signalbot.errors import UnavailableError
from signalbot.market.venue_client import Answered, note_answer

TRIES = 4
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 4.0
LONGEST_PAUSE_S = 130.0
"""A venue that wants a longer pause is not waited for; the call fails."""

_USELESS = (
    ccxt.BadRequest,
    ccxt.BadSymbol,
    ccxt.NotSupported,
    ccxt.ArgumentsRequired,
    ccxt.AuthenticationError,
)
"""Errors that a second try would give again."""

_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What ccxt's parsers raise on an answer that has not the venue's form."""

_FAILURES = (ccxt.BaseError, aiohttp.ClientError, OSError, TimeoutError, *_MALFORMED)
_BLOCKED = (403, 451)
"""HTTP status of a venue that serves nobody at this address."""

_BUSY = (418, 429)
_log = logging.getLogger(__name__)


class Calls:
    """The calls of one venue.

    Parameters
    ----------
    client
        Of ccxt; it keeps the venue's pace.
    speed : float
        How many of the venue's seconds pass in one, for the pauses that it asks for.

    Attributes
    ----------
    failures : Counter of str
        Tries that failed, by the name of the error.
    trouble : str or None
        Why the newest call failed for good; None after one that did not.
    """

    def __init__(self, venue: str, client: Any, *, speed: float = 1.0) -> None:
        self.client = client
        self.failures: Counter[str] = Counter()
        self.trouble: str | None = None
        self._venue = venue
        self._speed = speed
        self._resumes_at = 0.0
        self._dice = random.Random()  # noqa: S311 - spreads waits, decides nothing

    async def __call__(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Return what a method of the client gives.

        Raises
        ------
        UnavailableError
            If it fails for good, or the venue serves nobody here.
        """
        for wait in self._waits():
            await self._pause_asked_for(method)
            answered = note_answer()
            try:
                answer = await getattr(self.client, method)(*args, **kwargs)
            except _FAILURES as error:
                failure = error
                self._take_note(error, answered)
            else:
                self.trouble = None
                return answer
            if isinstance(failure, _USELESS) or _is_blocked(failure, answered):
                break
            await asyncio.sleep(wait)
        raise self._unavailable(method, failure, answered)

    def _waits(self) -> list[float]:
        longest = (min(FIRST_WAIT_S * 2**n, LONGEST_WAIT_S) for n in range(TRIES - 1))
        return [*(each * self._dice.uniform(0.5, 1.0) for each in longest), 0.0]

    async def _pause_asked_for(self, method: str) -> None:
        loop = asyncio.get_running_loop()
        while (left := self._resumes_at - loop.time()) > 0:  # it may grow meanwhile
            if left > LONGEST_PAUSE_S:
                error = TimeoutError(f"it wants a pause of {left:.0f} s")
                raise self._unavailable(method, error, Answered())
            await asyncio.sleep(left)

    def _take_note(self, error: Exception, answered: Answered) -> None:
        self.failures[type(error).__name__] += 1
        is_asked = isinstance(error, ccxt.DDoSProtection | ccxt.RateLimitExceeded)
        if not is_asked and answered.status not in _BUSY:
            return
        seconds = _seconds(answered.pause)
        resumes_at = asyncio.get_running_loop().time() + seconds / self._speed
        self._resumes_at = max(self._resumes_at, resumes_at)
        _log.warning("%s asks for a pause of %.0f s", self._venue, seconds)

    def _unavailable(self, method: str, error: Exception, answered: Answered) -> UnavailableError:
        said = "".join(c if c.isprintable() else "?" for c in str(error))[:160]
        if _is_blocked(error, answered):
            self.trouble = f"{self._venue} does not serve this address: {said}"
        else:
            self.trouble = f"{self._venue} did not answer {method}: {said or type(error).__name__}"
        return UnavailableError(self.trouble)


def _is_blocked(error: Exception, answered: Answered) -> bool:
    # Bybit means "too many" by 403, which ccxt knows
    return answered.status in _BLOCKED and not isinstance(error, ccxt.RateLimitExceeded)


def _seconds(header: str | None) -> float:
    try:
        seconds = float(header or 1.0)
    except ValueError:
        return 1.0
    return min(max(seconds, 0.0), 86_400.0)
