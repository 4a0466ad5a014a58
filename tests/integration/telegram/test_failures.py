"""Every way a call can fail, by real HTTP, through both transports, and what it is taken for."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

import pytest
from fakes.telegram_server import (
    TOKEN,
    Answer,
    TelegramServer,
    dropped,
    half,
    plain,
    stalled,
    told,
)
from telegram import Bot, Message
from telegram.error import TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from signalbot.domain.delivery import Failure, Meaning
from signalbot.telegram.aiohttp_request import AiohttpRequest
from signalbot.telegram.failures import PAUSE_S, failure_of

QUICK_S = 0.6
Transport = Callable[[], BaseRequest]


@pytest.fixture(params=["httpx", "aiohttp"])
def transport(request: pytest.FixtureRequest) -> Transport:
    def make() -> BaseRequest:
        if request.param == "httpx":
            return HTTPXRequest(read_timeout=QUICK_S, connect_timeout=QUICK_S)
        return AiohttpRequest(read_timeout_s=QUICK_S)

    return make


def send(transport: Transport, *answers: Answer, url: str | None = None) -> Message | Failure:
    """Send one message to a server that gives these answers; return what came of it."""

    async def run() -> Message | Failure:
        server = TelegramServer()
        server.answers = list(answers)
        async with server.running():
            return await attempt(transport, url or server.url)

    return asyncio.run(run())


async def attempt(transport: Transport, url: str) -> Message | Failure:
    bot = Bot(TOKEN, base_url=url, request=transport(), get_updates_request=transport())
    async with bot_opened(bot):
        try:
            return await bot.send_message(42, "a text")
        except TelegramError as error:
            return failure_of(error)


class bot_opened:  # noqa: N801 - used as a statement
    """A bot whose transports are open, without the call of getMe that `async with bot` makes."""

    def __init__(self, bot: Bot) -> None:
        self._requests = bot._request

    async def __aenter__(self) -> None:
        for each in self._requests:
            await each.initialize()

    async def __aexit__(self, *_: object) -> None:
        for each in self._requests:
            await each.shutdown()


def meaning(transport: Transport, answer: Answer) -> Meaning:
    failed = send(transport, answer)
    assert isinstance(failed, Failure)
    return failed.meaning


def test_a_call_that_is_accepted_gives_the_message(transport: Transport) -> None:
    sent = send(transport)

    assert isinstance(sent, Message)
    assert (sent.message_id, sent.date.timestamp()) == (7, 1_767_225_600)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (told(403, "Forbidden: bot was blocked by the user"), Meaning.CHAT_GONE),
        (told(403, "Forbidden: user is deactivated"), Meaning.CHAT_GONE),
        (told(403, "Forbidden: bot was kicked from the group chat"), Meaning.CHAT_GONE),
        (told(400, "Bad Request: chat not found"), Meaning.CHAT_GONE),
        (told(400, "Bad Request: can't parse entities: no end tag"), Meaning.BAD_MARKUP),
        (told(400, "Bad Request: wrong file identifier/HTTP URL specified"), Meaning.FILE_GONE),
        (told(400, "Bad Request: message is not modified"), Meaning.UNCHANGED),
        (told(400, "Bad Request: message text is empty"), Meaning.REFUSED),
        (told(401, "Unauthorized"), Meaning.WRONG_TOKEN),
        (told(404, "Not Found: method not found"), Meaning.WRONG_TOKEN),
        (told(409, "Conflict: terminated by other getUpdates request"), Meaning.ANOTHER_POLLER),
        (told(500, "Internal Server Error"), Meaning.UNKNOWN),
        (plain(502, "<html>Bad Gateway</html>"), Meaning.UNKNOWN),
        (plain(200, "no JSON at all"), Meaning.UNKNOWN),
        (dropped, Meaning.UNKNOWN),
        (half, Meaning.UNKNOWN),
        (stalled, Meaning.UNKNOWN),
    ],
)
def test_what_a_failure_is_taken_for(
    transport: Transport, answer: Answer, expected: Meaning
) -> None:
    assert meaning(transport, answer) is expected


def test_too_many_requests_say_how_long_to_wait(transport: Transport) -> None:
    failed = send(transport, told(429, "Too Many Requests: retry after 7", retry_after=7))

    assert isinstance(failed, Failure)
    assert (failed.meaning, failed.retry_after_s) == (Meaning.TOO_MANY, 7)


def test_too_many_requests_without_a_time_wait_for_a_while(transport: Transport) -> None:
    failed = send(transport, told(429, "Too Many Requests"))

    assert isinstance(failed, Failure)
    assert (failed.meaning, failed.retry_after_s) == (Meaning.TOO_MANY, PAUSE_S)


def test_a_group_that_was_upgraded_names_its_new_id(transport: Transport) -> None:
    answer = told(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)

    failed = send(transport, answer)

    assert isinstance(failed, Failure)
    assert (failed.meaning, failed.new_chat_id) == (Meaning.MIGRATED, -1001)


def test_without_a_connection_nothing_was_sent(transport: Transport) -> None:
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        failed = send(transport, url=f"http://127.0.0.1:{taken.getsockname()[1]}/bot")

    assert isinstance(failed, Failure)
    assert failed.meaning is Meaning.NOT_SENT


def test_a_pool_without_a_free_connection_sent_nothing() -> None:
    async def run() -> Failure:
        server = TelegramServer()
        server.answers = [stalled]
        request = HTTPXRequest(connection_pool_size=1, pool_timeout=QUICK_S, read_timeout=5)
        async with server.running():
            bot = Bot(TOKEN, base_url=server.url, request=request)
            async with bot_opened(bot):
                first = asyncio.create_task(refused(bot.send_message(42, "first")))
                await server.called.wait()
                failed = await refused(bot.send_message(42, "second"))
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
        assert [call["text"] for call in server.calls] == ["first"]
        return failed

    assert asyncio.run(run()).meaning is Meaning.NOT_SENT


async def refused(call: Awaitable[Message]) -> Failure:
    with pytest.raises(TelegramError) as raised:
        await call
    return failure_of(raised.value)


@pytest.mark.parametrize("answer", [told(400, f"Bad Request: {TOKEN} is odd"), dropped, stalled])
def test_no_failure_says_the_token(
    transport: Transport, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        failed = send(transport, answer)

    assert TOKEN not in repr(failed)
    assert TOKEN not in caplog.text
