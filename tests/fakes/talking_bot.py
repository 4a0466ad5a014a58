"""The whole chat behind a real bot of python-telegram-bot, which polls the local Bot API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from fakes.chat_room import ANN, BOB, BOSS, NOW, ChatRoom
from fakes.sandbox_bot import NO_FLOOD, TOKEN, DrivenClock, new_telegram, until
from sqlalchemy import Engine

from signalbot.chat.command import Command, Press
from signalbot.sandbox.bot_api.chats import Chat, Kind
from signalbot.sandbox.bot_api.control import Control
from signalbot.sandbox.bot_api.messages import Message
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.sandbox.bot_api.telegram import Telegram
from signalbot.service.membership import back, gone
from signalbot.telegram.answering import Turn
from signalbot.telegram.bot import Talk, TelegramChat
from signalbot.telegram.connection import Address, App, Connection, application_of

NAMES = {ANN: "Ann", BOB: "Bob", BOSS: "Boss"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Ann, Bob and Boss, a group of theirs that Boss runs, and what the bot said to them."""

    room: ChatRoom
    telegram: Telegram
    control: Control
    application: App
    connection: Connection
    group: Chat

    def said(self, chat: int) -> list[str]:
        """What the bot got through to a chat, oldest first."""
        return [each.text for each in self.telegram.outbox.since() if each.chat_id == chat]

    def methods(self, chat: int) -> list[str]:
        return [each.method for each in self.telegram.outbox.since() if each.chat_id == chat]

    def messages(self, chat: int) -> list[Message]:
        """The messages of a chat as they stand now, those of people too."""
        return list(self.telegram.transcript(chat))

    async def ask(self, text: str, reader: int = ANN, chat: int | None = None) -> str:
        """Write to the bot, wait for the next answer, and return it."""
        where = reader if chat is None else chat
        before = len(self.said(where))
        self.control.say(reader, text, chat_id=chat)
        await until(lambda: len(self.said(where)) > before)
        return self.said(where)[before]

    async def press(self, label: str, reader: int = ANN, chat: int | None = None) -> str | None:
        """Press a button, wait until Telegram has the answer, and return its toast."""
        query = self.control.press(reader, label=label, chat_id=chat)
        answered = await self.telegram.queries.answered(query.id, 10)
        assert answered is not None, "nobody has answered the button"
        return answered.text

    def calls(self, method: str, status: int = 200) -> int:
        """How many calls of a method the server has answered so."""
        return self.telegram.calls[method.lower(), status]


async def at_once(_: int) -> None:
    """Let every answer leave without waiting."""


@asynccontextmanager
async def conversation(
    engine: Engine,
    *,
    turn: Turn = at_once,
    commands: tuple[Command, ...] = (),
    presses: tuple[Press, ...] = (),
) -> AsyncIterator[Conversation]:
    room = ChatRoom(engine, commands, presses)
    telegram = new_telegram(DrivenClock(), flood=NO_FLOOD)
    for reader, name in NAMES.items():
        telegram.directory.add_person(name, reader)
    group = telegram.directory.add_chat(Kind.GROUP, "Scalpers", members=(BOSS, ANN, BOB))
    server = BotApiServer(telegram, retry_after_s=(0, 0))
    url = await server.start()
    application = application_of(Address(token=TOKEN, api_url=url))
    connection = Connection(application)
    talk = Talk(
        dispatcher=room.dispatcher,
        commands=room.commands,
        turn=turn,
        run=asyncio.to_thread,
        clock=_minutes(),
        gone=partial(gone, room.people, room.places),
        back=partial(back, room.people, room.places),
        moved=room.outbox.moved,
    )
    try:
        await connection.open()
        chat = TelegramChat(application.bot, talk)
        chat.install(application)
        await chat.register([BOSS])
        await connection.listen()
        yield Conversation(
            room=room,
            telegram=telegram,
            control=server.control,
            application=application,
            connection=connection,
            group=group,
        )
    finally:
        await connection.close()
        await connection.shut()
        await server.stop()


def _minutes() -> Callable[[], int]:
    # a minute passes with every update, so that nobody asks too often
    passed = iter(range(1_000_000))
    return lambda: NOW + 60_000 * next(passed)
