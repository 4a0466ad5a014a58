"""Which chats have changed since one looked last: what keeps a page up to date."""

import asyncio


class Changes:
    """A number that grows with every change, and for each chat the number of its last one."""

    def __init__(self) -> None:
        self.revision = 0
        self._general = 0
        self._chats: dict[int, int] = {}
        self._changed = asyncio.Event()

    def mark(self, chat_id: int) -> None:
        """Note that a chat has changed."""
        self.revision += 1
        self._chats[chat_id] = self.revision
        self.wake()

    def mark_all(self) -> None:
        """Note that something has changed that every chat shows."""
        self.revision += 1
        self._general = self.revision
        self.wake()

    def all_since(self, revision: int) -> bool:
        """Return whether something has changed after `revision` that every chat shows."""
        return self._general > revision

    def of(self, chat_id: int) -> int:
        """Return the number of the last change of a chat, 0 if there was none."""
        return self._chats.get(chat_id, 0)

    def wake(self) -> None:
        """Let everybody go who waits."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, revision: int, timeout_s: float) -> None:
        """Wait until something has changed after `revision`, or the time is over."""
        if self.revision != revision:  # also one of a server that was restarted since
            return
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return
