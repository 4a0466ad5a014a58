"""Work of one chat one after the other, of different chats at the same time.

Whoever sends a hundred messages at once waits for their own answers; nobody else does.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

MOST_WAITING = 30
"""Messages and presses of one chat that wait or are worked; more are not taken."""


class InOrder:
    """Gives every chat its turns in the order of asking.

    Parameters
    ----------
    at_once : int
        Chats that are worked at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = asyncio.Semaphore(at_once)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._waiting: Counter[int] = Counter()

    def is_full(self, chat: int) -> bool:
        """Return whether a chat has so much waiting that no more is taken."""
        return self._waiting[chat] >= MOST_WAITING

    @asynccontextmanager
    async def turn_of(self, chat: int) -> AsyncIterator[None]:
        """Enter when everything of the chat that asked before has left."""
        lock = self._locks.setdefault(chat, asyncio.Lock())
        self._waiting[chat] += 1
        try:
            async with lock, self._at_once:
                yield
        finally:
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._waiting[chat]
