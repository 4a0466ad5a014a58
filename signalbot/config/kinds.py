"""What a setting may look like as text; each kind turns it into a value or refuses it."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from signalbot.domain.rules import BOUNDS, Rules

Venue = Literal["binanceusdm", "bybit", "bingx", "weex", "mexc", "bitget"]
VENUES: tuple[Venue, ...] = get_args(Venue)
"""The venues that can be watched, by their ccxt names."""
SQLITE = "sqlite:///"

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._-]+(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~-]+)*/?")


def _check(text: str, is_right: object) -> str:
    if not is_right:
        raise ValueError
    return text


def _matching(pattern: str) -> BeforeValidator:
    return BeforeValidator(lambda text: _check(text, re.fullmatch(pattern, text)))


def _address(text: str) -> str:
    match = _ADDRESS.fullmatch(text)
    return _check(text, match and 1 <= int(match[1] or 443) <= 65_535).rstrip("/")


def _listed(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(","))
    _check(text, len(set(items)) == len(items))
    return items


def number(
    default: Decimal | int, *, le: Any, ge: Any = None, gt: Any = None, more: str = ""
) -> Any:
    """Return a field of a number between bounds; `ge` includes the lower one, `gt` does not.

    `more` is said of it besides.
    """
    kind = "whole" if isinstance(default, int) else "plain"
    low = f"above {gt}" if ge is None else f"at least {ge}"
    allowed = f"a {kind} number {low}, at most {le}{more}"
    return Field(default, gt=gt, ge=ge, le=le, description=allowed)


def rule(name: str) -> Any:
    """Return the field of a threshold of `Rules`, with its default and bounds."""
    bounds = BOUNDS[name]
    low: dict[str, Any] = {"gt": bounds.low} if bounds.above else {"ge": bounds.low}
    return number(getattr(Rules(), name), le=bounds.high, **low)


_PRINTABLE = BeforeValidator(lambda text: _check(text, text.isprintable()))
# No exponent, no sign, no NaN, no underscore: Decimal and int alone would take those.
Number = Annotated[Decimal, _matching(r"[0-9]{1,12}(\.[0-9]{1,12})?")]
Whole = Annotated[int, _matching(r"[0-9]{1,12}")]
UserId = Annotated[int, _matching(r"[1-9][0-9]{0,14}")]
UserIds = Annotated[tuple[UserId, ...], BeforeValidator(_listed)]
Venues = Annotated[tuple[Venue, ...], BeforeValidator(_listed)]
Token = Annotated[SecretStr, _matching(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,64}")]
Secret = Annotated[SecretStr, _matching(r"[A-Za-z0-9_-]{1,256}")]
Channel = Annotated[str, _matching(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-[1-9][0-9]{0,14}")]
Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[Address, _matching("[a-z]+://[^/]+/?")]
Location = Annotated[Path, _PRINTABLE]
# SQLAlchemy reads what follows a question mark as options; the record must outlive the process.
Database = Annotated[str, _PRINTABLE, _matching(rf"{SQLITE}(?!:memory:$)[^?]*[^?/.]")]

HTTP = "http:// or https:// with a host, perhaps a port and a path, nothing else"
ORIGIN = "http:// or https:// with a host, perhaps a port, nothing else"
CODE = "1 to 256 letters, digits, _ and -"
