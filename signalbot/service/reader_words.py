"""What a reader types, as values. It is hostile until it is one; each refusal has an example."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from signalbot.domain.subscriber import (
    DAY_MINUTES,
    QuietHours,
    check_equity,
    check_leverage,
    check_risk_pct,
)
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.errors import InputError
from signalbot.rendering.figures import VENUE_TITLES

LONGEST = 64
"""Characters of an answer that are looked at."""
LONGEST_PAUSE_MS = 30 * DAY_MS
OFF = frozenset({"off", "none", "no", "never"})

_UNITS = {"m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_PAUSE = re.compile(r"([0-9]{1,5})\s*(m|h|d)(?:in|ins|inutes?|ours?|ays?)?")
_TIME = r"([0-9]{1,2})(?::([0-9]{2}))?"
_HOURS = re.compile(rf"{_TIME}\s*(?:-|–|to|until)\s*{_TIME}")  # noqa: RUF001 - phones write it
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[,' _][0-9]{3})+(\.[0-9]{1,8})?")
_COMMA = re.compile(r"[0-9]{1,12},[0-9]{1,2}")
_EQUITY_UNIT = re.compile(r"^[$]|(?:usdt?|[$])$")


def account_from(text: str) -> Decimal:
    """Return the account that is meant: `500`, `1,000 USDT`, `$250`.

    Raises
    ------
    InputError
        If it is no amount that is taken.
    """
    amount = _EQUITY_UNIT.sub("", _folded(text))
    value = _number("account", text, amount, "an amount in USDT, for example 500")
    return _checked("account", text, value, check_equity)


def risk_from(text: str) -> Decimal:
    """Return the per cent of the account to risk on one trade: `0.5`, `0,5 %`.

    Raises
    ------
    InputError
        If it is no rate that is taken.
    """
    rate = _folded(text).removesuffix("%")
    value = _number("risk", text, rate, "per cent of the account, for example 0.5")
    return _checked("risk", text, value, check_risk_pct)


def leverage_from(text: str) -> Decimal:
    """Return the leverage that is meant: `3`, `3x`.

    Raises
    ------
    InputError
        If it is none that is taken.
    """
    times = _folded(text).removeprefix("x").removesuffix("x")
    value = _number("leverage", text, times, "a whole number, for example 3")
    return _checked("leverage", text, value, check_leverage)


def venue_from(text: str, venues: Sequence[str]) -> str:
    """Return the one of the watched `venues` that is meant: `bybit`, `Binance`.

    Raises
    ------
    InputError
        If it is none of them.
    """
    return name_from("venue", text, {name: VENUE_TITLES.get(name, name) for name in venues})


def name_from(field: str, text: str, titles: Mapping[str, str]) -> str:
    """Return the one of the names that is meant by itself, by its title, or by how they begin.

    Raises
    ------
    InputError
        If it is none of them, or could be several.
    """
    written = _letters(_folded(text))
    keys = {name: (_letters(name.casefold()), _letters(titles[name].casefold())) for name in titles}
    exact = [name for name in titles if written in keys[name]]
    begun = [name for name in titles if any(key.startswith(written) for key in keys[name])]
    found = exact or begun
    if not written or len(found) != 1:
        raise InputError(field, text, f"one of: {', '.join(titles.values())}")
    return found[0]


def quiet_hours_from(text: str) -> QuietHours | None:
    """Return the hours that are meant: `22:00-07:00`, `22 to 7`; None for `off`.

    Raises
    ------
    InputError
        If they are no two different times of a day.
    """
    written = _folded(text)
    if written in OFF:
        return None
    found = _HOURS.fullmatch(written)
    if found is not None:
        since, until = _minute(found[1], found[2]), _minute(found[3], found[4])
        if since < DAY_MINUTES and until < DAY_MINUTES and since != until:
            return QuietHours(since=since, until=until)
    allowed = "two different times of the day, for example 22:00-07:00, or off"
    raise InputError("quiet hours", text, allowed)


def pause_from(text: str) -> int:
    """Return how long a pause is meant to be, in ms: `30m`, `8h`, `2 days`.

    Raises
    ------
    InputError
        If it is no such time, or more than 30 days.
    """
    found = _PAUSE.fullmatch(_folded(text))
    length = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < length <= LONGEST_PAUSE_MS:
        raise InputError("pause", text, "a time of up to 30 days, for example 8h or 2d")
    return length


def _folded(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _minute(hours: str, minutes: str | None) -> int:
    past = int(minutes or 0)
    return 60 * int(hours) + past if past < 60 else DAY_MINUTES


def _number(field: str, text: str, written: str, allowed: str) -> Decimal:
    number = written.strip()
    if _THOUSANDS.fullmatch(number):
        return Decimal(re.sub(r"[,' _]", "", number))
    if _COMMA.fullmatch(number):
        return Decimal(number.replace(",", "."))
    if _PLAIN.fullmatch(number):
        return Decimal(number)
    raise InputError(field, text, allowed)


def _checked(field: str, text: str, value: Decimal, check: Callable[[Decimal], None]) -> Decimal:
    try:
        check(value)
    except InputError as error:  # as it was typed, not as it was read
        raise InputError(field, text, error.allowed) from None
    return value
