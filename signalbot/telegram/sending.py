"""One message of the outbox as one call of the Bot API."""

from dataclasses import dataclass
from html import unescape
from re import sub

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from signalbot.domain.delivery import SENT_AGAIN, Delivery, Failure, Sent
from signalbot.service.delivery_ports import Composed
from signalbot.telegram.failures import failure_of
from signalbot.telegram.keyboards import markup

LONGEST_CAPTION = 1024
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A message with what belongs to the way it is sent.

    Attributes
    ----------
    picture : str, bytes or None
        Id of one that was uploaded before, or the PNG.
    is_paid : bool
        Whether Telegram's higher rate is paid for.
    """

    row: Delivery
    composed: Composed
    picture: str | bytes | None
    is_paid: bool = False


async def send(bot: Bot, call: Call) -> Sent | Failure:
    """Send a message and return what became of it; no failure of Telegram's is raised."""
    try:
        message = await _called(bot, call)
    except TelegramError as error:
        return failure_of(error)
    return _sent(message, call)


async def _called(bot: Bot, call: Call) -> Message | bool:
    row, composed = call.row, call.composed
    text, mode = _text(row, composed.html)
    buttons = markup(composed.keyboard)
    if composed.edits is not None:
        return await _edited(bot, call, text, mode, buttons)
    common = {
        "chat_id": row.chat,
        "message_thread_id": row.thread,
        "parse_mode": mode,
        "reply_markup": buttons,
        "reply_parameters": _answered(composed.reply_to),
        "allow_paid_broadcast": call.is_paid or None,
    }
    if call.picture is not None:
        return await bot.send_photo(photo=call.picture, caption=text, **common)  # type: ignore[arg-type]
    return await bot.send_message(text=text, link_preview_options=_NO_PREVIEW, **common)  # type: ignore[arg-type]


async def _edited(
    bot: Bot, call: Call, text: str, mode: ParseMode | None, buttons: InlineKeyboardMarkup | None
) -> Message | bool:
    chat, message = call.row.chat, call.composed.edits
    if call.composed.edits_caption:
        return await bot.edit_message_caption(
            chat_id=chat, message_id=message, caption=text, parse_mode=mode, reply_markup=buttons
        )
    return await bot.edit_message_text(
        text, chat_id=chat, message_id=message, parse_mode=mode, reply_markup=buttons
    )


def _text(row: Delivery, html: str) -> tuple[str, ParseMode | None]:
    marked = f"{html}\n\n{SENT_AGAIN}" if row.is_resent else html
    if row.is_plain:
        return unescape(sub("<[^>]*>", "", marked)), None
    return marked, ParseMode.HTML


def _answered(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def _sent(message: Message | bool, call: Call) -> Sent:
    if isinstance(message, bool):
        return Sent(message_id=call.composed.edits or 0, at=0)
    uploaded = message.photo[-1].file_id if message.photo else None
    at = round(message.date.timestamp() * 1_000)
    is_new = isinstance(call.picture, bytes)
    return Sent(message_id=message.message_id, at=at, file_id=uploaded if is_new else None)
