"""Updates that Telegram delivers: with the secret they are worked, without it refused."""

import asyncio
import socket

import aiohttp
import pytest
from fakes.sandbox_bot import NO_FLOOD, TOKEN, DrivenClock, new_telegram, until
from telegram import Update
from telegram.ext import TypeHandler

from signalbot.errors import UnavailableError
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.telegram.connection import Address, Connection, Webhook, application_of

SECRET = "a-shared-secret"  # noqa: S105 - of no bot


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_only_who_knows_the_secret_delivers_updates() -> None:
    seen: list[int] = []

    async def note(update: Update, _: object) -> None:
        seen.append(update.update_id)

    async def act() -> None:
        telegram = new_telegram(DrivenClock(), flood=NO_FLOOD)
        ann = telegram.directory.add_person("Ann")
        server = BotApiServer(telegram, retry_after_s=(0, 0))
        application = application_of(Address(token=TOKEN, api_url=await server.start()))
        application.add_handler(TypeHandler(Update, note))
        port = free_port()
        url = f"http://127.0.0.1:{port}/telegram"
        hook = Webhook(url=url, port=port, secret=SECRET, host="127.0.0.1")
        connection = Connection(application, hook)
        try:
            await connection.open()
            await connection.listen()
            server.control.say(ann.id, "/help")
            await until(lambda: len(seen) == 1)
            async with aiohttp.ClientSession() as stranger:

                async def posted(body: bytes, **headers: str) -> int:
                    async with stranger.post(url, data=body, headers=headers) as response:
                        return response.status

                assert await posted(b'{"update_id": 9}') == 403
                known = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
                wrong = {"X-Telegram-Bot-Api-Secret-Token": SECRET + "\u00e9"}
                assert await posted(b'{"update_id": 9}', **wrong) == 403
                for body in (b"", b"{", b"[]", b"7", b'{"update_id": 1, "message": 5}', b"\xff"):
                    assert await posted(body, **known) == 400, body
                assert await posted(b'{"update_id": 9}', **known) == 200
            await until(lambda: seen[-1] == 9)
            assert len(seen) == 2
            assert SECRET not in repr(hook)
            with pytest.raises(UnavailableError, match=f"port {port} is not free"):
                await Connection(application, hook)._receive(hook)
        finally:
            await connection.close()
            await connection.shut()
            await server.stop()

    asyncio.run(act())
