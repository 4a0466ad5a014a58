"""A text cut to what Telegram takes in one message, counted as Telegram counts it."""

import re
from html import escape, unescape

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
"""UTF-16 units, once the markup is parsed."""
_TAG = re.compile("<[^>]*>")


def plain_text(html: str) -> str:
    """Return a text without its markup."""
    return unescape(_TAG.sub("", html))


def length_of(html: str) -> int:
    """Return the length of a text as it is shown: an emoji counts twice."""
    return len(_units(plain_text(html))) // 2


def fitted(html: str, limit: int) -> tuple[str, str]:
    """Return the lines of a text that fit, and the rest; both begin with a line that is not empty.

    Markup does not reach over the end of a line in what the bot writes. A first line that is
    longer than all that fits is cut, and loses its markup.
    """
    html = html.lstrip("\n")
    if length_of(html) <= limit:
        return html, ""
    lines = html.split("\n")
    fits = next(n for n in range(1, len(lines) + 1) if length_of("\n".join(lines[:n])) > limit) - 1
    if fits:
        return "\n".join(lines[:fits]), "\n".join(lines[fits:]).lstrip("\n")
    units = _units(plain_text(lines[0]))
    head = units[: 2 * limit].decode("utf-16-le", "ignore")
    rest = escape(units[len(_units(head)) :].decode("utf-16-le", "replace"), quote=False)
    return escape(head, quote=False), "\n".join([rest, *lines[1:]]).lstrip("\n")


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "replace")
