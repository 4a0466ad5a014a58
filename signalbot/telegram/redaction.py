"""The bot's token, kept out of everything that is written down.

Its shape is known (`123456:35 letters`), so it is taken out wherever it appears: httpx logs the
address of every call, and the address holds the token.
"""

import logging
import re

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,64}")
HIDDEN = "<token>"


def without_token(text: str) -> str:
    """Return a text with every token replaced by `<token>`."""
    return _TOKEN.sub(HIDDEN, text)


class WithoutToken(logging.Formatter):
    """Another formatter, whose lines, tracebacks included, have no token in them."""

    def __init__(self, base: logging.Formatter) -> None:
        super().__init__()
        self._base = base

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of the other formatter, without tokens."""
        return without_token(self._base.format(record))
