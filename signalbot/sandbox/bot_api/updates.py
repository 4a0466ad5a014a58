"""The queue of updates of a bot: getUpdates takes from it, or a webhook is fed from it.

Ids grow for ever. An update stays until a call names an offset above its id, so a poller that died
gets it again. Only one poller at a time, and none while a webhook is set.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.sandbox.bot_api.envelope import Json, Refused

OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where updates are pushed to, and the secret that proves them to be ours."""

    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFailure:
    """Why the webhook did not take an update, and when."""

    at: float
    reason: str


class Updates:
    """Updates that the bot has not confirmed yet, `limit` at most: the oldest are forgotten."""

    def __init__(self, limit: int) -> None:
        self._pending: deque[Json] = deque(maxlen=limit)
        self._confirmed: list[Json] = []
        self._newest_id = 0
        self._newest_poll = 0
        self._changed = asyncio.Event()
        self._is_closed = False
        self.allowed: tuple[str, ...] = ()
        self.webhook: Webhook | None = None
        self.failure: PushFailure | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot has asked not to get this kind."""
        if self.allowed and kind not in self.allowed:
            return
        self._newest_id += 1
        self._pending.append({"update_id": self._newest_id, kind: payload})
        self._wake()

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Push from now on, or stop pushing; a poller that waits is told 409."""
        self.webhook, self.failure = webhook, None
        self._wake()

    def allow(self, kinds: Sequence[str]) -> None:
        """Remember which kinds the bot wants; none named means all of them."""
        self.allowed = tuple(kinds)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._pending.clear()

    def first(self) -> Json | None:
        """Return the oldest update that waits."""
        return self._pending[0] if self._pending else None

    def confirm(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            offset = self._newest_id + 1 + offset
        batch = []
        while self._pending and self._pending[0]["update_id"] < offset:
            batch.append(self._pending.popleft())
        if batch:
            self._confirmed = batch

    def repeated(self) -> list[Json]:
        """Return the batch confirmed last once more, as a server does that lost its memory."""
        return list(self._confirmed)

    def open(self) -> None:
        """Let pollers wait again, for the server starts."""
        self._is_closed = False

    def close(self) -> None:
        """Let everybody who waits go, for the server stops."""
        self._is_closed = True
        self._wake()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Return at most `limit` updates from `offset` on, waiting for the first one.

        Raises
        ------
        Refused
            409 if a webhook is set, or another poller has come in the meantime.
        """
        self._require_no_webhook()
        self._newest_poll += 1
        mine = self._newest_poll
        self._wake()
        self.confirm(offset)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (self._pending or self._is_closed):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self.wait(left)
            self._require_no_webhook()
            if self._newest_poll != mine:
                raise Refused(409, OTHER_POLLER)
        return list(self._pending)[:limit]

    async def wait(self, timeout_s: float | None = None) -> None:
        """Wait until something has changed, or the time is over."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _require_no_webhook(self) -> None:
        if self.webhook:
            raise Refused(409, WEBHOOK_IS_SET)
