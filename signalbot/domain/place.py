"""A channel or group in which everything appears once for any number of readers."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_TITLE = 128


class PlaceKind(StrEnum):
    """Whom a place is for."""

    CHANNEL = "channel"
    """The bot's own channel: the post that counts as the publication of an alert."""
    GROUP = "group"
    PROGRAMS = "programs"
    """A channel whose posts are parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One channel or group.

    Attributes
    ----------
    chat : int
        Negative.
    thread : int or None
        Topic of the group in which it is told.
    reachable : bool
        False once the messenger says that the bot was removed.
    """

    chat: int
    kind: PlaceKind
    title: str = ""
    thread: int | None = None
    reachable: bool = True
