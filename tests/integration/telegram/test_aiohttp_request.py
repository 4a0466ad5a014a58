import asyncio

import pytest
from fakes.telegram_server import TOKEN, TelegramServer
from telegram import Bot, InputFile
from telegram.error import NetworkError

from signalbot.telegram.aiohttp_request import AiohttpRequest


def test_a_text_and_a_picture_arrive_whole() -> None:
    picture = bytes(range(256)) * 200

    async def run() -> TelegramServer:
        server = TelegramServer()
        request = AiohttpRequest(connections=2)
        await request.initialize()
        async with server.running():
            bot = Bot(TOKEN, base_url=server.url, request=request)
            await bot.send_message(42, "Zahl € 0.00001234 <b>")
            await bot.send_photo(42, InputFile(picture, filename="chart.png"), caption="x")
            await request.shutdown()
        return server

    text, photo = asyncio.run(run()).calls
    assert (text["method"], text["chat_id"]) == ("sendMessage", "42")
    assert text["text"] == "Zahl € 0.00001234 <b>"
    assert photo["method"] == "sendPhoto"
    (uploaded,) = (value for value in photo.values() if hasattr(value, "file"))
    assert uploaded.filename == "chart.png"
    assert uploaded.content_type == "image/png"


def test_more_calls_than_connections_wait_for_each_other() -> None:
    async def run() -> TelegramServer:
        server = TelegramServer()
        request = AiohttpRequest(connections=3)
        await request.initialize()
        async with server.running():
            bot = Bot(TOKEN, base_url=server.url, request=request)
            await asyncio.gather(*(bot.send_message(42, str(number)) for number in range(40)))
            await request.shutdown()
        return server

    calls = asyncio.run(run()).calls
    assert sorted(int(call["text"]) for call in calls) == list(range(40))


def test_it_is_opened_and_closed_as_often_as_one_likes() -> None:
    async def run() -> None:
        request = AiohttpRequest()
        with pytest.raises(NetworkError, match="not initialized"):
            await Bot(TOKEN, request=request).send_message(42, "x")
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            await request.shutdown()
            await request.shutdown()

    asyncio.run(run())
    assert AiohttpRequest(read_timeout_s=3).read_timeout == 3
