"""The one sender of the outbox: takes what is due, sends it at the right pace, stores the result.

Only one process at a time has the lease. A message is marked before its call and settled after
it; what a dead sender left in between is in doubt and treated so (docs/delivery.md).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot

from signalbot.domain.delivery import Delivery, Failure, Meaning, Sent, Shown
from signalbot.errors import SignalbotError, UnavailableError
from signalbot.service.delivery_ports import Composed, Composer, Lease, Outbox
from signalbot.service.settle_delivery import Settlement, late, postponed, settle, unwanted
from signalbot.telegram.pacing import Lane, Pacer
from signalbot.telegram.pictures import Pictures
from signalbot.telegram.sending import Call, send

FREE_IN_FLIGHT, PAID_IN_FLIGHT = 16, 256
LEASE_MS = 15_000
IDLE_S = 0.5
EXPIRE_EVERY_MS = 1_000
LONGEST_TURN_S = 1.5
"""A message whose chat must wait longer gives its place in flight to another."""
HOLD_ALL_AFTER = 2
"""So many chats that refuse at once mean that the whole bot is too fast."""

_log = logging.getLogger(__name__)


Run = Callable[..., Awaitable[Any]]
"""Runs a function in a thread and returns its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a sender works with.

    Attributes
    ----------
    owner : str
        Names this process in the lease.
    clock : callable
        Time in ms UTC, in which rows expire.
    store, record : Run
        Where the database is asked, and where texts are made.
    accepted : callable
        Called when messages were accepted.
    """

    bot: Bot
    outbox: Outbox
    lease: Lease
    composer: Composer
    pacer: Pacer
    owner: str
    clock: Callable[[], int]
    store: Run
    record: Run
    is_paid: bool = False
    lease_ms: int = LEASE_MS
    accepted: Callable[[], None] = field(default=lambda: None)

    @property
    def in_flight(self) -> int:
        """Most messages on their way at once."""
        return PAID_IN_FLIGHT if self.is_paid else FREE_IN_FLIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    settlement: Settlement
    shown: Shown | None = None
    failure: Failure | None = None


class Sender:
    """Sends what is in the outbox until it is told to stop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wake = asyncio.Event()
        self._stopping = False
        self._tasks: set[asyncio.Task[_Done]] = set()
        self._pictures = Pictures()
        self._refused_by: set[int] = set()
        self._leased_until = 0
        self._has_taken_over = False
        self._expired_at = 0
        self.trouble: str | None = None

    @property
    def has_lease(self) -> bool:
        """Whether this process is the one that sends."""
        return self._desk.clock() < self._leased_until

    def wake(self) -> None:
        """Look at the outbox now, because something was put into it."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more; what is in flight is finished."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. Trouble with the database is logged and waited out."""
        while not self._stopping:
            try:
                if await self._leased():
                    await self._round()
                else:
                    await self._wait()
            except SignalbotError as error:
                self.trouble = str(error)
                _log.warning("the outbox does not answer: %s", error)
                await self._idle()
        await self._drain()

    async def _drain(self) -> None:
        while self._tasks:
            await self._collect(await self._finished(None))
        await self._desk.store(self._desk.lease.release, self._desk.owner)

    async def _leased(self) -> bool:
        desk, now = self._desk, self._desk.clock()
        if now < self._leased_until - desk.lease_ms // 2:
            return True
        if now >= self._leased_until:
            self._has_taken_over = False  # whoever had it meanwhile may have left something
        until = now + desk.lease_ms
        if not await desk.store(desk.lease.take, desk.owner, now, until):
            self._leased_until = 0
            return False
        self._leased_until = until
        return True

    async def _take_over(self) -> None:
        # what is in flight here is marked as being sent too, so it has to come back first
        if self._tasks:
            return
        left = await self._desk.store(self._desk.outbox.take_over, self._desk.clock())
        self._has_taken_over = True
        if left:
            _log.warning("%d messages were being sent when the last sender ended", left)

    async def _round(self) -> None:
        await self._expire()
        if not self._has_taken_over:
            await self._take_over()
        free = self._desk.in_flight - len(self._tasks)
        may_take = self._has_taken_over and not self._desk.pacer.held_s
        # a few at a time, so that the database is not asked for each single one
        if may_take and (free >= self._desk.in_flight // 8 or not self._tasks):
            await self._take(free)
        await self._wait()

    async def _wait(self) -> None:
        if self._tasks:
            await self._collect(await self._finished(IDLE_S))
        else:
            await self._idle()

    async def _expire(self) -> None:
        now = self._desk.clock()
        if now - self._expired_at >= EXPIRE_EVERY_MS:
            self._expired_at = now
            await self._desk.store(self._desk.outbox.expire, now)

    async def _idle(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_S)
        except TimeoutError:
            return
        self._wake.clear()

    async def _take(self, free: int) -> None:
        desk = self._desk
        rows = await desk.store(desk.outbox.claim, desk.clock(), free)
        if not rows:
            return
        try:
            await self._begin(rows)
        except UnavailableError:
            again = desk.clock() + round(1_000 * IDLE_S)
            await desk.store(desk.outbox.settle, [postponed(row, again) for row in rows], {})
            raise
        except SignalbotError:  # one of them cannot be made: the others can
            for row in rows:
                await self._begin_alone(row)

    async def _begin(self, rows: Sequence[Delivery]) -> None:
        desk = self._desk
        composed = await desk.record(desk.composer.compose, rows, desk.clock())
        for row, message in zip(rows, composed, strict=True):
            self._tasks.add(asyncio.create_task(self._deliver(row, message)))

    async def _begin_alone(self, row: Delivery) -> None:
        desk = self._desk
        try:
            await self._begin([row])
        except SignalbotError as error:
            self.trouble = str(error)
            _log.error("%s cannot be made: %s", row.subject, error)
            failure = Failure(meaning=Meaning.NOT_SENT, said=self.trouble)
            await desk.store(desk.outbox.settle, [settle(row, failure, desk.clock())], {})

    async def _finished(self, within_s: float | None) -> set[asyncio.Task[_Done]]:
        done, self._tasks = await asyncio.wait(
            self._tasks, timeout=within_s, return_when=asyncio.FIRST_COMPLETED
        )
        return done

    async def _collect(self, tasks: set[asyncio.Task[_Done]]) -> None:
        done = [task.result() for task in tasks]
        shown = {each.settlement.id: each.shown for each in done if each.shown is not None}
        settled = [each.settlement for each in done]
        while settled:
            try:
                await self._desk.store(self._desk.outbox.settle, settled, shown)
                break
            except SignalbotError as error:  # what was sent must not be forgotten
                self.trouble = str(error)
                _log.warning("what was sent cannot be stored yet: %s", error)
                await asyncio.sleep(IDLE_S)
        if any(each.sent is not None for each in settled):
            self.trouble = None
            self._desk.accepted()

    async def _deliver(self, row: Delivery, message: Composed | None) -> _Done:
        desk = self._desk
        if message is None:
            return _Done(settlement=unwanted(row))
        wait = desk.pacer.wait_s(row.chat)
        if wait > LONGEST_TURN_S:
            until = desk.clock() + round(wait * 1_000)
            return _Done(settlement=postponed(row, until))
        if message.picture is None:
            return await self._send(row, message, None)
        return await self._send_picture(row, message, message.picture)

    async def _send_picture(self, row: Delivery, message: Composed, png: bytes) -> _Done:
        if self._pictures.known(row) is None:
            async with self._pictures.upload(row):
                if self._pictures.known(row) is None:
                    return await self._send(row, message, png)
        return await self._send(row, message, self._pictures.known(row))

    async def _send(self, row: Delivery, message: Composed, picture: str | bytes | None) -> _Done:
        desk = self._desk
        await desk.pacer.turn(row.chat, Lane.BROADCAST)
        now, held = desk.clock(), desk.pacer.held_s
        if now >= row.expires_at:
            return _Done(settlement=late(row))
        # broadcasts may have to rest since it asked for its turn, or another may be sending it
        if held > 0 or now >= self._leased_until:
            return _Done(settlement=postponed(row, now + round(1_000 * held)))
        call = Call(row=row, composed=message, picture=picture, is_paid=desk.is_paid)
        result = await send(desk.bot, call)
        self._learn(row, result)
        shown = message.shown if isinstance(result, Sent) else None
        return _Done(settlement=settle(row, result, desk.clock()), shown=shown)

    def _learn(self, row: Delivery, result: Sent | Failure) -> None:
        if isinstance(result, Sent):
            self._refused_by.clear()
            if result.file_id is not None:
                self._pictures.keep(row, result.file_id)
            return
        if result.meaning is Meaning.FILE_GONE:
            self._pictures.drop(row)
        if result.meaning is Meaning.TOO_MANY:
            self._slow_down(row.chat, result.retry_after_s or IDLE_S)
        if result.meaning in (Meaning.WRONG_TOKEN, Meaning.NOT_SENT):
            self.trouble = result.said
            self._desk.pacer.hold(IDLE_S)
        _log.log(_LEVEL[result.meaning], "%s was not sent: %s", row.subject, result.said)

    def _slow_down(self, chat: int, seconds: float) -> None:
        self._refused_by.add(chat)
        self._desk.pacer.hold(seconds, chat)
        if len(self._refused_by) >= HOLD_ALL_AFTER:
            self._desk.pacer.hold(seconds)


_LEVEL = dict.fromkeys(Meaning, logging.INFO) | {
    Meaning.REFUSED: logging.ERROR,
    Meaning.BAD_MARKUP: logging.ERROR,
    Meaning.WRONG_TOKEN: logging.CRITICAL,
    Meaning.TOO_MANY: logging.WARNING,
    Meaning.UNKNOWN: logging.WARNING,
}
