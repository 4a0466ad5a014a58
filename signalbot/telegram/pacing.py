"""How fast messages leave: below every limit of Telegram, answers before broadcasts.

Each message takes the next slot of the whole bot and the next one of its chat. Slots are given in
the order of asking, so that with few messages in flight an answer never waits long; it does not
wait for the slots of broadcasts at all, these make room behind it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

FREE_RATE, PAID_RATE = 29.5, 950.0
"""Messages a second of the whole bot; Telegram's limits are 30 and 1000."""
PAID_CREDIT_S = 0.045
"""How much of a stall may be made up for at the paid rate: 43 messages, so 993 in any second."""
CHAT_INTERVAL_S, GROUP_INTERVAL_S = 1.0, 3.0
ANSWER_BURST = 3
"""Answers that one chat may get at once."""
ANSWERS_AHEAD_S = 0.8
"""How far answers overtake what is on its way; beyond it the bot's own limit would be broken."""
MOST_CHATS = 10_000
"""Chats that are remembered; one that is forgotten was quiet for long."""


class Lane(Enum):
    """What is sent: the answer to a command, or what goes to many."""

    ANSWER = auto()
    BROADCAST = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The limits in force; rates a second, intervals in seconds.

    `credit_s` is how far behind its time a slot may still be taken, so that a stall costs nothing.
    """

    overall: float = FREE_RATE
    credit_s: float = 0.0
    chat_interval_s: float = CHAT_INTERVAL_S
    group_interval_s: float = GROUP_INTERVAL_S


PAID = Rate(overall=PAID_RATE, credit_s=PAID_CREDIT_S)


class Pacer:
    """Says when a message may leave.

    Parameters
    ----------
    rate : Rate
        The limits.
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._interval = 1 / rate.overall
        self._rate = rate
        self._clock = clock
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._held_until = 0.0

    def wait_s(self, chat: int) -> float:
        """Return how long a broadcast to a chat must wait for the limit of that chat alone."""
        return max(self._chats.get(chat, 0.0) - self._clock(), self.held_s)

    @property
    def held_s(self) -> float:
        """How long nothing that goes to many may leave, whatever its chat."""
        return max(self._held_until - self._clock(), 0.0)

    def take(self, chat: int, lane: Lane) -> float:
        """Take the next slot for a message to a chat, and return how long it has to wait."""
        now = self._clock()
        interval = self._rate.group_interval_s if chat < 0 else self._rate.chat_interval_s
        free = self._chats.get(chat, 0.0)
        slot = max(self._next, now - self._rate.credit_s)
        self._next = slot + self._interval
        if lane is Lane.ANSWER:
            ready = max(now, slot - ANSWERS_AHEAD_S, free - (ANSWER_BURST - 1) * interval)
        else:
            ready = max(slot, now, free, self._held_until)
        self._remember(chat, max(free, ready) + interval, now)
        return ready - now

    def hold(self, seconds: float, chat: int | None = None) -> None:
        """Let nothing leave for a while, to one chat or, without one, of what goes to many."""
        until = self._clock() + seconds
        if chat is None:
            self._held_until = max(self._held_until, until)
        else:
            self._remember(chat, max(self._chats.get(chat, 0.0), until), self._clock())

    async def turn(self, chat: int, lane: Lane = Lane.ANSWER) -> None:
        """Return when a message to a chat may leave."""
        wait = self.take(chat, lane)
        if wait > 0:
            await asyncio.sleep(wait)

    def _remember(self, chat: int, until: float, now: float) -> None:
        if len(self._chats) >= MOST_CHATS:
            self._chats = {each: at for each, at in self._chats.items() if at > now}
        self._chats[chat] = until
