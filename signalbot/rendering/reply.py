"""What is put into a chat: a text with buttons, pictures and files; no messenger yet."""

from dataclasses import dataclass

MOST_DATA_BYTES = 64
"""Bytes of what a pressed button says; Telegram's limit."""
MOST_COPIED = 256
"""Characters that a button copies; Telegram's limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message; exactly one of the last three is given.

    Attributes
    ----------
    label : str
        Plain text.
    data : str or None
        What the bot is told when it is pressed.
    url : str or None
        Address that it opens.
    copied : str or None
        Text that it puts into the clipboard.
    """

    label: str
    data: str | None = None
    url: str | None = None
    copied: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message; `name` is what it is called on the reader's phone."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer in a chat.

    Attributes
    ----------
    html : str
        In Telegram's HTML; a caption where there is one picture and it fits.
    keyboard : tuple of tuple of Button
        Rows under the message.
    pictures, documents : tuple of Attachment
        PNG files that are shown, and files to keep.
    replaces : bool
        Whether it takes the place of the message whose button was pressed.
    toast : str or None
        A short line that is shown over the chat for a moment, in plain text.
    """

    html: str
    keyboard: Keyboard = ()
    pictures: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    replaces: bool = False
    toast: str | None = None
