"""Updates by long polling and by webhook: none lost, none to two pollers, secrets checked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from fakes.sandbox_bot import TOKEN, Sandbox, sandbox, until
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.faults import Fault, FaultKind


def _run(act) -> None:
    async def run() -> None:
        async with sandbox() as box:
            await act(box)

    asyncio.run(run())


def _texts(updates: tuple[Update, ...]) -> list[str]:
    return [update.effective_message.text for update in updates]


def test_an_update_stays_until_an_offset_above_it_is_named() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.reader()
        for text in ("one", "two"):
            box.control.say(ann.id, text)
        first = await box.bot.get_updates()
        assert _texts(first) == ["/start", "one", "two"]
        assert await box.bot.get_updates(limit=1) == first[:1]
        assert await box.bot.get_updates(offset=first[1].update_id) == first[1:]
        assert await box.bot.get_updates(offset=-1) == first[2:]
        assert await box.bot.get_updates() == first[2:]
        assert await box.bot.get_updates(offset=first[2].update_id + 1) == ()

    _run(act)


def test_a_poller_waits_for_the_first_update() -> None:
    async def act(box: Sandbox) -> None:
        ann = box.telegram.directory.add_person("Ann")
        polling = asyncio.create_task(box.bot.get_updates(timeout=30))
        await asyncio.sleep(0.05)
        assert not polling.done()
        box.control.say(ann.id, "at last")
        assert _texts(await polling) == ["at last"]

    _run(act)


def test_the_kinds_a_bot_asked_for_are_remembered() -> None:
    async def act(box: Sandbox) -> None:
        await box.bot.get_updates(allowed_updates=["my_chat_member"])
        ann = box.reader()
        box.control.block(ann.id)
        (update,) = await box.bot.get_updates()
        assert update.my_chat_member.new_chat_member.status == "kicked"
        assert update.my_chat_member.old_chat_member.status == "member"
        await box.bot.get_updates(allowed_updates=[])
        box.control.unblock(ann.id)
        box.control.say(ann.id, "hello")
        assert _texts((await box.bot.get_updates())[-1:]) == ["hello"]

    _run(act)


def test_a_second_poller_throws_out_the_first() -> None:
    async def act(box: Sandbox) -> None:
        first = asyncio.create_task(box.bot.get_updates(timeout=30))
        await asyncio.sleep(0.05)
        async with Bot(TOKEN, base_url=box.server.base_url) as second:
            await second.get_updates(timeout=0)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first

    _run(act)


def test_a_batch_that_was_confirmed_may_come_again() -> None:
    async def act(box: Sandbox) -> None:
        box.reader()
        batch = await box.bot.get_updates()
        assert await box.bot.get_updates(offset=batch[-1].update_id + 1) == ()
        box.telegram.faults.add(Fault(kind=FaultKind.REPEAT, times=1))
        assert await box.bot.get_updates() == batch
        assert await box.bot.get_updates() == ()

    _run(act)


def test_groups_channels_and_edits_reach_the_bot() -> None:
    async def act(box: Sandbox) -> None:
        ann, bob = box.reader(), box.reader("Bob")
        members = (ann.id, bob.id)
        group = box.telegram.directory.add_chat(Kind.GROUP, "Desk", members=members)
        channel = box.telegram.directory.add_chat(Kind.CHANNEL, "News", members=members)
        await box.bot.get_updates(offset=-1)
        sent = await box.bot.send_message(group.id, "question")
        box.control.say(bob.id, "private talk", chat_id=group.id)
        box.control.say(bob.id, "/stats@otherbot", chat_id=group.id)
        box.control.say(bob.id, "/stats", chat_id=group.id)
        box.control.say(ann.id, "yes", chat_id=group.id, reply_to=sent.message_id)
        post = box.control.say(ann.id, "news", chat_id=channel.id)
        box.control.edit(ann.id, channel.id, post.message_id, "better news")
        own = box.control.say(ann.id, "helo")
        box.control.edit(ann.id, ann.id, own.message_id, "hello")
        updates = (await box.bot.get_updates())[1:]
        assert _texts(updates) == ["/stats", "yes", "news", "better news", "helo", "hello"]
        assert updates[0].effective_user.id == bob.id
        assert updates[1].message.reply_to_message.text == "question"
        assert updates[2].channel_post.sender_chat.id == channel.id
        assert updates[3].edited_channel_post
        assert updates[5].edited_message.edit_date

    _run(act)


class Receiver:
    """A webhook that answers with the given statuses one after the other, then with 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.pushed: list[tuple[str | None, str]] = []

    async def _take(self, request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.pushed.append((secret, update["message"]["text"]))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        application = web.Application()
        application.router.add_post("/hook", self._take)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        finally:
            await runner.cleanup()


def test_a_webhook_gets_every_update_with_the_secret_and_again_if_it_refused_one() -> None:
    async def act(box: Sandbox) -> None:
        receiver = Receiver(500, 302)
        async with receiver.running() as url:
            await box.bot.set_webhook(url, secret_token="s-1")  # noqa: S106 - of no bot
            ann = box.reader()
            box.control.say(ann.id, "two")
            await until(lambda: len(receiver.pushed) == 4)
            await until(lambda: not len(box.telegram.updates))
        assert receiver.pushed == [("s-1", text) for text in ("/start", "/start", "/start", "two")]

    _run(act)


def test_a_webhook_that_refuses_for_good_loses_the_update_and_the_reason_is_told() -> None:
    async def act(box: Sandbox) -> None:
        receiver = Receiver(500, 500, 500)
        async with receiver.running() as url:
            await box.bot.set_webhook(url)
            ann = box.reader()
            await until(lambda: not len(box.telegram.updates))
            box.control.say(ann.id, "two")
            await until(lambda: len(receiver.pushed) == 4)
            info = await box.bot.get_webhook_info()
        assert receiver.pushed[-1] == (None, "two")
        assert info.last_error_message == "Wrong response from the webhook: 500"
        assert info.url == url

    _run(act)


def test_nobody_polls_while_a_webhook_is_set() -> None:
    async def act(box: Sandbox) -> None:
        polling = asyncio.create_task(box.bot.get_updates(timeout=30))
        await asyncio.sleep(0.05)
        await box.bot.set_webhook("http://127.0.0.1:9/", max_connections=3)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await polling
        with pytest.raises(Conflict):
            await box.bot.get_updates()
        ann = box.reader()
        await box.bot.delete_webhook(drop_pending_updates=True)
        box.control.say(ann.id, "new")
        assert _texts(await box.bot.get_updates()) == ["new"]

    _run(act)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook", "http://10.0.0.1/", "ftp://127.0.0.1/", "http://[", "x"]
)
def test_a_webhook_elsewhere_is_refused(url: str) -> None:
    async def act(box: Sandbox) -> None:
        with pytest.raises(BadRequest, match=r"127\.0\.0\.1 only"):
            await box.bot.set_webhook(url)

    _run(act)
