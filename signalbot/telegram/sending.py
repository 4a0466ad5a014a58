"""One message of the outbox as one call of the Bot API.

Broadcasts go through python-telegram-bot's own transport and its mapping of errors, but without its
objects: of an answer three fields are needed, and to make a `Message` with all its buttons of each
costs more than the call. That is the difference between 600 and 900 messages a second.
"""

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from signalbot.domain.delivery import SENT_AGAIN, Delivery, Failure, Meaning, Sent
from signalbot.rendering.reply import Keyboard
from signalbot.service.delivery_ports import Composed
from signalbot.telegram.failures import failure_of
from signalbot.telegram.fitting import LONGEST_CAPTION, LONGEST_TEXT, fitted, plain_text
from signalbot.telegram.keyboards import markup

Fields = dict[str, str | int | bytes | None]
_MARK = f"\n\n{SENT_AGAIN}"
_log = logging.getLogger(__name__)


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
    """Send a message and return what became of it; no failure of Telegram's is raised.

    What does not fit follows as a reply to the first part, whose fate is that of the message.
    """
    call, rest = _fitted(call)
    method, fields = _edit(call) if call.composed.edits is not None else _message(call)
    result = await _called(bot, call, method, fields)
    if isinstance(result, Sent) and call.composed.edits is None:
        await _follow(bot, call, rest, result.message_id)
    return result


async def _called(bot: Bot, call: Call, method: str, fields: Fields) -> Sent | Failure:
    try:
        answer = await bot.request.post(f"{bot.base_url}/{method}", _data(fields))
    except TelegramError as error:
        return failure_of(error)
    return _sent(answer, call)


def _fitted(call: Call) -> tuple[Call, str]:
    is_caption = call.picture is not None or call.composed.edits_caption
    limit = LONGEST_CAPTION if is_caption else LONGEST_TEXT
    html, rest = fitted(call.composed.html, limit - len(_MARK) * call.row.is_resent)
    return (replace(call, composed=replace(call.composed, html=html)) if rest else call), rest


async def _follow(bot: Bot, call: Call, rest: str, message_id: int) -> None:
    row = replace(call.row, is_resent=False)
    while rest:
        html, rest = fitted(rest, LONGEST_TEXT)
        part = replace(
            call, row=row, picture=None, composed=Composed(html=html, reply_to=message_id)
        )
        result = await _called(bot, part, *_message(part))
        if isinstance(result, Failure):
            _log.warning("the rest of %s was not sent: %s", row.subject, result.said)
            return


def _message(call: Call) -> tuple[str, Fields]:
    row, composed = call.row, call.composed
    fields = _words(call) | {
        "message_thread_id": row.thread,
        "reply_parameters": _answered(composed.reply_to),
        "allow_paid_broadcast": "true" if call.is_paid else None,
    }
    if call.picture is None:
        fields["link_preview_options"] = '{"is_disabled": true}'
        return "sendMessage", fields
    fields["photo"] = call.picture
    fields["caption"] = fields.pop("text")
    return "sendPhoto", fields


def _edit(call: Call) -> tuple[str, Fields]:
    fields = _words(call) | {"message_id": call.composed.edits}
    if not call.composed.edits_caption:
        return "editMessageText", fields
    fields["caption"] = fields.pop("text")
    return "editMessageCaption", fields


def _words(call: Call) -> Fields:
    row, html = call.row, call.composed.html
    text = f"{html}{_MARK}" if row.is_resent else html
    fields: Fields = {"chat_id": row.chat, "reply_markup": _buttons(call.composed.keyboard)}
    if row.is_plain:
        return fields | {"text": plain_text(text)}
    return fields | {"text": text, "parse_mode": "HTML"}


@lru_cache(maxsize=64)
def _buttons(keyboard: Keyboard) -> str | None:
    made = markup(keyboard)
    return None if made is None else made.to_json()


def _answered(message_id: int | None) -> str | None:
    if message_id is None:
        return None
    return f'{{"message_id": {message_id}, "allow_sending_without_reply": true}}'


def _data(fields: Fields) -> RequestData:
    return RequestData(
        [_parameter(name, each) for name, each in fields.items() if each is not None]
    )


def _parameter(name: str, value: str | int | bytes | None) -> RequestParameter:
    if isinstance(value, bytes):
        return RequestParameter.from_input(name, InputFile(value, filename="chart.png"))
    return RequestParameter(name, value, None)


def _sent(answer: Any, call: Call) -> Sent | Failure:
    if answer is True:  # an edit of a message that is not ours to see
        return Sent(message_id=call.composed.edits or 0, at=0)
    try:
        file_id = answer["photo"][-1]["file_id"] if isinstance(call.picture, bytes) else None
        return Sent(message_id=answer["message_id"], at=1_000 * answer["date"], file_id=file_id)
    except (KeyError, IndexError, TypeError):
        return Failure(meaning=Meaning.UNKNOWN, said="the answer is no message")
