"""What somebody asks the bot: who, where, when, and the words."""

from dataclasses import dataclass, replace
from enum import StrEnum

from signalbot.domain.subscriber import Role


class ChatKind(StrEnum):
    """Where it is asked. In a group everybody reads the answer."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A command, a pressed button or a text, before anything of it is believed.

    Attributes
    ----------
    reader : int
        Who asks. A button acts for whoever presses it, not for whom it was sent to.
    chat : int
        Where; the reader's id in a private chat.
    text : str
        What follows the command, or a whole text; the arguments of a button between colons.
    now : int
        ms UTC.
    is_group_admin : bool
        Whether the reader runs the group.
    thread : int or None
        Topic of the group.
    title : str
        Of the group.
    """

    reader: int
    chat: int
    text: str
    now: int
    kind: ChatKind = ChatKind.PRIVATE
    role: Role = Role.USER
    is_group_admin: bool = False
    thread: int | None = None
    title: str = ""

    @property
    def words(self) -> list[str]:
        """The text, word by word."""
        return self.text.split()

    def with_rights(self, *, is_group_admin: bool) -> "Ask":
        """Return the same question with what its asker may do in the group."""
        return replace(self, is_group_admin=is_group_admin)
