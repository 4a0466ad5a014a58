"""What a phone shows: the list of chats, one chat with its messages, and the answer to a press."""

from signalbot.sandbox.bot_api.chats import Chat
from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.messages import Message
from signalbot.sandbox.bot_api.queries import Query
from signalbot.sandbox.bot_api.telegram import Telegram

MAX_CHATS, FIRST_CHATS = 200, 50  # in a list
PREVIEW = 120  # characters


def chat_list(telegram: Telegram, chats: list[Chat] | None = None) -> list[Json]:
    """Return the summaries of some chats, or of all.

    Of very many, those that were there first and those that changed last.
    """
    shown = list(telegram.directory) if chats is None else chats
    rest = sorted(shown[FIRST_CHATS:], key=lambda chat: -telegram.changes.of(chat.id))
    chosen = shown[:FIRST_CHATS] + rest[: MAX_CHATS - FIRST_CHATS]
    return [_summary(telegram, chat) for chat in chosen]


def whole_chat(telegram: Telegram, chat_id: int, limit: int) -> Json:
    """Return a chat with its newest `limit` messages, the oldest of them first.

    Raises
    ------
    InputError
        If there is no such chat.
    """
    chat = telegram.directory.chat(chat_id)
    transcript = telegram.transcript(chat_id)
    newest = [message for message, _ in zip(reversed(transcript), range(limit), strict=False)]
    return {
        "revision": telegram.changes.revision,
        "chat": _summary(telegram, chat),
        "people": [telegram.directory.person(user_id).wire() for user_id in chat.members],
        "messages": [message_view(telegram, message) for message in reversed(newest)],
        "commands": telegram.profile.commands_in(chat),
        "description": telegram.profile.text("description", ""),
        "pinned": transcript.pinned,
        "action": telegram.action(chat_id),
        "action_for_s": telegram.action_for(chat_id),
    }


def message_view(telegram: Telegram, message: Message) -> Json:
    """Return a message as the Bot API shows it, and when exactly it arrived."""
    return telegram.wire(message) | {
        "arrived": message.arrived,
        "edited": message.edited,
        "silent": message.silent,
        "is_bot": message.sender == telegram.bot.id,
    }


def query_view(query: Query) -> Json:
    """Return a press and the bot's answer."""
    return {
        "query_id": query.id,
        "is_answered": query.is_answered,
        "text": query.text,
        "show_alert": query.show_alert,
    }


def _summary(telegram: Telegram, chat: Chat) -> Json:
    last = next(reversed(telegram.transcript(chat.id)), None)
    return {
        "id": chat.id,
        "type": str(chat.kind),
        "title": chat.title,
        "username": chat.username,
        "standing": str(chat.standing),
        "members": list(chat.members[:MAX_CHATS]),
        "member_count": len(chat.members),
        "topics": {str(number): title for number, title in chat.topics.items()},
        "migrated_to": chat.migrated_to,
        "last": None if last is None else _preview(telegram, last),
    }


def _preview(telegram: Telegram, message: Message) -> Json:
    kind = message.file.kind if message.file else None
    return {
        "message_id": message.message_id,
        "arrived": message.arrived,
        "text": message.text.text[:PREVIEW],
        "file": kind,
        "is_bot": message.sender == telegram.bot.id,
    }
