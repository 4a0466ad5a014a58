"""The local Bot API, a bot of python-telegram-bot that talks to it, and a clock to drive."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from signalbot.sandbox.bot_api.chats import Person
from signalbot.sandbox.bot_api.control import Control
from signalbot.sandbox.bot_api.flood import FloodRules
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.sandbox.bot_api.telegram import Telegram

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105 - of no bot
START = 1_767_225_600.0
NO_FLOOD = FloodRules(enabled=False)


class DrivenClock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    clock: DrivenClock
    telegram: Telegram
    server: BotApiServer
    bot: Bot

    @property
    def control(self) -> Control:
        return self.server.control

    def reader(self, name: str = "Ann") -> Person:
        """A person who has started the bot."""
        person = self.telegram.directory.add_person(name)
        self.control.say(person.id, "/start")
        return person

    def texts(self) -> list[str]:
        """What the bot got through, in order."""
        return [arrival.text for arrival in self.telegram.outbox.since()]


def new_telegram(clock: DrivenClock | None = None, **settings: Any) -> Telegram:
    return Telegram(TOKEN, clock or DrivenClock(), **settings)


@asynccontextmanager
async def sandbox(flood: FloodRules = NO_FLOOD, **timeouts: float) -> AsyncIterator[Sandbox]:
    """A running server, and a bot that has asked who it is."""
    clock = DrivenClock()
    telegram = new_telegram(clock, flood=flood)
    server = BotApiServer(telegram, retry_after_s=(0, 0))
    await server.start()
    try:
        async with Bot(
            TOKEN,
            base_url=server.base_url,
            base_file_url=server.base_file_url,
            request=HTTPXRequest(**timeouts),
        ) as bot:
            yield Sandbox(clock=clock, telegram=telegram, server=server, bot=bot)
    finally:
        await server.stop()


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened; a test that waits for ever is cut off."""
    async with asyncio.timeout(10):
        while not happened():
            await asyncio.sleep(0.001)


def png(width: int = 3, height: int = 2) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + b"\x20\x80\xf0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
