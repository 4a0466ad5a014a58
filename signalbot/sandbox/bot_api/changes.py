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

    def since(self, revision: int) -> list[int]:
        """Return the ids of the chats that changed after `revision`."""
        return [chat_id for chat_id, changed in self._chats.items() if changed > revision]

    def wake(self) -> None:
        """Let everybody go who waits."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, revision: int, timeout_s: float) -> None:
        """Wait until something has changed after `revision`, or the time is over."""
        if self.revision > revision:
            return
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return
