"""What a record that holds was found to be."""

from collections.abc import Mapping
from dataclasses import dataclass

from signalbot.record.entries import EntryType, Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a record that holds was found to be.

    Attributes
    ----------
    keys : tuple of str
        The keys that have signed it, oldest first.
    counts : mapping of EntryType to int
        Entries by type.
    derived : int
        Outcomes and corrections that follow from their evidence.
    gaps : int
        Alerts that end in UNRESOLVED_GAP: that a candle was missing is not in their evidence.
    overdue : tuple of int
        Alerts past their time without an outcome.
    key_is_held, heads_held : bool, int
        Whether it was compared with a key, and with how many hashes, that a reader holds.
    on_candles, uncovered : int or None
        Alerts whose newest outcome follows from the candle files, and those that no file covers;
        None without candle files.
    """

    head: Head
    keys: tuple[str, ...]
    counts: Mapping[EntryType, int]
    derived: int
    gaps: int
    overdue: tuple[int, ...]
    key_is_held: bool
    heads_held: int
    on_candles: int | None = None
    uncovered: int | None = None
