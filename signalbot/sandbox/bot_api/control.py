"""What people do in their chats, and what befalls them: the hands of tests and of the page."""

from dataclasses import replace

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.chats import Chat, Kind, Standing
from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.formatted_text import FormattedText
from signalbot.sandbox.bot_api.keyboards import buttons
from signalbot.sandbox.bot_api.membership import member_wire
from signalbot.sandbox.bot_api.messages import Message
from signalbot.sandbox.bot_api.queries import Query
from signalbot.sandbox.bot_api.telegram import Telegram

MAX_TEXT = 4096
HASH = 2_654_435_761  # spreads chat ids over the numbers that chat_instance looks like


def admit(telegram: Telegram, count: int) -> None:
    """Add so many people who have started the bot.

    Raises
    ------
    InputError
        If the number is negative, or too large for the sandbox.
    """
    if count < 0:
        raise InputError("people", count, "0 or more")
    for number in range(1, count + 1):
        person = telegram.directory.add_person(f"Reader {number}")
        telegram.directory.change(person.id, standing=Standing.NORMAL)


class Control:
    """Acts for the people of a `Telegram`.

    Everything raises `InputError` for what a person cannot do: somebody or a chat that does not
    exist, a group one is not in, a button that is not there.
    """

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    def say(
        self,
        user_id: int,
        text: str,
        *,
        chat_id: int | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> Message:
        """Write a text or a command: to the bot, or in a group or channel where one is a member.

        The first words to a bot start the chat with it. Of a group the bot is told commands and
        replies to its own messages only, as long as Telegram's privacy mode is on, which it is.
        """
        chat = self._chat_of(user_id, user_id if chat_id is None else chat_id)
        if thread_id is not None and thread_id not in chat.topics:
            raise InputError("thread_id", thread_id, "a topic of this chat")
        if chat.standing is Standing.NEVER_STARTED:
            chat = self.telegram.directory.change(chat.id, standing=Standing.NORMAL)
        if chat.standing is not Standing.NORMAL:
            raise InputError("chat_id", chat.id, "a chat that the bot is in")
        message = Message(
            chat_id=chat.id,
            message_id=self.telegram.transcript(chat.id).next_id(),
            arrived=self.telegram.now(),
            sender=user_id,
            text=_written(text),
            reply_to=reply_to,
            thread_id=thread_id,
        )
        self.telegram.put(message)
        if self._is_told(chat, message):
            self._tell("channel_post" if chat.kind is Kind.CHANNEL else "message", message)
        return message

    def edit(self, user_id: int, chat_id: int, message_id: int, text: str) -> Message:
        """Change a text that the person has written."""
        chat = self._chat_of(user_id, chat_id)
        message = self._message(chat, message_id)
        if message.sender != user_id:
            raise InputError("message_id", message_id, "a message of this person")
        edited = replace(message, text=_written(text), edited=self.telegram.now())
        self.telegram.put(edited)
        if self._is_told(chat, edited):
            posted = chat.kind is Kind.CHANNEL
            self._tell("edited_channel_post" if posted else "edited_message", edited)
        return edited

    def press(
        self,
        user_id: int,
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
        label: str | None = None,
        data: str | None = None,
    ) -> Query:
        """Press the button with this label or these data, on the newest message that has one."""
        chat = self._chat_of(user_id, user_id if chat_id is None else chat_id)
        message, button = self._button(chat, message_id, label, data)
        query = self.telegram.queries.add(chat.id)
        payload = {
            "id": query.id,
            "from": self.telegram.directory.person(user_id).wire(),
            "message": self.telegram.wire(message),
            "chat_instance": str(chat.id * HASH),
            "data": button["callback_data"],
        }
        self.telegram.updates.add("callback_query", payload)
        return query

    def block(self, user_id: int) -> None:
        """Block the bot: it may not write any more, and is told so."""
        self._befall(self._chat_of(user_id, user_id), Standing.BLOCKED, user_id)

    def unblock(self, user_id: int) -> None:
        """Let the bot write again; it is told so."""
        self._befall(self._chat_of(user_id, user_id), Standing.NORMAL, user_id)

    def deactivate(self, user_id: int) -> None:
        """Delete the account of a person; nobody tells the bot."""
        self._chat_of(user_id, user_id)
        self.telegram.directory.change(user_id, standing=Standing.DEACTIVATED)
        self.telegram.changes.mark(user_id)

    def kick(self, user_id: int, chat_id: int) -> None:
        """Throw the bot out of a group or channel; it is told so."""
        self._befall(self._shared(user_id, chat_id), Standing.KICKED, user_id)

    def bring_back(self, user_id: int, chat_id: int) -> None:
        """Bring the bot back into a group or channel; it is told so."""
        self._befall(self._shared(user_id, chat_id), Standing.NORMAL, user_id)

    def join(self, user_id: int, chat_id: int) -> Chat:
        """Let a person join a group or channel."""
        self.telegram.directory.person(user_id)
        chat = self.telegram.directory.chat(chat_id)
        if chat.is_private or user_id in chat.members:
            raise InputError("chat_id", chat_id, "a group or channel that the person is not in")
        self.telegram.changes.mark(chat_id)
        return self.telegram.directory.change(chat_id, members=(*chat.members, user_id))

    def migrate(self, chat_id: int) -> Chat:
        """Upgrade a group to a supergroup, which has another id; both tell the bot."""
        old = self.telegram.directory.chat(chat_id)
        if old.kind is not Kind.GROUP or old.standing is not Standing.NORMAL:
            raise InputError("chat_id", chat_id, "a group that the bot is in")
        new = self.telegram.directory.add_chat(
            Kind.SUPERGROUP, old.title, members=old.members, username=old.username
        )
        self._serve(old.id, {"migrate_to_chat_id": new.id})
        self._serve(new.id, {"migrate_from_chat_id": old.id})
        self.telegram.directory.change(old.id, standing=Standing.MIGRATED, migrated_to=new.id)
        return new

    def _chat_of(self, user_id: int, chat_id: int) -> Chat:
        self.telegram.directory.person(user_id)
        chat = self.telegram.directory.chat(chat_id)
        if user_id not in chat.members:
            raise InputError("chat_id", chat_id, "a chat that the person is in")
        return chat

    def _shared(self, user_id: int, chat_id: int) -> Chat:
        chat = self._chat_of(user_id, chat_id)
        if chat.is_private:
            raise InputError("chat_id", chat_id, "a group or channel")
        return chat

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = self.telegram.transcript(chat.id).get(message_id)
        if message is None:
            raise InputError("message_id", message_id, "a message that is in the chat")
        return message

    def _button(
        self, chat: Chat, message_id: int | None, label: str | None, data: str | None
    ) -> tuple[Message, Json]:
        transcript = self.telegram.transcript(chat.id)
        messages = reversed(transcript) if message_id is None else [self._message(chat, message_id)]
        for message in messages:
            for button in buttons(message.keyboard):
                wanted = label in (None, button["text"]) and data in (
                    None,
                    button.get("callback_data"),
                )
                if "callback_data" in button and wanted:
                    return message, button
        raise InputError("button", label or data, "a callback button that is there")

    def _is_told(self, chat: Chat, message: Message) -> bool:
        if chat.kind in (Kind.PRIVATE, Kind.CHANNEL):
            return True
        quoted = self.telegram.transcript(chat.id).get(message.reply_to)
        if quoted is not None and quoted.sender == self.telegram.bot.id:
            return True
        command, _, addressee = message.text.text.split()[0].partition("@")
        bot = (self.telegram.bot.username or "").lower()
        return command.startswith("/") and addressee.lower() in ("", bot)

    def _tell(self, kind: str, message: Message) -> None:
        self.telegram.updates.add(kind, self.telegram.wire(message))

    def _serve(self, chat_id: int, service: Json) -> None:
        message = Message(
            chat_id=chat_id,
            message_id=self.telegram.transcript(chat_id).next_id(),
            arrived=self.telegram.now(),
            sender=None,
            service=service,
        )
        self.telegram.put(message)
        self._tell("message", message)

    def _befall(self, chat: Chat, standing: Standing, user_id: int) -> None:
        directory = self.telegram.directory
        old = member_wire(directory, chat, self.telegram.bot.id)
        changed = directory.change(chat.id, standing=standing)
        new = member_wire(directory, changed, self.telegram.bot.id)
        self.telegram.changes.mark(chat.id)
        if old == new:
            return
        payload = {
            "chat": changed.wire(),
            "from": directory.person(user_id).wire(),
            "date": int(self.telegram.now()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self.telegram.updates.add("my_chat_member", payload)


def _written(text: str) -> FormattedText:
    written = FormattedText(text=text.strip()).finished()
    if not 1 <= written.length <= MAX_TEXT:
        raise InputError("text", text, f"1 to {MAX_TEXT} characters")
    return written
