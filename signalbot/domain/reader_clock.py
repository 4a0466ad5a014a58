"""A reader's clock: UTC and a fixed offset."""

from dataclasses import dataclass

from signalbot.domain.time_zone import local_time
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, iso
from signalbot.errors import InputError

WEEK_MS = 7 * DAY_MS
_FIRST_MONDAY = 4 * DAY_MS  # 1970-01-01 was a Thursday
_WEST, _EAST = -12 * 60, 14 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderClock:
    """Minutes ahead of UTC; summer time is not followed, the reader changes the offset.

    Raises
    ------
    InputError
        If no place on earth has that offset.
    """

    offset_min: int = 0

    def __post_init__(self) -> None:
        if not _WEST <= self.offset_min <= _EAST:
            raise InputError("utc_offset", self.offset_min, f"{_WEST} to {_EAST} minutes")

    @classmethod
    def of(cls, zone: str, instant: int) -> "ReaderClock":
        """Return the clock of an IANA time zone, with the offset that it has at an instant."""
        ahead = local_time(instant, zone).utcoffset()
        return cls(offset_min=round(ahead.total_seconds() / 60) if ahead else 0)

    def day_start(self, instant: int) -> int:
        """Return the instant at which the reader's day began."""
        return instant - (instant + self._ahead) % DAY_MS

    def week_start(self, instant: int) -> int:
        """Return the instant of the reader's last Monday 00:00, `instant` itself included."""
        return instant - (instant + self._ahead - _FIRST_MONDAY) % WEEK_MS

    def hour(self, instant: int) -> int:
        """Return the hour of the reader's day, 0 to 23."""
        return (instant + self._ahead) % DAY_MS // HOUR_MS

    def shown(self, instant: int) -> str:
        """Return the reader's date and time as ISO 8601 without an offset, in milliseconds."""
        return iso(instant + self._ahead).removesuffix("Z")

    @property
    def name(self) -> str:
        """Name of the offset: `UTC`, `UTC+2`, `UTC-3:30`."""
        if not self.offset_min:
            return "UTC"
        hours, minutes = divmod(abs(self.offset_min), 60)
        sign = "+" if self.offset_min > 0 else "-"
        return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")

    @property
    def _ahead(self) -> int:
        return self.offset_min * MINUTE_MS
