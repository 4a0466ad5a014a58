"""A command or a button: its name, who may use it, and the function that answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Flag, auto

from signalbot.chat.ask import Ask
from signalbot.rendering.reply import Reply

Answers = Sequence[Reply]
"""One message after the other."""
Run = Callable[[Ask], Answers]


class Scope(Flag):
    """Where a command is offered, and to whom it answers."""

    PRIVATE = auto()
    GROUP = auto()
    ADMIN = auto()
    """Admins and owners alone, in their private chat."""
    OWNER = auto()
    """Together with `ADMIN`: owners alone."""
    HIDDEN = auto()
    """Works, but is not listed."""


EVERYWHERE = Scope.PRIVATE | Scope.GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    Attributes
    ----------
    name : str
        Without the slash.
    summary : str
        What the messenger shows beside it, at most 256 characters.
    """

    name: str
    summary: str
    run: Run
    scope: Scope = Scope.PRIVATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What the buttons of one verb do; its scope is kept as that of a command is."""

    verb: str
    run: Run
    scope: Scope = Scope.PRIVATE
