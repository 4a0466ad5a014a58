"""A reader's clock: zones by their IANA names, and what they show at an instant.

An instant is one local time and never two, so nothing here has to guess at the end of summer time.
"""

import unicodedata
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from signalbot.errors import InputError

UTC_ZONE = "UTC"
LONGEST = 64
"""Characters of a text that is looked at; no name of a zone comes near it."""
EXAMPLE = "a place such as Europe/Berlin, or UTC"


def find_zone(text: str) -> str:
    """Return the IANA name that a person means: `europe/berlin`, `New York`, `berlin`, `utc`.

    Raises
    ------
    InputError
        If there is no such zone, with the nearest names.
    """
    folded = _folded(text) if len(text) <= LONGEST else ""
    names = _names()
    if folded not in names:
        nearest = get_close_matches(folded, names, n=3, cutoff=0.6)
        hint = f"; nearest: {', '.join(names[name] for name in nearest)}" if nearest else ""
        raise InputError("time zone", text, f"{EXAMPLE}{hint}")
    return names[folded]


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, exactly as it is written.

    Raises
    ------
    InputError
        If this machine knows none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("time zone", name, EXAMPLE) from None


def local_time(instant: int, zone: str) -> datetime:
    """Return what the clock of `zone` shows at `instant`, to the second below it."""
    return datetime.fromtimestamp(instant // 1000, UTC).astimezone(zone_of(zone))


def minute_of_day(instant: int, zone: str) -> int:
    """Return the minute of the local day at `instant`: 0 at midnight, 1439 before the next."""
    at = local_time(instant, zone)
    return 60 * at.hour + at.minute


def _folded(text: str) -> str:
    written = unicodedata.normalize("NFKC", text).strip().casefold()
    return "_".join(written.split())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    known = sorted(available_timezones() - {"Factory", "localtime"})
    names = {_folded(name): name for name in known}
    for name in known:  # only now: a zone's own name comes before a city of that name
        names.setdefault(_folded(name.rpartition("/")[2]), name)
    return names
