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
    skipped : int
        Pairs whose candle of the newest minute did not come in time.
    matched_within_s, decided_within_s : float or None
        So long 99 % of pairs waited from their close until they were looked at, and of minutes
        until what they gave was ready to be sent, in seconds.
    breaks : int
        How often websockets of the venue broke since the start.
    gaps : int
        Minutes that the venue itself does not have.
    misfires : int
        Jobs that were missed, or failed.
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
    skipped: int = 0
    matched_within_s: float | None = None
    decided_within_s: float | None = None
    breaks: int = 0
    gaps: int = 0
    misfires: int = 0
    outbox: Mapping[str, int] = field(default_factory=dict)
