"""A sender on a real outbox and a real Bot API, with texts that say what they are."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Engine
from telegram import Bot

from signalbot.domain.delivery import Delivery, PostKind
from signalbot.service.delivery_ports import Composed
from signalbot.storage.leases import SqlLease
from signalbot.storage.outbox import SqlOutbox
from signalbot.telegram.pacing import Pacer, Rate
from signalbot.telegram.sender import Desk, Sender

QUICK = Rate(overall=2_000, chat_interval_s=0.001, group_interval_s=0.001)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)


class PlainComposer:
    """Each text names its subject; alerts have a picture, results edit their alert."""

    def __init__(self, outbox: SqlOutbox) -> None:
        self._outbox = outbox
        self.unwanted: set[int] = set()

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        return [self._one(row) for row in rows]

    def _one(self, row: Delivery) -> Composed | None:
        if row.chat in self.unwanted:
            return None
        told = self._outbox.told(row.seq or 0, row.chat)
        message_id = None if told is None else told.message_id
        html = row.html or f"<b>{row.subject}</b> for {row.chat}"
        if row.kind is PostKind.RESULT:
            return Composed(html=html, edits=message_id, edits_caption=True)
        picture = PNG if row.kind is PostKind.ALERT else None
        reply_to = message_id if row.kind is PostKind.OUTCOME else None
        return Composed(html=html, picture=picture, reply_to=reply_to)


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.to_thread(function, *args)


def sending_desk(engine: Engine, bot: Bot, clock: Callable[[], int], **changes: Any) -> Desk:
    """What a sender works with, without waiting for anything but the server."""
    outbox = SqlOutbox(engine)
    given: dict[str, Any] = {
        "bot": bot,
        "outbox": outbox,
        "lease": SqlLease(engine),
        "composer": PlainComposer(outbox),
        "pacer": Pacer(QUICK, asyncio.get_running_loop().time),
        "owner": "this one",
        "clock": clock,
        "store": in_thread,
        "record": in_thread,
    }
    return Desk(**(given | changes))


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Sender]:
    """A sender at work; it is stopped and drained on leaving."""
    sender = Sender(desk)
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        sender.stop()
        await asyncio.wait_for(task, 30)


async def settled(
    outbox: SqlOutbox, sender: Sender, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Return when nothing waits and nothing is on its way; `meanwhile` lets time pass."""
    async with asyncio.timeout(20):
        while True:
            counts = await asyncio.to_thread(outbox.counts)
            if not counts.get("queued") and not counts.get("sending"):
                return
            meanwhile()
            sender.wake()
            await asyncio.sleep(0.02)
