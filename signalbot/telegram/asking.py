"""What comes from Telegram, as questions of the chat; everything in it is hostile text."""

from telegram import CallbackQuery, Chat, Message, Update

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

    Edited messages, posts of channels, other bots, anonymous admins and messages without a text
    ask nothing.
    """
    message = update.message
    if message is None or message.from_user is None or not isinstance(message.text, str):
        return None
    if message.from_user.is_bot or message.sender_chat is not None:
        return None
    return _ask(message, message.from_user.id, message.text, now)


def press_of(query: CallbackQuery, now: int) -> Ask | None:
    """Return the question that a pressed button asks; None if its message is out of reach."""
    message = query.message
    if not isinstance(query.data, str) or not isinstance(message, Message):
        return None
    if query.from_user.is_bot:
        return None
    return _ask(message, query.from_user.id, query.data, now)


def _ask(message: Message, reader: int, text: str, now: int) -> Ask | None:
    kind = _KINDS.get(message.chat.type)
    if kind is None:
        return None
    return Ask(
        reader=reader,
        chat=message.chat.id,
        text=text[:LONGEST],
        now=now,
        kind=kind,
        thread=message.message_thread_id if message.is_topic_message else None,
        title=message.chat.title or "",
    )
