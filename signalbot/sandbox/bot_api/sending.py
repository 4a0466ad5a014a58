"""The methods that send: texts, photos, documents, albums, and the sign that something comes."""

from collections.abc import Callable, Sequence

from signalbot.sandbox.bot_api.chats import Chat
from signalbot.sandbox.bot_api.envelope import Json, bad_request
from signalbot.sandbox.bot_api.files import DOCUMENT, PHOTO, StoredFile
from signalbot.sandbox.bot_api.formatted_text import FormattedText, listed_entities
from signalbot.sandbox.bot_api.html_entities import parse_html
from signalbot.sandbox.bot_api.keyboards import read_keyboard
from signalbot.sandbox.bot_api.messages import Message
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.telegram import Telegram

MAX_TEXT = 4096  # UTF-16 units after parsing
MAX_CAPTION = 1024
MAX_SOURCE = 100_000  # characters before parsing
ALBUM = range(2, 11)
ACTIONS = (
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note"),
    "upload_video_note",
)


def send_message(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer sendMessage."""
    text = message_text(parameters)
    return _send(telegram, "sendMessage", [(text, None)], parameters)[0]


def send_photo(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer sendPhoto."""
    return _send_file(telegram, "sendPhoto", PHOTO, parameters)


def send_document(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer sendDocument."""
    return _send_file(telegram, "sendDocument", DOCUMENT, parameters)


def send_media_group(telegram: Telegram, parameters: Parameters) -> list[Json]:
    """Answer sendMediaGroup: an album of 2 to 10 photos or documents."""
    media = [parameters.nested(item) for item in parameters.items("media")]
    if len(media) not in ALBUM:
        raise bad_request("media group must include 2-10 items")
    pieces = [(caption(item), media_file(telegram, item)) for item in media]
    return _send(telegram, "sendMediaGroup", pieces, parameters)


def send_chat_action(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer sendChatAction."""
    chat = writable_chat(telegram, parameters)
    action = parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    telegram.act(chat.id, action)
    return True


def writable_chat(telegram: Telegram, parameters: Parameters) -> Chat:
    """Return the chat of a call that writes.

    Raises
    ------
    Refused
        400 if there is none, and whatever its state says.
    """
    chat = telegram.directory.find(parameters.text("chat_id"))
    chat.require_writable()
    return chat


def message_text(parameters: Parameters) -> FormattedText:
    """Return the text of a message.

    Raises
    ------
    Refused
        400 if it is empty, too long or wrongly formatted.
    """
    text = _formatted(parameters, "text", "entities", "message is too long")
    if not text.text:
        raise bad_request("message text is empty")
    if text.length > MAX_TEXT:
        raise bad_request("message is too long")
    return text


def caption(parameters: Parameters) -> FormattedText:
    """Return the caption of a file, which may be empty.

    Raises
    ------
    Refused
        400 if it is too long or wrongly formatted.
    """
    too_long = "message caption is too long"
    text = _formatted(parameters, "caption", "caption_entities", too_long)
    if text.length > MAX_CAPTION:
        raise bad_request(too_long)
    return text


def media_file(telegram: Telegram, media: Parameters) -> StoredFile:
    """Return the file of an InputMedia: an upload that is attached, or one sent before."""
    kind = media.text("type")
    if kind not in (PHOTO, DOCUMENT):
        raise bad_request("can't parse InputMedia: type must be photo or document")
    return _file(telegram, media, kind, "media")


def _formatted(parameters: Parameters, name: str, entities: str, too_long: str) -> FormattedText:
    source = parameters.text(name)
    if len(source) > MAX_SOURCE:
        raise bad_request(too_long)
    mode = parameters.text("parse_mode").lower()
    if not mode:
        listed = listed_entities(parameters.items(entities))
        return FormattedText(text=source, entities=listed).finished()
    if mode == "html":
        return parse_html(source).finished()
    if mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: this server knows HTML only, no Markdown")
    raise bad_request("unsupported parse_mode")


def _send_file(telegram: Telegram, method: str, kind: str, parameters: Parameters) -> Json:
    text = caption(parameters)
    file = _file(telegram, parameters, kind, kind)
    return _send(telegram, method, [(text, file)], parameters)[0]


def _file(telegram: Telegram, parameters: Parameters, kind: str, name: str) -> StoredFile:
    if upload := parameters.upload(name):
        return telegram.files.store(kind, upload)
    file_id = parameters.text(name)
    if not file_id:
        raise bad_request(f"there is no {kind} in the request")
    return telegram.files.find(file_id, kind)


Piece = tuple[FormattedText, StoredFile | None]


def _send(
    telegram: Telegram, method: str, pieces: Sequence[Piece], parameters: Parameters
) -> list[Json]:
    chat = writable_chat(telegram, parameters)
    keyboard = read_keyboard(parameters.mapping("reply_markup"))
    reply_to = _reply_to(telegram, chat, parameters)
    thread_id = _thread_id(chat, parameters)
    paid = parameters.flag("allow_paid_broadcast")
    telegram.flood.pass_through(chat.id, chat.is_private, len(pieces), paid)
    transcript = telegram.transcript(chat.id)
    ids = [transcript.next_id() for _ in pieces]
    sent = [
        Message(
            chat_id=chat.id,
            message_id=message_id,
            arrived=telegram.now(),
            sender=telegram.bot.id,
            text=text,
            file=file,
            reply_to=reply_to,
            thread_id=thread_id,
            keyboard=keyboard,
            media_group_id=str(ids[0]) if len(ids) > 1 else None,
            silent=parameters.flag("disable_notification"),
            protected=parameters.flag("protect_content"),
        )
        for message_id, (text, file) in zip(ids, pieces, strict=True)
    ]
    for message in sent:
        telegram.put(message)
        telegram.arrived(method, message)
    return [telegram.wire(message) for message in sent]


def _reply_to(telegram: Telegram, chat: Chat, parameters: Parameters) -> int | None:
    listed = parameters.mapping("reply_parameters")
    reply = parameters if listed is None else parameters.nested(listed)
    wanted = reply.number("reply_to_message_id" if listed is None else "message_id")
    if wanted is None or telegram.transcript(chat.id).get(wanted):
        return wanted
    if reply.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _thread_id(chat: Chat, parameters: Parameters) -> int | None:
    thread_id = parameters.number("message_thread_id")
    if thread_id is not None and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id


SENDING: dict[str, Callable[[Telegram, Parameters], object]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
