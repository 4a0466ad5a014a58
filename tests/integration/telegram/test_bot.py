"""The handlers with real python-telegram-bot, the real chat and a server on 127.0.0.1."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from fakes.chat_room import ChatRoom
from fakes.sandbox_bot import TOKEN, Sandbox, sandbox, until
from sqlalchemy import Engine
from telegram import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)

from signalbot.chat.front_desk import front_desk
from signalbot.domain.place import Place, PlaceKind
from signalbot.errors import InputError
from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.service.membership import back, gone
from signalbot.telegram.asking import press_of, text_of
from signalbot.telegram.bot import Talk, TelegramChat
from signalbot.telegram.connection import (
    ANOTHER_POLLER,
    Address,
    App,
    Connection,
    Webhook,
    application_of,
)

ANN = 101


class Scene:
    """A bot that answers with the chat of a room, and the people who talk to it."""

    def __init__(self, engine: Engine, box: Sandbox, app: App) -> None:
        self.room, self.box, self.app = ChatRoom(engine), box, app
        box.telegram.directory.add_person("Ann", ANN)
        dispatcher, commands = front_desk(self.room.desk, self.room.role_of)
        self.chat = TelegramChat(
            app.bot,
            Talk(
                dispatcher=dispatcher,
                commands=commands,
                turn=_at_once,
                run=asyncio.to_thread,
                clock=lambda: self.room.now,
                gone=lambda chat: gone(self.room.people, self.room.places, chat),
                back=lambda chat: back(self.room.people, self.room.places, chat),
                moved=self.room.outbox.moved,
            ),
        )
        self.chat.install(app)

    def say(self, text: str, **more: Any) -> None:
        self.room.now += 60_000
        self.box.control.say(ANN, text, **more)

    async def hears(self, words: str, chat: int = ANN) -> None:
        await until(
            lambda: any(
                words in each.text and each.chat_id == chat
                for each in self.box.telegram.outbox.since()
            )
        )


async def _at_once(_: int) -> None:
    return


def play(
    engine: Engine, story: Callable[[Scene], Awaitable[None]], webhook: Webhook | None = None
) -> None:
    async def run() -> None:
        async with sandbox() as box:
            app = application_of(Address(token=TOKEN, api_url=box.server.url))
            connection = Connection(app, webhook)
            await connection.open()
            scene = Scene(engine, box, app)
            await connection.listen()
            try:
                await story(scene)
            finally:
                await connection.close()
                await connection.shut()

    asyncio.run(run())


def test_a_conversation_by_polling(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        scene.say("/start")
        await scene.hears("1/4 Where do you trade?")
        query = scene.box.control.press(ANN, label="Binance USD-M")
        await scene.hears("2/4")
        assert await scene.box.telegram.queries.answered(query.id, 5)
        scene.say("/export")
        await scene.hears("The whole public record")
        scene.room.now += 60_000
        scene.box.control.press(ANN, label="250 USDT")
        await scene.hears("3/4")

    play(engine, story)


def test_pictures_come_as_an_album_and_lessons_in_a_group(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        group = scene.box.telegram.directory.add_chat(
            Kind.SUPERGROUP, "Scalpers", members=(ANN,), topics={7: "Alerts"}
        )
        scene.say("/start")
        scene.say("/stats")
        await scene.hears("all alerts: 2")
        scene.room.now += 60_000
        scene.box.control.press(ANN, label="Pictures")
        await scene.hears("The record in pictures.")
        scene.say("/learn size", chat_id=group.id, thread_id=7)
        await scene.hears("Risk and size", group.id)
        scene.say("/subscribe", chat_id=group.id, thread_id=7)
        await scene.hears("This group gets every alert once", group.id)
        place = scene.room.places.get(group.id)
        assert place is not None
        assert (place.thread, place.title) == (7, "Scalpers")

    play(engine, story)


def test_a_reader_who_blocks_the_bot_is_out_of_reach_until_coming_back(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        def reachable() -> bool:
            reader = scene.room.people.get(ANN)
            return reader is not None and reader.reachable

        scene.say("/start")
        await scene.hears("1/4")
        scene.box.control.block(ANN)
        await until(lambda: not reachable())
        scene.box.control.unblock(ANN)
        await until(reachable)

    play(engine, story)


def test_a_group_that_throws_the_bot_out_or_moves_is_followed(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        directory, places = scene.box.telegram.directory, scene.room.places
        group = directory.add_chat(Kind.GROUP, "Scalpers", members=(ANN,)).id
        other = directory.add_chat(Kind.SUPERGROUP, "Others", members=(ANN,)).id
        for chat in (group, other):
            places.put(Place(chat=chat, kind=PlaceKind.GROUP))
        new = scene.box.control.migrate(group).id
        await until(lambda: places.get(new) is not None and places.get(group) is None)
        scene.box.control.kick(ANN, other)
        await until(lambda: not places.get(other).reachable)  # type: ignore[union-attr]
        scene.box.control.bring_back(ANN, other)
        await until(lambda: places.get(other).reachable)  # type: ignore[union-attr]

    play(engine, story)


def test_edited_messages_and_posts_get_silence(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        channel = scene.box.telegram.directory.add_chat(Kind.CHANNEL, "News", members=(ANN,)).id
        scene.say("/btc")
        await scene.hears("BTC")
        before = len(scene.box.telegram.outbox.since())
        scene.box.control.say(ANN, "/stats", chat_id=channel)
        (message, *_) = [m for m in scene.box.telegram.transcript(ANN) if m.sender == ANN]
        scene.box.control.edit(ANN, ANN, message.message_id, "/stats")
        scene.say("/help")
        await scene.hears("/size")
        assert len(scene.box.telegram.outbox.since()) == before + 1

    play(engine, story)


def test_an_answer_that_never_left_is_sent_again_and_broken_markup_as_plain_text(
    engine: Engine,
) -> None:
    async def story(scene: Scene) -> None:
        body = (
            '{"ok":false,"error_code":400,'
            '"description":"Bad Request: can\'t parse entities: at byte 3"}'
        )
        fault = Fault(
            kind=FaultKind.REPLY, method="sendMessage", times=1, status=400, body=body,
            content_type="application/json",
        )  # fmt: skip
        scene.box.telegram.faults.add(fault)
        scene.say("/proof")
        await scene.hears("each chained to the one before")

    play(engine, story)


def test_the_bot_introduces_itself_and_its_commands(engine: Engine) -> None:
    async def story(scene: Scene) -> None:
        await scene.chat.register([ANN])
        bot = scene.box.bot
        private = await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())
        group = await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())
        mine = await bot.get_my_commands(scope=BotCommandScopeChat(ANN))
        assert {"start", "size", "forgetme"} <= {each.command for each in private}
        assert "stats" in {each.command for each in group}
        assert "forgetme" not in {each.command for each in group}
        assert len(mine) == len(private)
        assert "not beaten their costs" in (await bot.get_my_description()).description

    play(engine, story)


def test_updates_by_a_webhook_need_the_secret(engine: Engine, unused_port: int) -> None:
    url = f"http://127.0.0.1:{unused_port}/telegram"
    webhook = Webhook(url=url, port=unused_port, secret="sesame", host="127.0.0.1")  # noqa: S106

    async def story(scene: Scene) -> None:
        scene.say("/btc")
        await scene.hears("BTC")
        async with aiohttp.ClientSession() as session:
            for headers, body, status in (
                ({}, "{}", 403),
                ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, "{}", 403),
                ({"X-Telegram-Bot-Api-Secret-Token": "sesame"}, "no JSON", 400),
                ({"X-Telegram-Bot-Api-Secret-Token": "sesame"}, "[1]", 400),
            ):
                async with session.post(url, data=body, headers=headers) as response:
                    assert response.status == status

    play(engine, story, webhook)
    assert "sesame" not in repr(webhook)


def test_another_poller_is_explained_once(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with sandbox() as box:
            app = application_of(Address(token=TOKEN, api_url=box.server.url))
            connection = Connection(app)
            await connection.open()
            await connection.listen()
            body = '{"ok":false,"error_code":409,"description":"Conflict: terminated by other"}'
            box.telegram.faults.add(
                Fault(
                    kind=FaultKind.REPLY,
                    method="getUpdates",
                    status=409,
                    body=body,
                    content_type="application/json",
                    times=2,
                )
            )
            box.telegram.directory.add_person("Ann", ANN)
            box.control.say(ANN, "/start")
            await until(lambda: connection.trouble == ANOTHER_POLLER)
            await connection.close()
            await connection.shut()

    asyncio.run(run())
    said = [each for each in caplog.records if ANOTHER_POLLER in each.getMessage()]
    assert len(said) == 1


def test_a_wrong_token_is_one_clear_sentence_without_it() -> None:
    wrong = "123456:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"

    async def run() -> None:
        async with sandbox() as box:
            connection = Connection(application_of(Address(token=wrong, api_url=box.server.url)))
            with pytest.raises(InputError, match="TELEGRAM_BOT_TOKEN") as refused:
                await connection.open()
            assert wrong not in str(refused.value)

    asyncio.run(run())
    assert wrong not in repr(Address(token=wrong, api_url="http://x"))


def test_no_update_whatever_it_holds_asks_what_it_should_not() -> None:
    rng = random.Random(3)  # noqa: S311 - a seed, not a secret
    values = (None, 0, -1, 2**53, "", "/start", "💥", "\x00", [], {}, True, 1.5, "x" * 5_000)

    def made() -> dict[str, Any]:
        chat = {"id": rng.choice((ANN, -5)), "type": rng.choice(("private", "group", "channel"))}
        person = {"id": rng.choice((ANN, 102)), "is_bot": rng.random() < 0.2, "first_name": "x"}
        message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "from": person}
        message["text"] = rng.choice(("/start", "", "hello", "💥" * 9))
        if rng.random() < 0.3:
            message[rng.choice(("text", "from", "sender_chat", "photo"))] = rng.choice(values)
        query = {"id": "1", "from": person, "chat_instance": "1", "message": message}
        query["data"] = rng.choice(("why:2", "", None, "a" * 70))
        kinds = {
            "message": message,
            "edited_message": message,
            "channel_post": message,
            "callback_query": query,
        }
        kind = rng.choice(list(kinds))
        return {"update_id": rng.randrange(10**9), kind: kinds[kind]}

    asked = 0
    for _ in range(3_000):
        raw = made()
        try:
            update = Update.de_json(json.loads(json.dumps(raw)), None)
        except (TypeError, ValueError, KeyError, AttributeError):
            continue  # python-telegram-bot drops it
        ask = text_of(update, 1)
        if update.callback_query is not None:
            ask = press_of(update.callback_query, 1)
        if ask is not None:
            asked += 1
            assert "message" in raw or "callback_query" in raw
            assert len(ask.text) <= 1_000
    assert asked > 300
