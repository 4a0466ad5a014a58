"""The people and chats of the sandbox: a beginner, an admin, a channel and a group."""

from collections.abc import Callable
from secrets import token_urlsafe

from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.sandbox.bot_api.telegram import Telegram

YOU, ADMIN = 1, 2
_BOT_ID = 700_000_001


def sandbox_server(port: int, clock_s: Callable[[], float]) -> tuple[BotApiServer, str]:
    """Return a local Bot API with its page, and the token drawn for it."""
    token = f"{_BOT_ID}:{token_urlsafe(32)[:35]}"
    telegram = Telegram(token, clock_s, stage=_set_stage)
    return BotApiServer(telegram, port=port), token


def channels_of(server: BotApiServer) -> list[int]:
    """Return the channels of the sandbox, in the order in which they were made."""
    return [chat.id for chat in server.telegram.directory if chat.kind is Kind.CHANNEL]


def _set_stage(telegram: Telegram) -> None:
    directory = telegram.directory
    directory.add_person("You", YOU)
    directory.add_person("Admin", ADMIN)
    directory.add_chat(Kind.CHANNEL, "Signals (simulated)", members=(ADMIN, YOU))
    directory.add_chat(Kind.CHANNEL, "For programs", members=(ADMIN, YOU))
    directory.add_chat(Kind.SUPERGROUP, "Scalpers", members=(ADMIN, YOU))
