"""How often somebody may ask: a bucket of tokens a reader, refilled with time."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock

BURST = 12
REFILL_MS = 2_500
"""A token comes back in so long."""
MOST_READERS = 20_000


class Taken(Enum):
    """What came of asking for a token."""

    GIVEN = auto()
    """There was one."""
    FIRST_WITHOUT = auto()
    """There was none, for the first time since there was one: the reader is to be told."""
    WITHOUT = auto()
    """There was none again."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: int
    was_told: bool = False


class Allowance:
    """Counts what each reader asks, in bounded memory; several threads may call it at once.

    Where there are too many readers, whoever was quiet for longest is forgotten, and has a full
    bucket again.
    """

    def __init__(self) -> None:
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many readers are remembered."""
        return len(self._buckets)

    def take(self, reader: int, now: int) -> Taken:
        """Take a token of a reader at an instant in ms UTC."""
        with self._lock:
            bucket = self._buckets.setdefault(reader, _Bucket(tokens=float(BURST), at=now))
            self._buckets.move_to_end(reader)
            if len(self._buckets) > MOST_READERS:
                self._buckets.popitem(last=False)
            refilled = bucket.tokens + max(now - bucket.at, 0) / REFILL_MS
            bucket.tokens, bucket.at = min(refilled, float(BURST)), now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                bucket.was_told = False
                return Taken.GIVEN
            was_told, bucket.was_told = bucket.was_told, True
            return Taken.WITHOUT if was_told else Taken.FIRST_WITHOUT
