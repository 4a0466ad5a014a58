"""The sender's pace where something holds it up: an upload, a bot that must rest, a bad row."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from fakes.made_alert import made_alert
from fakes.sandbox_bot import Sandbox, sandbox
from fakes.sending import PlainComposer, running, sending_desk, settled
from sqlalchemy import Engine

from signalbot.domain.delivery import Delivery, PostKind
from signalbot.domain.subscriber import Subscriber
from signalbot.errors import RecordError
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.bot_api.control import admit
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.sandbox.bot_api.flood import FloodRules, Pause
from signalbot.sandbox.bot_api.flood import Rate as ServerRate
from signalbot.service.delivery_ports import Composed
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.outgoing import queue_entries
from signalbot.storage.people import SqlPeople
from signalbot.telegram.pacing import Pacer, Rate

NOW = made_alert(1).candle_close + 2_500
UPLOAD_S, A_SECOND = 0.5, 20
READERS = 12


def paced(per_second: float) -> Pacer:
    rate = Rate(overall=per_second, chat_interval_s=0.001, group_interval_s=0.001)
    return Pacer(rate, asyncio.get_running_loop().time)


def subscribed(engine: Engine, box: Sandbox) -> list[int]:
    admit(box.telegram, READERS)
    readers = [chat.id for chat in box.telegram.directory]
    for reader in readers:
        SqlPeople(engine).put(Subscriber(reader=reader, joined_at=0))
    return readers


def tell_alert(engine: Engine) -> None:
    ledger = SqlLedger(engine, demonstration_signer(), beside=queue_entries)
    genesis = {"public_key": demonstration_signer().public_key}
    body = alert_body(made_alert(1))
    ledger.append([Draft(type=EntryType.GENESIS, ts=0, body=genesis)])
    ledger.append([Draft(type=EntryType.ALERT, ts=NOW, body=body)])


def test_those_who_waited_for_an_upload_do_not_leave_all_at_once(engine: Engine) -> None:
    async def run() -> float:
        async with sandbox(read_timeout=5) as box:
            subscribed(engine, box)
            slow = Fault(kind=FaultKind.DELAY, method="sendPhoto", times=1, delay_s=UPLOAD_S)
            box.telegram.faults.add(slow)
            tell_alert(engine)
            started = asyncio.get_running_loop().time()
            desk = sending_desk(engine, box.bot, lambda: NOW, pacer=paced(A_SECOND))
            async with running(desk) as sender:
                await settled(desk.outbox, sender)
            assert len(box.texts()) == READERS
            return asyncio.get_running_loop().time() - started

    assert asyncio.run(run()) >= UPLOAD_S + (READERS - 2) / A_SECOND


def test_a_bot_that_is_told_to_rest_rests(engine: Engine) -> None:
    burst, now = 3, NOW

    async def run() -> tuple[int, list[str]]:
        nonlocal now
        slow = ServerRate(per_second=1, burst=burst)
        async with sandbox(
            FloodRules(bot=slow, pause=Pause.BOT, growth_s=0), read_timeout=5
        ) as box:

            def pass_time() -> None:
                nonlocal now
                now += 50
                box.clock.pass_time(0.05)

            readers = subscribed(engine, box)
            outbox = SqlOutbox(engine)
            outbox.put("news:1", PostKind.NEWS, "news", readers, NOW, NOW + 10**9)
            desk = sending_desk(engine, box.bot, lambda: now, pacer=paced(50))
            async with running(desk) as sender:
                while sum(count for status, count in statuses(box) if status == 429) < 2:
                    await asyncio.sleep(0.001)
                await asyncio.sleep(0.5)  # the others had their turns then
                refused = sum(count for status, count in statuses(box) if status == 429)
                box.clock.pass_time(3_600)
                now += 3_600_000
                await settled(outbox, sender, pass_time)
            return refused, box.texts()

    refused, texts = asyncio.run(run())

    assert refused <= 4  # two that say so, and who was on the wire then
    assert texts == ["news"] * READERS


def statuses(box: Sandbox) -> list[tuple[int, int]]:
    return [(status, count) for (_, status), count in box.telegram.calls.items()]


class Spoilt(PlainComposer):
    """Cannot make the message of one chat."""

    def __init__(self, outbox: SqlOutbox, chat: int) -> None:
        super().__init__(outbox)
        self._chat = chat

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        if any(row.chat == self._chat for row in rows):
            raise RecordError("a stored reader cannot be read")
        return super().compose(rows, now)


def test_a_message_that_cannot_be_made_holds_up_no_other(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with sandbox(read_timeout=5) as box:
            spoilt, *others = subscribed(engine, box)
            tell_alert(engine)
            outbox = SqlOutbox(engine)
            given: dict[str, Any] = {"composer": Spoilt(outbox, spoilt)}
            desk = sending_desk(engine, box.bot, lambda: NOW, **given)
            async with running(desk):
                async with asyncio.timeout(10):
                    while outbox.counts().get("sent", 0) < len(others):
                        await asyncio.sleep(0.02)
            assert outbox.counts() == {"queued": 1, "sent": len(others), "resent": 0}

    asyncio.run(run())
    assert "alert:2 cannot be made: a stored reader cannot be read" in caplog.text
