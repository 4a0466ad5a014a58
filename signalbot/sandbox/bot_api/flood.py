"""Flood control: buckets that fill with time, and a penalty for whoever does not wait.

Telegram publishes only the rates (Bot FAQ: about 30 messages a second, one a second in a chat, 20
a minute in a group). The bursts and the growth of the penalty are a model.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.sandbox.bot_api.envelope import Refused

STARS_A_MESSAGE = Decimal("0.1")
MAX_REMEMBERED = 10_000
TINY = 1e-9  # of a second, or of a message


class Pause(StrEnum):
    """What rests after a violation: everything the bot sends, or the one chat."""

    BOT = "bot"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Messages a second in the long run, and how many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodRules:
    """The limits in force.

    Attributes
    ----------
    bot, private, group, paid : Rate
        Of everything the bot sends; of one private chat; of one group or channel; of everything
        sent with `allow_paid_broadcast`.
    pause : Pause
        What rests after a violation.
    growth_s : float
        Seconds that each call inside a penalty adds to it.
    longest_s : float
        No penalty is longer.
    stars : Decimal
        The bot's balance at the beginning, of which a paid message takes a tenth of a Star.
    enabled : bool
        Whether there is flood control at all.
    """

    bot: Rate = Rate(per_second=30, burst=30)
    private: Rate = Rate(per_second=1, burst=3)
    group: Rate = Rate(per_second=20 / 60, burst=20)
    paid: Rate = Rate(per_second=1000, burst=1000)
    pause: Pause = Pause.CHAT
    growth_s: float = 1.0
    longest_s: float = 3600.0
    stars: Decimal = Decimal(0)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class _Bucket:
    tokens: float
    at: float


class Flood:
    """Decides whether a message may pass now, by a clock that tests may drive.

    Parameters
    ----------
    clock : callable
        Gives Unix seconds.
    """

    def __init__(self, rules: FloodRules, clock: Callable[[], float]) -> None:
        self.rules = rules
        self.stars = rules.stars
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._rests_until: dict[str, float] = {}

    def pass_through(self, chat_id: int, is_private: bool, count: int, paid: bool) -> None:
        """Take the tokens of `count` messages to a chat, and the Stars if they are paid for.

        A bot without Stars for it falls back to the free limits.

        Raises
        ------
        Refused
            429 with `retry_after`, in whole seconds. Nothing is taken then.
        """
        if not self.rules.enabled:
            return
        now, place = self._clock(), str(chat_id)
        self._require_rested(place, now)
        if paid and self.stars >= STARS_A_MESSAGE * count:
            self._take({"paid": self.rules.paid}, place, count, now)
            self.stars -= STARS_A_MESSAGE * count
            return
        chat_rate = self.rules.private if is_private else self.rules.group
        self._take({"bot": self.rules.bot, place: chat_rate}, place, count, now)

    def _require_rested(self, place: str, now: float) -> None:
        for who in (Pause.BOT, place):
            until = self._rests_until.get(who, now)
            if until > now:
                longer = min(until + self.rules.growth_s, now + self.rules.longest_s)
                self._rests_until[who] = longer
                raise _too_many(longer - now)

    def _take(self, rates: dict[str, Rate], place: str, count: int, now: float) -> None:
        tokens = {name: self._tokens(name, rate, now) for name, rate in rates.items()}
        # An album of more pictures than a burst may pass on a full bucket, which then owes some.
        wait = max(
            (min(count, rate.burst) - tokens[name]) / rate.per_second
            for name, rate in rates.items()
        )
        if wait > TINY:
            who = Pause.BOT if self.rules.pause is Pause.BOT else place
            self._rests_until[who] = now + math.ceil(wait - TINY)
            raise _too_many(wait)
        for name, filled in tokens.items():
            self._buckets[name] = _Bucket(filled - count, now)
        self._forget(now)

    def _tokens(self, name: str, rate: Rate, now: float) -> float:
        bucket = self._buckets.get(name, _Bucket(rate.burst, now))
        return min(rate.burst, bucket.tokens + (now - bucket.at) * rate.per_second)

    def _forget(self, now: float) -> None:
        if len(self._buckets) + len(self._rests_until) < MAX_REMEMBERED:
            return
        rates = (self.rules.bot, self.rules.private, self.rules.group, self.rules.paid)
        full_after = max(rate.burst / rate.per_second for rate in rates)
        self._buckets = {n: b for n, b in self._buckets.items() if now - b.at < full_after}
        self._rests_until = {n: until for n, until in self._rests_until.items() if until > now}


def _too_many(wait_s: float) -> Refused:
    seconds = max(math.ceil(wait_s - TINY), 1)
    return Refused(429, f"retry after {seconds}", {"retry_after": seconds})
