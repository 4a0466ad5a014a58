"""Numbers of the command line: exact, finite, within bounds, and named when they are not."""

import re
from decimal import Decimal

from signalbot.errors import InputError

LARGEST = Decimal("1e15")
SMALLEST = Decimal("1e-15")
_PLAIN = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20}")


def positive(field: str, text: str) -> Decimal:
    """Return a number above 0.

    Raises
    ------
    InputError
        If it is no plain decimal number, or 0 or less, naming `field`.
    """
    value = not_negative(field, text)
    if not SMALLEST <= value <= LARGEST:
        raise InputError(field, text, "a number above 0")
    return value


def not_negative(field: str, text: str) -> Decimal:
    """Return a number of 0 or more.

    Raises
    ------
    InputError
        If it is no plain decimal number or negative, naming `field`.
    """
    if not _PLAIN.fullmatch(text.strip()):
        raise InputError(field, text, "a plain number of 0 or more, such as 0.5")
    value = Decimal(text.strip())
    if value > LARGEST:
        raise InputError(field, text, f"at most {LARGEST:f}")
    return value


def optional(field: str, text: str | None) -> Decimal | None:
    """Return a number of 0 or more, None where the option was not given."""
    return None if text is None else not_negative(field, text)
