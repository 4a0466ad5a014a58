"""How often somebody may ask: a bucket of tokens a reader, refilled with time."""

from dataclasses import dataclass

BURST = 12
REFILL_MS = 2_500
"""A token comes back in so long."""
MOST_READERS = 20_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: int
    was_told: bool = False


class Allowance:
    """Counts what each reader asks; memory is bounded, who was quiet for long is forgotten."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}

    def take(self, reader: int, now: int) -> bool:
        """Take a token; return whether there was one."""
        bucket = self._bucket(reader, now)
        refilled = bucket.tokens + max(now - bucket.at, 0) / REFILL_MS
        bucket.tokens, bucket.at = min(refilled, float(BURST)), now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        bucket.was_told = False
        return True

    def should_tell(self, reader: int) -> bool:
        """Return whether a reader who asked too often is to be told so: once, then silence."""
        bucket = self._buckets[reader]
        told, bucket.was_told = bucket.was_told, True
        return not told

    def _bucket(self, reader: int, now: int) -> _Bucket:
        if reader not in self._buckets:
            if len(self._buckets) >= MOST_READERS:
                full = BURST * REFILL_MS
                self._buckets = {
                    each: bucket for each, bucket in self._buckets.items() if now - bucket.at < full
                }
            if len(self._buckets) >= MOST_READERS:
                self._buckets.pop(next(iter(self._buckets)))
            self._buckets[reader] = _Bucket(tokens=float(BURST), at=now)
        return self._buckets[reader]
