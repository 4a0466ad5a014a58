"""Every way in which a call fails, as python-telegram-bot raises it."""

import asyncio

import aiohttp
import httpx
import pytest
from fakes.sandbox_bot import TOKEN, Sandbox, sandbox, until
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.sandbox.bot_api.flood import FloodRules, Pause


async def _fails(box: Sandbox, chat_id: int | str, text: str = "x", **more) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await box.bot.send_message(chat_id, text, **more)
    return caught.value


def _run(act, **settings) -> None:
    async def run() -> None:
        async with sandbox(**settings) as box:
            await act(box)

    asyncio.run(run())


def test_the_states_of_chats() -> None:
    async def act(box: Sandbox) -> None:
        never = box.telegram.directory.add_person("Never")
        blocked, gone = box.reader(), box.reader()
        group = box.telegram.directory.add_chat(Kind.GROUP, "G", members=(blocked.id,))
        box.control.block(blocked.id)
        box.control.deactivate(gone.id)
        box.control.kick(blocked.id, group.id)
        expected = {
            never.id: "Forbidden: bot can't initiate conversation with a user",
            blocked.id: "Forbidden: bot was blocked by the user",
            gone.id: "Forbidden: user is deactivated",
            group.id: "Forbidden: bot was kicked from the group chat",
        }
        for chat_id, message in expected.items():
            error = await _fails(box, chat_id)
            assert (type(error), error.message) == (Forbidden, message)
        error = await _fails(box, 424242)
        assert (type(error), error.message) == (BadRequest, "Chat not found")
        box.control.unblock(blocked.id)
        box.control.bring_back(blocked.id, group.id)
        await box.bot.send_message(blocked.id, "x")
        await box.bot.send_message(group.id, "x")

    _run(act)


def test_a_group_that_was_upgraded_is_found_under_its_new_id() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        group = box.telegram.directory.add_chat(Kind.GROUP, "G", members=(ann.id,))
        moved = box.control.migrate(group.id)
        error = await _fails(box, group.id)
        assert isinstance(error, ChatMigrated)
        assert error.new_chat_id == moved.id
        await box.bot.send_message(moved.id, "x")
        told = (await box.bot.get_updates())[-2:]
        assert told[0].message.migrate_to_chat_id == moved.id
        assert told[1].message.migrate_from_chat_id == group.id

    _run(act)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n", "Message text is empty"),
        ("<b></b>", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>x", "Can't parse entities: can't find end tag"),
        ("1 < 2", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("<br>", 'Can\'t parse entities: unsupported start tag "br" at byte offset 0'),
    ],
)
def test_a_text_that_telegram_refuses(text: str, reason: str) -> None:
    async def act(box: Sandbox) -> None:
        error = await _fails(box, box.reader().id, text, parse_mode="HTML")
        assert isinstance(error, BadRequest)
        assert error.message.lower().startswith(reason.lower())

    _run(act)


def test_the_longest_text_and_caption_pass() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        await box.bot.send_message(ann.id, f"<b>{'😀' * 2048}</b>", "HTML")
        document = await box.bot.send_document(
            ann.id, b"x", caption="<i>" + "x" * 1024 + "</i>", parse_mode="HTML"
        )
        assert len(document.caption) == 1024
        with pytest.raises(BadRequest, match="caption is too long"):
            await box.bot.send_document(ann.id, b"x", caption="x" * 1025)

    _run(act)


def test_a_wrong_token_and_an_unknown_method() -> None:
    async def act(box: Sandbox) -> None:
        stranger = Bot(TOKEN[:-1] + "9", base_url=box.server.base_url)
        with pytest.raises(InvalidToken):
            await stranger.initialize()
        await stranger.shutdown()
        async with aiohttp.ClientSession() as session:
            url = f"{box.server.base_url}{TOKEN}/sendTelepathy"
            async with session.post(url) as response:
                assert (response.status, await response.json()) == (
                    404,
                    {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
                )

    _run(act)


def test_flood_control_names_the_seconds_to_wait() -> None:
    async def act(box: Sandbox) -> None:
        ann, bob = box.reader(), box.reader("Bob")
        for _ in range(3):
            await box.bot.send_message(ann.id, "x")
        error = await _fails(box, ann.id)
        assert isinstance(error, RetryAfter)
        assert error._retry_after.total_seconds() == 1
        error = await _fails(box, ann.id)
        assert error._retry_after.total_seconds() == 2  # it did not wait
        await box.bot.send_message(bob.id, "another chat is served")
        box.clock.pass_time(2)
        await box.bot.send_message(ann.id, "x")

    _run(act, flood=FloodRules())


def test_a_whole_bot_may_have_to_rest() -> None:
    async def act(box: Sandbox) -> None:
        ann, bob = box.reader(), box.reader("Bob")
        for _ in range(3):
            await box.bot.send_message(ann.id, "x")
        assert isinstance(await _fails(box, ann.id), RetryAfter)
        assert isinstance(await _fails(box, bob.id), RetryAfter)

    _run(act, flood=FloodRules(pause=Pause.BOT))


def _reply(status: int, body: str) -> Fault:
    return Fault(kind=FaultKind.REPLY, status=status, body=body)


@pytest.mark.parametrize(
    ("fault", "kind", "arrived"),
    [
        (_reply(429, '{"ok":false,"error_code":429,"description":"Slow"}'), NetworkError, 0),
        (_reply(409, '{"ok":false,"error_code":409,"description":"Two"}'), Conflict, 0),
        (_reply(500, "<html>"), NetworkError, 0),
        (_reply(502, "<html>"), NetworkError, 0),
        (_reply(504, ""), NetworkError, 0),
        (_reply(413, "<html>"), NetworkError, 0),
        (_reply(200, "<html>"), TelegramError, 0),
        (Fault(kind=FaultKind.REPLY, status=200, body="{", accepted=True), TelegramError, 1),
        (Fault(kind=FaultKind.DROP), NetworkError, 0),
        (Fault(kind=FaultKind.DROP, accepted=True), NetworkError, 1),
        (Fault(kind=FaultKind.RESET), NetworkError, 0),
        (Fault(kind=FaultKind.RESET, accepted=True), NetworkError, 1),
        (Fault(kind=FaultKind.HALF), NetworkError, 1),
        (Fault(kind=FaultKind.DELAY, delay_s=600), TimedOut, 0),
        (Fault(kind=FaultKind.STALL, delay_s=600), TimedOut, 1),
    ],
)
def test_a_fault_raises_what_the_wire_gives(
    fault: Fault, kind: type[TelegramError], arrived: int
) -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        box.telegram.faults.add(fault)
        error = await _fails(box, ann.id)
        assert type(error) is kind
        assert len(box.telegram.outbox.since()) == arrived
        if kind is TimedOut:
            assert isinstance(error.__cause__, httpx.ReadTimeout)
        box.telegram.faults.clear()
        await box.bot.send_message(ann.id, "and all is well again")

    _run(act, read_timeout=0.2)


def test_a_full_pool_raises_before_anything_was_sent() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        box.telegram.faults.add(Fault(kind=FaultKind.STALL, delay_s=600, times=1))
        first = asyncio.create_task(_fails(box, ann.id, "first"))
        await until(box.texts)
        error = await _fails(box, ann.id, "second")
        assert isinstance(error.__cause__, httpx.PoolTimeout)
        assert isinstance((await first).__cause__, httpx.ReadTimeout)
        assert box.texts() == ["first"]

    _run(act, connection_pool_size=1, pool_timeout=0.05, read_timeout=0.5)


def test_connections_are_refused_for_a_while_and_then_taken_again() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        await box.server.refuse(0.2)
        error = await _fails(box, ann.id)
        while isinstance(error.__cause__, httpx.RemoteProtocolError | httpx.ReadError):
            error = await _fails(box, ann.id)  # a connection that was open is found broken first
        assert isinstance(error.__cause__, httpx.ConnectError)
        while not box.texts():
            try:
                await box.bot.send_message(ann.id, "back")
            except NetworkError:
                await asyncio.sleep(0.01)
        assert box.texts() == ["back"]

    _run(act)


def test_one_call_in_three_meets_a_fault_and_the_same_ones_with_the_same_seed() -> None:
    async def met() -> list[int]:
        async with sandbox() as box:
            ann = box.reader()
            box.telegram.faults.add(
                Fault(kind=FaultKind.DROP, method="sendMessage", probability=0.33, seed=7)
            )
            failed = []
            for number in range(30):
                try:
                    await box.bot.send_message(ann.id, str(number))
                except NetworkError:
                    failed.append(number)
            assert box.texts() == [str(n) for n in range(30) if n not in failed]
            return failed

    first = asyncio.run(met())
    assert 3 <= len(first) <= 18
    assert asyncio.run(met()) == first
