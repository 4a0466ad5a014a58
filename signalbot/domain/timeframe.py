"""Instants and candle steps.

An instant is an `int`: milliseconds since 1970-01-01 UTC, the unit of every venue. Names end in
`_at` or `_time`. ISO 8601 text is for people and for JSON only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from signalbot.errors import InputError

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LATEST = 253_402_300_799_999
"""Last instant that can be written as a time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeframe:
    """The step of a candle series: its name on the command line and its length in ms."""

    name: str
    step_ms: int

    @property
    def minutes(self) -> int:
        """Length of one candle in whole minutes."""
        return self.step_ms // MINUTE_MS

    def floor(self, instant: int) -> int:
        """Return the open time of the candle that contains `instant`."""
        return instant - instant % self.step_ms


M1 = Timeframe(name="1m", step_ms=MINUTE_MS)
M5 = Timeframe(name="5m", step_ms=5 * MINUTE_MS)
TIMEFRAMES = {frame.name: frame for frame in (M1, M5)}


def timeframe(name: str) -> Timeframe:
    """Return the timeframe of that name.

    Raises
    ------
    InputError
        If it is not one of `TIMEFRAMES`.
    """
    if name not in TIMEFRAMES:
        raise InputError("timeframe", name, " or ".join(TIMEFRAMES))
    return TIMEFRAMES[name]


def iso(instant: int) -> str:
    """Return `instant` as ISO 8601 UTC with milliseconds, e.g. `2025-05-04T15:33:02.500Z`."""
    at = datetime.fromtimestamp(instant // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{instant % 1000:03d}Z"


def from_iso(text: str, field: str = "time") -> int:
    """Return the instant that ISO 8601 `text` names; without an offset it is read as UTC.

    Raises
    ------
    InputError
        If `text` is no such time, naming `field`.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(field, text, "an ISO 8601 time such as 2025-05-04T15:33:00Z") from None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    instant = (aware - _EPOCH) // timedelta(milliseconds=1)
    if instant > LATEST:
        raise InputError(field, text, "a time before the year 10000 in UTC")
    return instant


def day(instant: int) -> str:
    """Return the UTC calendar day of `instant`, e.g. `2025-05-04`."""
    return iso(instant)[:10]
