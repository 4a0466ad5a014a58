"""Answers when calls fail, and updates when another program takes them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from fakes.chat_room import ANN
from fakes.sandbox_bot import png, until
from fakes.talking_bot import Conversation, conversation
from sqlalchemy import Engine

from signalbot.chat.callback_data import button
from signalbot.chat.command import Command, Press
from signalbot.rendering.reply import Attachment, Reply
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.telegram.connection import ANOTHER_POLLER

Act = Callable[[Conversation], Awaitable[None]]


def answering(*replies: Reply) -> dict[str, tuple[object, ...]]:
    """A command /told and a button that answer with these."""
    return {
        "commands": (Command(name="told", summary="told", run=lambda _: replies),),
        "presses": (Press(verb="told", run=lambda _: replies),),
    }


def played(engine: Engine, act: Act, *replies: Reply) -> None:
    async def play() -> None:
        async with asyncio.timeout(60), conversation(engine, **answering(*replies)) as talk:  # type: ignore[arg-type]
            await act(talk)

    asyncio.run(play())


def told(status: int, description: str, parameters: str = "{}") -> str:
    return (
        f'{{"ok": false, "error_code": {status}, "description": "{description}",'
        f' "parameters": {parameters}}}'
    )


def refuse(talk: Conversation, method: str, status: int, description: str, **more: object) -> None:
    talk.telegram.faults.add(
        Fault(
            kind=FaultKind.REPLY,
            method=method,
            status=status,
            body=told(status, description, str(more.pop("parameters", "{}"))),
            **more,  # type: ignore[arg-type]
        )
    )


def test_a_text_that_cannot_be_parsed_is_sent_without_its_tags(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        assert await talk.ask("/told") == "1 < 2 and bold"

    played(engine, act, Reply(html="1 &lt; 2 and <b>bold"))


def test_an_answer_is_repeated_after_the_time_that_telegram_asks_for(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        wait = '{"retry_after": 1}'
        refuse(talk, "sendMessage", 429, "Too Many Requests", parameters=wait, times=1)
        assert await talk.ask("/told") == "x"
        assert [count for _, count in talk.telegram.faults.struck()] == [1]

    played(engine, act, Reply(html="x"))


def test_an_answer_that_may_have_arrived_is_not_repeated(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        talk.telegram.faults.add(
            Fault(kind=FaultKind.DROP, method="sendMessage", accepted=True, times=1)
        )
        await talk.ask("/told")
        await talk.ask("/btc")
        assert talk.said(ANN).count("x") == 1

    played(engine, act, Reply(html="x"))


def test_a_reader_who_has_blocked_the_bot_meanwhile_ends_nothing(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        refuse(talk, "sendMessage", 403, "Forbidden: bot was blocked by the user", times=1)
        talk.control.say(ANN, "/told")
        assert "BTC" in await talk.ask("/btc")

    played(engine, act, Reply(html="x"))


def test_an_answer_in_the_place_of_a_message_that_is_gone_is_a_new_one(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/told")
        refuse(talk, "editMessageText", 400, "Bad Request: message to edit not found", times=1)
        await talk.press("again")
        await until(lambda: talk.methods(ANN) == ["sendMessage", "sendMessage"])

    played(engine, act, Reply(html="x", keyboard=((button("again", "told"),),), replaces=True))


def test_pressing_what_changes_nothing_sends_nothing(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/told")
        await talk.press("again")
        await talk.ask("/btc")
        assert talk.methods(ANN) == ["sendMessage", "sendMessage"]

    played(engine, act, Reply(html="x", keyboard=((button("again", "told"),),), replaces=True))


def test_a_button_that_is_answered_too_late_still_gets_its_message(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/told")
        too_old = "Bad Request: query is too old"
        refuse(talk, "answerCallbackQuery", 400, too_old, times=1)
        talk.control.press(ANN, label="again")
        await until(lambda: len(talk.said(ANN)) == 2)

    played(engine, act, Reply(html="x", keyboard=((button("again", "told"),),)))


def test_a_toast_is_a_notice_and_no_message(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/told")
        assert await talk.press("again") == "Noted"
        await talk.ask("/btc")
        assert talk.said(ANN)[0] == "x"
        assert len(talk.said(ANN)) == 2

    shown = Reply(html="x", keyboard=((button("again", "noted"),),))
    noted = Press(verb="noted", run=lambda _: [Reply(html="", toast="Noted")])

    async def play() -> None:
        commands = (Command(name="told", summary="told", run=lambda _: [shown]),)
        async with conversation(engine, commands=commands, presses=(noted,)) as talk:
            await act(talk)

    asyncio.run(play())


def test_a_text_too_long_for_a_caption_follows_its_picture(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        await talk.ask("/told")
        await until(lambda: talk.methods(ANN) == ["sendPhoto", "sendMessage"])

    picture = Attachment(name="a.png", content=png())
    played(engine, act, Reply(html="x" * 1_500, pictures=(picture,)))


def test_a_picture_that_is_refused_leaves_the_text(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        refuse(talk, "sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", times=1)
        assert await talk.ask("/told") == "caption"
        assert talk.methods(ANN) == ["sendMessage"]

    picture = Attachment(name="a.png", content=png())
    played(engine, act, Reply(html="caption", pictures=(picture,)))


def test_rights_that_telegram_does_not_tell_are_none(engine: Engine) -> None:
    async def act(talk: Conversation) -> None:
        refuse(talk, "getChatMember", 400, "Bad Request: user not found", times=1)
        said = await talk.ask("/subscribe", 103, talk.group.id)
        assert "Only an admin" in said

    played(engine, act)


def test_another_program_that_takes_the_updates_is_told_once_and_outlasted(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "signalbot")

    async def act(talk: Conversation) -> None:
        conflict = "Conflict: terminated by other getUpdates request"
        refuse(talk, "getUpdates", 409, conflict, times=2)
        talk.control.say(ANN, "/btc")  # ends the poll that waits
        await until(lambda: talk.connection.trouble == ANOTHER_POLLER)
        await until(lambda: talk.telegram.faults.struck()[0][1] == 2)
        await talk.ask("/help")
        assert talk.connection.trouble is None

    played(engine, act)
    assert caplog.text.count("another program takes the updates") == 1
