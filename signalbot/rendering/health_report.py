"""How the bot is, as figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """How the bot is; times in ms UTC.

    Attributes
    ----------
    troubles : tuple of str
        What is wrong, in words; empty where all is well.
    last_minute : int or None
        Close of the newest minute that was decided.
    feed_at : int or None
        Close of the newest candle that the market gave; None if none in the last hour.
    late_minutes : int
        Minutes that came too late to make an alert since the start.
    outbox : mapping of str to int
        Messages in each state.
    readers : int
        Subscribers that can be reached.
    database_bytes, disk_free_bytes : int
        Size of the database file, and what is left of its disk.
    """

    now: int
    started_at: int
    version: str
    troubles: tuple[str, ...]
    last_minute: int | None
    feed_at: int | None
    late_minutes: int
    pairs: int
    readers: int
    database_bytes: int
    disk_free_bytes: int
    open_alerts: int
    outbox: Mapping[str, int] = field(default_factory=dict)
