"""The methods that change what was sent: texts, captions, files, keyboards, deletion, pins."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from signalbot.sandbox.bot_api.envelope import Json, bad_request
from signalbot.sandbox.bot_api.keyboards import read_keyboard
from signalbot.sandbox.bot_api.messages import Message, Transcript
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.sending import caption, media_file, message_text, writable_chat
from signalbot.sandbox.bot_api.telegram import Telegram

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_text(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer editMessageText."""
    text = message_text(parameters)
    message = _own_message(telegram, parameters)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _changed(telegram, "editMessageText", message, parameters, text=text)


def edit_caption(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer editMessageCaption."""
    text = caption(parameters)
    message = _own_message(telegram, parameters)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _changed(telegram, "editMessageCaption", message, parameters, text=text)


def edit_media(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer editMessageMedia: another file and its caption."""
    listed = parameters.mapping("media")
    if listed is None:
        raise bad_request("there is no media in the request")
    media = parameters.nested(listed)
    message = _own_message(telegram, parameters)
    text, file = caption(media), media_file(telegram, media)
    return _changed(telegram, "editMessageMedia", message, parameters, text=text, file=file)


def edit_reply_markup(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer editMessageReplyMarkup."""
    message = _own_message(telegram, parameters)
    return _changed(telegram, "editMessageReplyMarkup", message, parameters)


def delete_message(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer deleteMessage."""
    transcript, message = _named_message(telegram, parameters, "message to delete not found")
    transcript.remove(message.message_id)
    telegram.changes.mark(message.chat_id)
    telegram.arrived("deleteMessage", message)
    return True


def pin_message(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer pinChatMessage."""
    transcript, message = _named_message(telegram, parameters, "message to pin not found")
    transcript.pinned = message.message_id
    telegram.changes.mark(message.chat_id)
    return True


def unpin_message(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer unpinChatMessage and unpinAllChatMessages."""
    chat = writable_chat(telegram, parameters)
    telegram.transcript(chat.id).pinned = None
    telegram.changes.mark(chat.id)
    return True


def _named_message(
    telegram: Telegram, parameters: Parameters, not_found: str
) -> tuple[Transcript, Message]:
    transcript = telegram.transcript(writable_chat(telegram, parameters).id)
    message = transcript.get(parameters.number("message_id"))
    if message is None:
        raise bad_request(not_found)
    return transcript, message


def _own_message(telegram: Telegram, parameters: Parameters) -> Message:
    _, message = _named_message(telegram, parameters, "message to edit not found")
    if message.sender != telegram.bot.id:
        raise bad_request("message can't be edited")
    return message


def _changed(
    telegram: Telegram, method: str, message: Message, parameters: Parameters, **changes: Any
) -> Json:
    # A keyboard that is not sent again is dropped, as Telegram does.
    keyboard = read_keyboard(parameters.mapping("reply_markup"))
    changed = replace(message, keyboard=keyboard, **changes)
    if changed == message:
        raise bad_request(NOT_MODIFIED)
    edited = replace(changed, edited=telegram.now())
    telegram.put(edited)
    telegram.arrived(method, edited)
    return telegram.wire(edited)


EDITING: dict[str, Callable[[Telegram, Parameters], object]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_reply_markup,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_message,
    "unpinChatMessage": unpin_message,
    "unpinAllChatMessages": unpin_message,
}
