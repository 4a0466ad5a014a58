"""The directory of people and chats, found by id or by @username."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.chats import Chat, Kind, Person, Standing
from signalbot.sandbox.bot_api.envelope import bad_request

MAX_CHATS = 50_000
FIRST_PERSON = 1_001
FIRST_GROUP = 2_001
SUPERGROUPS = 1_000_000_000_000  # ids of supergroups and channels lie below minus this
ID = re.compile(r"-?[0-9]{1,18}")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
NO_TOPICS: Mapping[int, str] = MappingProxyType({})


class Directory:
    """Everybody and every chat, `MAX_CHATS` at most."""

    def __init__(self, bot: Person) -> None:
        self.bot = bot
        self._people: dict[int, Person] = {bot.id: bot}
        self._chats: dict[int, Chat] = {}
        self._newest_person = FIRST_PERSON - 1
        self._newest_group = FIRST_GROUP - 1

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def person(self, user_id: int) -> Person:
        """Return a person, or the bot.

        Raises
        ------
        InputError
            If nobody has this id.
        """
        if user_id not in self._people:
            raise InputError("user_id", user_id, "the id of a user that exists")
        return self._people[user_id]

    def chat(self, chat_id: int) -> Chat:
        """Return a chat, in whatever state.

        Raises
        ------
        InputError
            If no chat has this id.
        """
        if chat_id not in self._chats:
            raise InputError("chat_id", chat_id, "the id of a chat that exists")
        return self._chats[chat_id]

    def find(self, address: str) -> Chat:
        """Return the chat that a call addresses, by id or by @username of a public one.

        Raises
        ------
        Refused
            400 if the address is missing or there is no such chat.
        """
        if not address:
            raise bad_request("chat_id is empty")
        if ID.fullmatch(address) and int(address) in self._chats:
            return self._chats[int(address)]
        if address.startswith("@"):
            wanted = address[1:].lower()
            for chat in self._chats.values():
                if not chat.is_private and (chat.username or "").lower() == wanted:
                    return chat
        raise bad_request("chat not found")

    def add_person(
        self, first_name: str, user_id: int | None = None, username: str | None = None
    ) -> Person:
        """Add a user and the chat with them, which they have not started.

        Raises
        ------
        InputError
            If the id is taken, a name not allowed or the sandbox full.
        """
        self._require_room()
        user_id = self._newest_person + 1 if user_id is None else user_id
        if user_id in self._people or not 0 < user_id < 2**52:
            raise InputError("user_id", user_id, "a positive id that nobody has")
        name = _named("first_name", first_name)
        person = Person(id=user_id, first_name=name, username=_username(username))
        self._people[user_id] = person
        self._chats[user_id] = Chat(
            id=user_id,
            kind=Kind.PRIVATE,
            title=name,
            username=person.username,
            standing=Standing.NEVER_STARTED,
            members=(user_id,),
        )
        self._newest_person = max(self._newest_person, user_id)
        return person

    def add_chat(
        self,
        kind: Kind,
        title: str,
        *,
        members: tuple[int, ...] = (),
        username: str | None = None,
        topics: Mapping[int, str] = NO_TOPICS,
    ) -> Chat:
        """Add a group, supergroup or channel that the bot is in.

        Raises
        ------
        InputError
            If a member does not exist, a name is not allowed or the sandbox full.
        """
        self._require_room()
        for user_id in members:
            self.person(user_id)
        if kind is Kind.PRIVATE:
            raise InputError("kind", kind, "group, supergroup or channel")
        if topics and kind is not Kind.SUPERGROUP:
            raise InputError("topics", len(topics), "topics in a supergroup only")
        named = _named("title", title)
        public = _username(username)
        self._newest_group += 1
        number = self._newest_group + (0 if kind is Kind.GROUP else SUPERGROUPS)
        chat = Chat(
            id=-number, kind=kind, title=named, username=public, members=members, topics=topics
        )
        self._chats[chat.id] = chat
        return chat

    def change(self, chat_id: int, **changes: Any) -> Chat:
        """Replace fields of a chat and return what it is now."""
        self._chats[chat_id] = replace(self.chat(chat_id), **changes)
        return self._chats[chat_id]

    def _require_room(self) -> None:
        if len(self._chats) >= MAX_CHATS:
            raise InputError("chats", len(self._chats), f"at most {MAX_CHATS} chats")


def _named(field: str, name: str) -> str:
    if not name.strip() or len(name) > 128:
        raise InputError(field, name, "1 to 128 characters")
    return name.strip()


def _username(username: str | None) -> str | None:
    if username is not None and not USERNAME.fullmatch(username):
        raise InputError("username", username, "a letter and 3 to 31 letters, digits or _")
    return username
