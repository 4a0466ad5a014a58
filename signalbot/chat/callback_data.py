"""What a pressed button says: `verb:argument:...`, at most 64 bytes, read strictly."""

import re

from signalbot.errors import InputError
from signalbot.rendering.reply import MOST_DATA_BYTES, Button

_VERB = re.compile(r"[a-z][a-z_]{0,15}")


def button(label: str, verb: str, *arguments: str | int) -> Button:
    """Return a button that says a verb with arguments when it is pressed.

    Raises
    ------
    InputError
        If that is longer than the messenger takes.
    """
    data = ":".join([verb, *map(str, arguments)])
    if len(data.encode()) > MOST_DATA_BYTES:
        raise InputError("button", data, f"at most {MOST_DATA_BYTES} bytes")
    return Button(label=label, data=data)


def parsed(data: str) -> tuple[str, str] | None:
    """Return verb and arguments, these still joined by colons; None if they are no such thing."""
    if len(data.encode(errors="replace")) > MOST_DATA_BYTES or not data.isprintable():
        return None
    verb, _, rest = data.partition(":")
    return (verb, rest) if _VERB.fullmatch(verb) else None
