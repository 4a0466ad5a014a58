"""Who is there: people, private chats, groups and channels, and whether the bot may write there.

A chat that a call cannot write to answers in Telegram's words; the seven states are those that a
bot meets in the wild.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from signalbot.sandbox.bot_api.envelope import Json, Refused, present


class Kind(StrEnum):
    """Telegram's `type` of a chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """How the bot stands with a chat; one that does not exist at all is the seventh state."""

    NORMAL = "normal"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    KICKED = "kicked"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of Telegram, or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str = "en"
    is_bot: bool = False

    def wire(self) -> Json:
        """Return the User as the Bot API shows it."""
        return present(
            id=self.id,
            is_bot=self.is_bot,
            first_name=self.first_name,
            username=self.username,
            language_code=None if self.is_bot else self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A conversation.

    Attributes
    ----------
    members : tuple of int
        Ids of the people in it; of a private chat the one.
    topics : mapping
        Titles of a forum's topics by message_thread_id; a chat without topics has none.
    migrated_to : int, optional
        Id of the supergroup that a group became.
    """

    id: int
    kind: Kind
    title: str
    username: str | None = None
    standing: Standing = Standing.NORMAL
    members: tuple[int, ...] = ()
    topics: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    migrated_to: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is the chat with one person."""
        return self.kind is Kind.PRIVATE

    def wire(self) -> Json:
        """Return the Chat as the Bot API shows it inside other objects."""
        named = {"first_name" if self.is_private else "title": self.title}
        forum = True if self.topics else None
        return present(
            id=self.id, type=str(self.kind), **named, username=self.username, is_forum=forum
        )

    def require_writable(self) -> None:
        """Check that the bot may write here.

        Raises
        ------
        Refused
            In Telegram's words: 403, or 400 with the new id of a group that was upgraded.
        """
        if self.standing is Standing.MIGRATED:
            moved = {"migrate_to_chat_id": self.migrated_to}
            raise Refused(400, "group chat was upgraded to a supergroup chat", moved)
        if self.standing is not Standing.NORMAL:
            raise Refused(403, self._closed())

    def _closed(self) -> str:
        return {
            Standing.NEVER_STARTED: "bot can't initiate conversation with a user",
            Standing.BLOCKED: "bot was blocked by the user",
            Standing.DEACTIVATED: "user is deactivated",
        }.get(self.standing, f"bot was kicked from the {self.kind} chat")
