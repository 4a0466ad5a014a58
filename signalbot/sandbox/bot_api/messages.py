"""Messages, and the transcript that a chat keeps of them, the newest so many."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signalbot.sandbox.bot_api.chats import Chat, Kind
from signalbot.sandbox.bot_api.directory import Directory
from signalbot.sandbox.bot_api.envelope import Json, present
from signalbot.sandbox.bot_api.files import PHOTO, StoredFile
from signalbot.sandbox.bot_api.formatted_text import FormattedText
from signalbot.sandbox.bot_api.keyboards import Rows

NO_TEXT = FormattedText(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat.

    Attributes
    ----------
    arrived : float
        When the server accepted it, in Unix seconds that never run back.
    sender : int, optional
        Id of the person or bot; None for a service message.
    text : FormattedText
        Of the message, or its caption if there is a file.
    service : mapping, optional
        What a service message tells, such as `migrate_to_chat_id`.
    """

    chat_id: int
    message_id: int
    arrived: float
    sender: int | None
    text: FormattedText = NO_TEXT
    file: StoredFile | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    keyboard: Rows = ()
    edited: float | None = None
    media_group_id: str | None = None
    silent: bool = False
    protected: bool = False
    service: Mapping[str, object] | None = None


class Transcript:
    """The messages of one chat, by id; beyond `limit` the oldest are forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._newest_id = 0
        self.pinned: int | None = None

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)

    def next_id(self) -> int:
        """Return the id of the next message and use it up."""
        self._newest_id += 1
        return self._newest_id

    def get(self, message_id: int | None) -> Message | None:
        """Return a message, None if it was deleted, forgotten or never there."""
        return None if message_id is None else self._messages.get(message_id)

    def put(self, message: Message) -> None:
        """Store a new message, or an edited one in its place."""
        self._messages[message.message_id] = message
        if len(self._messages) > self._limit:
            self._messages.popitem(last=False)

    def remove(self, message_id: int) -> None:
        """Delete a message that is there."""
        del self._messages[message_id]
        if self.pinned == message_id:
            self.pinned = None


def message_wire(message: Message, directory: Directory, quoted: Message | None = None) -> Json:
    """Return the Message as the Bot API shows it, with the message it replies to, if that is known.

    The quoted one does not quote in its turn.
    """
    chat = directory.chat(message.chat_id)
    rows = [list(row) for row in message.keyboard]
    return present(
        message_id=message.message_id,
        date=int(message.arrived),
        chat=chat.wire(),
        **_sender(message, chat, directory),
        **_content(message),
        message_thread_id=message.thread_id,
        is_topic_message=True if message.thread_id else None,
        reply_to_message=message_wire(quoted, directory) if quoted else None,
        reply_markup={"inline_keyboard": rows} if rows else None,
        edit_date=None if message.edited is None else int(message.edited),
        media_group_id=message.media_group_id,
        has_protected_content=message.protected or None,
        **(message.service or {}),
    )


def _sender(message: Message, chat: Chat, directory: Directory) -> Json:
    if chat.kind is Kind.CHANNEL:
        return {"sender_chat": chat.wire()}
    return {} if message.sender is None else {"from": directory.person(message.sender).wire()}


def _content(message: Message) -> Json:
    text = message.text.text or None
    entities = [entity.wire() for entity in message.text.entities] or None
    if message.file is None:
        return present(text=text, entities=entities)
    shown = message.file.wire()
    media = {message.file.kind: [shown] if message.file.kind == PHOTO else shown}
    return media | present(caption=text, caption_entities=entities)
