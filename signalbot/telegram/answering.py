"""Answers of the chat as calls of the Bot API, each at its turn, tried a few times at most."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from html import unescape
from re import sub
from typing import Any

from telegram import Bot, InputMediaPhoto, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from signalbot.chat.ask import Ask
from signalbot.domain.delivery import Failure, Meaning
from signalbot.rendering.reply import Reply
from signalbot.telegram.failures import failure_of
from signalbot.telegram.keyboards import markup

TRIES = 4
LONGEST_WAIT_S = 20.0
LONGEST_CAPTION = 1_000
"""Characters of a caption; a longer text goes under the picture as a message of its own."""
Turn = Callable[[int], Awaitable[None]]
"""Returns when a message to a chat may leave."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_AGAIN = frozenset({Meaning.NOT_SENT, Meaning.TOO_MANY})
_log = logging.getLogger(__name__)


class Answerer:
    """Sends answers to whoever asked.

    Parameters
    ----------
    turn : callable
        Keeps the pace.
    """

    def __init__(self, bot: Bot, turn: Turn) -> None:
        self._bot = bot
        self._turn = turn

    async def answer(self, ask: Ask, reply: Reply, pressed: int | None = None) -> Failure | None:
        """Send one answer; return what failed, if it could not be sent.

        Parameters
        ----------
        pressed : int or None
            Message whose button was pressed, which the answer may replace.
        """
        if pressed is not None and reply.replaces:
            given = self._edited(reply, ask, pressed)
            failed = await self._called(ask, self._bot.edit_message_text, given)
            if failed is None or failed.meaning is Meaning.UNCHANGED:
                return None
        if reply.pictures and not (failed := await self._pictures(ask, reply)):
            return None
        if reply.documents:
            return await self._documents(ask, reply)
        if not reply.html:
            return None
        return await self._text(ask, reply)

    async def _text(self, ask: Ask, reply: Reply) -> Failure | None:
        given = self._message(reply, ask)
        failed = await self._called(ask, self._bot.send_message, given)
        if failed is not None and failed.meaning is Meaning.BAD_MARKUP:
            plain = unescape(sub("<[^>]*>", "", reply.html))
            failed = await self._called(
                ask, self._bot.send_message, given | {"text": plain, "parse_mode": None}
            )
        return failed

    async def _pictures(self, ask: Ask, reply: Reply) -> Failure | None:
        if len(reply.pictures) > 1:
            media = [InputMediaPhoto(each.content, filename=each.name) for each in reply.pictures]
            failed = await self._called(
                ask, self._bot.send_media_group, self._where(ask) | {"media": media}
            )
            return failed or await self._text(ask, reply)
        picture = reply.pictures[0]
        fits = len(reply.html) <= LONGEST_CAPTION
        given = self._where(ask) | {"photo": picture.content, "filename": picture.name}
        if fits:
            given |= {
                "caption": reply.html,
                "parse_mode": ParseMode.HTML,
                "reply_markup": markup(reply.keyboard),
            }
        failed = await self._called(ask, self._bot.send_photo, given)
        return failed if failed is not None or fits else await self._text(ask, reply)

    async def _documents(self, ask: Ask, reply: Reply) -> Failure | None:
        for place, each in enumerate(reply.documents):
            given = self._where(ask) | {
                "document": each.content,
                "filename": each.name,
                "caption": reply.html if place == 0 else None,
                "parse_mode": ParseMode.HTML,
            }
            failed = await self._called(ask, self._bot.send_document, given)
            if failed is not None:
                return failed
        return None

    async def _called(
        self, ask: Ask, method: Callable[..., Awaitable[Any]], given: dict[str, Any]
    ) -> Failure | None:
        failed = None
        for attempt in range(TRIES):
            await self._turn(ask.chat)
            try:
                await method(**given)
            except TelegramError as error:
                failed = failure_of(error)
            else:
                return None
            if failed.meaning not in _AGAIN:
                break
            wait = failed.retry_after_s or 0.5 * 2**attempt
            if wait > LONGEST_WAIT_S:
                break
            await asyncio.sleep(wait)
        if failed is not None and failed.meaning is not Meaning.UNCHANGED:
            _log.warning("an answer was not sent: %s", failed.said)
        return failed

    def _where(self, ask: Ask) -> dict[str, Any]:
        return {"chat_id": ask.chat, "message_thread_id": ask.thread}

    def _message(self, reply: Reply, ask: Ask) -> dict[str, Any]:
        return self._where(ask) | {
            "text": reply.html,
            "parse_mode": ParseMode.HTML,
            "reply_markup": markup(reply.keyboard),
            "link_preview_options": _NO_PREVIEW,
        }

    def _edited(self, reply: Reply, ask: Ask, pressed: int) -> dict[str, Any]:
        given = self._message(reply, ask) | {"message_id": pressed}
        del given["message_thread_id"]
        return given
