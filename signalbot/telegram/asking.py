"""What comes from Telegram, as questions of the chat; everything in it is hostile text."""

from dataclasses import replace

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update

from signalbot.chat.ask import Ask, ChatKind

LONGEST = 1_000
_KINDS = {
    Chat.PRIVATE: ChatKind.PRIVATE,
    Chat.GROUP: ChatKind.GROUP,
    Chat.SUPERGROUP: ChatKind.GROUP,
    Chat.CHANNEL: ChatKind.CHANNEL,
}


def text_of(update: Update, now: int) -> Ask | None:
    """Return the question that a new message asks; None if it is none.

    Edited messages, posts of channels, other bots and messages without a text ask nothing. An
    admin who writes in the name of the group does, under the number that Telegram gives them all.
    """
    message = update.message
    if message is None or message.from_user is None or not isinstance(message.text, str):
        return None
    ask = _ask(message, message.from_user.id, message.text, now)
    if message.sender_chat is None:
        return None if message.from_user.is_bot else ask
    is_admin = (
        ask is not None and ask.kind is ChatKind.GROUP and message.sender_chat == message.chat
    )
    return ask.with_rights(is_group_admin=True) if ask is not None and is_admin else None


def press_of(query: CallbackQuery, now: int) -> Ask | None:
    """Return the question that a pressed button asks; None if it belongs to no message."""
    message = query.message
    if not isinstance(query.data, str) or not isinstance(message, Message):
        return None
    if query.from_user.is_bot:
        return None
    return _ask(message, query.from_user.id, query.data, now)


def member_of(changed: ChatMemberUpdated, now: int) -> Ask | None:
    """Return who changed how the bot stands with a chat; there are no words with it."""
    return _asked(changed.chat, changed.from_user.id, "", now)


def _ask(message: Message, reader: int, text: str, now: int) -> Ask | None:
    ask = _asked(message.chat, reader, text[:LONGEST], now)
    if ask is None or not message.is_topic_message:
        return ask
    return replace(ask, thread=message.message_thread_id)


def _asked(chat: Chat, reader: int, text: str, now: int) -> Ask | None:
    kind = _KINDS.get(chat.type)
    if kind is None:
        return None
    title = chat.title or ""
    return Ask(reader=reader, chat=chat.id, text=text, now=now, kind=kind, title=title)
