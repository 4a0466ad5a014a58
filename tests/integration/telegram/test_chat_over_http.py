"""The chat through python-telegram-bot and HTTP: what people see, and what Telegram is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event

import pytest
from fakes.chat_room import ANN, BOB, BOSS, ENDED_ALERT, OPEN_ALERT
from fakes.sandbox_bot import until
from fakes.talking_bot import Conversation, conversation
from sqlalchemy import Engine

from signalbot.chat.callback_data import button
from signalbot.chat.command import EVERYWHERE, Command
from signalbot.domain.place import Place, PlaceKind
from signalbot.rendering.group_texts import GROUP_GREETING
from signalbot.rendering.reply import Reply
from signalbot.sandbox.bot_api.chats import Kind
from signalbot.telegram.in_order import MOST_WAITING

Act = Callable[[Conversation], Awaitable[None]]


def played(engine: Engine, act: Act, **given: object) -> None:
    async def play() -> None:
        async with asyncio.timeout(60), conversation(engine, **given) as talk:  # type: ignore[arg-type]
            await act(talk)

    asyncio.run(play())


def test_a_newcomer_answers_by_taps_in_one_message_and_by_words(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        assert "Four questions" in await talk.ask("/start")
        await until(lambda: len(talk.said(ANN)) == 2)
        await talk.press("Bybit")
        await until(lambda: talk.said(ANN)[-1].startswith("2/4"))
        assert talk.methods(ANN)[-1] == "editMessageText"
        assert (await talk.ask("750")).startswith("3/4")
        await talk.press("0.5 %")
        await until(lambda: talk.said(ANN)[-1].startswith("4/4"))
        await talk.press("Skip")
        await until(lambda: "a stop may cost you 3.75 USDT" in talk.said(ANN)[-1])

    played(engine, act)


def test_every_button_is_answered_exactly_once(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/start")
        await until(lambda: len(talk.said(ANN)) == 2)
        await talk.press("Skip")
        await until(lambda: len(talk.said(ANN)) == 3)
        await talk.ask("/learn")
        await talk.press("Costs")
        await talk.ask("/learn", chat=talk.group.id)
        await talk.press("Costs", BOB, talk.group.id)
        assert talk.calls("answerCallbackQuery") == 3
        assert talk.calls("answerCallbackQuery", 400) == 0

    played(engine, act)


def test_a_personal_button_in_a_group_gets_a_toast_and_no_message(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask(f"/alert {ENDED_ALERT}", chat=talk.group.id)
        said = len(talk.said(talk.group.id))
        assert await talk.press("Size", BOB, talk.group.id) == (
            "This button is too old. Send the command again."
        )
        assert len(talk.said(talk.group.id)) == said

    sizes = (button_under_a_group_message(),)
    played(engine, act, commands=sizes)


def button_under_a_group_message() -> Command:
    """An alert in a group with a button that is personal, as a forged one would be."""
    row = (button("Size", "size", OPEN_ALERT),)
    reply = Reply(html="forged", keyboard=(row,))
    return Command(name="alert", summary="forged", run=lambda _: [reply], scope=EVERYWHERE)


def test_pictures_are_an_album_and_files_are_documents(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/stats")
        await talk.press("Pictures")
        await until(lambda: "The record in pictures." in talk.said(ANN))
        assert talk.methods(ANN).count("sendMediaGroup") == 4
        await talk.ask("/export")
        await until(lambda: talk.methods(ANN).count("sendDocument") == 3)
        files = [each.file for each in talk.messages(ANN) if each.file is not None]
        assert sum(file.name.endswith(".csv") for file in files if file.name) == 1

    played(engine, act)


def test_what_is_no_question_gets_silence(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        first = talk.control.say(ANN, "/help")
        await until(lambda: talk.said(ANN))
        talk.control.edit(ANN, ANN, first.message_id, "/stats")
        channel = talk.telegram.directory.add_chat(Kind.CHANNEL, "News", members=(ANN,))
        talk.control.say(ANN, "/stats", chat_id=channel.id)
        talk.control.say(ANN, "/nonsense", chat_id=talk.group.id)
        talk.control.say(ANN, "/stats@another_bot", chat_id=talk.group.id)
        await talk.ask("/btc", BOB)
        assert len(talk.said(ANN)) == 1
        assert talk.said(channel.id) == talk.said(talk.group.id) == []

    played(engine, act)


def test_only_who_runs_a_group_subscribes_it(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        where = talk.group.id
        assert "Only an admin" in await talk.ask("/subscribe", ANN, where)
        assert talk.room.places.all() == []
        assert "gets every alert once" in await talk.ask("/subscribe", BOSS, where)
        assert [each.chat for each in talk.room.places.all()] == [where]
        assert "no more alerts" in await talk.ask("/UNSUBSCRIBE", BOSS, where)

    played(engine, act)


def test_an_admin_without_a_name_is_one(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        where = talk.group.wire()
        talk.telegram.updates.add(
            "message",
            {
                "message_id": 900,
                "date": 1_767_225_600,
                "chat": where,
                "from": {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"},
                "sender_chat": where,
                "text": "/subscribe",
                "entities": [{"type": "bot_command", "offset": 0, "length": 10}],
            },
        )
        await until(lambda: talk.room.places.all())
        assert talk.calls("getChatMember") == 0

    played(engine, act)


def test_a_block_is_noted_and_its_end_too(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/start")
        await until(lambda: len(talk.said(ANN)) == 2)

        def is_reachable() -> bool:
            known = talk.room.people.get(ANN)
            assert known is not None
            return known.reachable

        talk.control.block(ANN)
        await until(lambda: not is_reachable())
        talk.control.unblock(ANN)
        await until(is_reachable)

    played(engine, act)


def test_a_group_is_greeted_when_the_bot_comes_and_followed_when_it_moves(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        old = talk.group.id
        talk.control.kick(BOSS, old)
        talk.control.bring_back(BOSS, old)
        await until(lambda: talk.said(old) == [GROUP_GREETING])
        talk.room.places.put(Place(chat=old, kind=PlaceKind.GROUP, title="Scalpers"))
        new = talk.control.migrate(old)
        await until(lambda: [each.chat for each in talk.room.places.all()] == [new.id])

    played(engine, act)


def test_commands_are_listed_by_where_they_work(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        def listed(kind: str, **more: int) -> set[str]:
            given = {"type": kind, **more}
            return {str(each["command"]) for each in talk.telegram.profile.commands(given, "")}

        private, group = listed("all_private_chats"), listed("all_group_chats")
        assert {"size", "settings", "forgetme", "stats"} <= private
        assert {"stats", "alert", "claim", "subscribe"} <= group
        assert not group & {"size", "settings", "journal", "forgetme"}
        assert "resume" not in private
        assert private <= listed("chat", chat_id=BOSS)

    played(engine, act)


def test_answers_keep_the_order_of_the_questions(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        for name in ("contracts", "size", "costs", "liquidation", "funding", "journal"):
            talk.control.say(ANN, f"/learn {name}")
        await until(lambda: len(talk.said(ANN)) == 6)
        assert [text[:3] for text in talk.said(ANN)] == [f"{n}/6" for n in range(1, 7)]

    played(engine, act)


def test_whoever_writes_a_hundred_times_keeps_nobody_else_waiting(engine: Engine) -> None:
    gate = Event()

    def slow(_: object) -> list[Reply]:
        assert gate.wait(30)
        return [Reply(html="slow")]

    async def act(talk: Conversation) -> None:
        for _ in range(100):
            talk.control.say(ANN, "/slow")
        assert "No HALT" in await talk.ask("/btc", BOB)
        assert talk.said(ANN) == []
        gate.set()
        await until(lambda: len(talk.said(ANN)) == MOST_WAITING)
        assert "No HALT" in await talk.ask("/btc", ANN)
        assert talk.said(ANN).count("slow") == MOST_WAITING

    try:
        played(engine, act, commands=(Command(name="slow", summary="slow", run=slow),))
    finally:
        gate.set()


def test_stopping_finishes_what_is_worked_and_leaves_what_waits(engine: Engine) -> None:
    gate, began = Event(), Event()

    def slow(_: object) -> list[Reply]:
        began.set()
        assert gate.wait(30)
        return [Reply(html="slow", keyboard=((button("x", "learn"),),))]

    async def act(talk: Conversation) -> None:
        for _ in range(10):
            talk.control.say(ANN, "/slow")
        await until(began.is_set)
        closing = asyncio.create_task(talk.connection.close())
        await until(lambda: not talk.application.running)
        gate.set()
        await closing
        assert talk.said(ANN) == ["slow"]

    try:
        played(engine, act, commands=(Command(name="slow", summary="slow", run=slow),))
    finally:
        gate.set()


@pytest.mark.parametrize("reader", [ANN, BOB])
def test_one_readers_answers_go_to_nobody_else(engine: Engine, reader: int) -> None:
    async def act(talk: Conversation) -> None:
        other = BOB if reader == ANN else ANN
        await talk.ask("/start", reader)
        await talk.ask("/account 4321", reader)
        assert talk.said(other) == []

    played(engine, act)
