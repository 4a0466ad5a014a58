"""How long things take, as the newest of them show."""

from collections import deque

KEPT = 20_000


class Latency:
    """Durations in seconds."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=KEPT)

    def put(self, seconds: float) -> None:
        """Note one."""
        self._seconds.append(seconds)

    def at(self, share: float) -> float | None:
        """Return the duration that this share of them does not exceed; None without any."""
        return _quantile(sorted(self._seconds), share) if self._seconds else None

    def __str__(self) -> str:
        if not self._seconds:
            return "nothing yet"
        ordered = sorted(self._seconds)
        median, most, all_ = (_quantile(ordered, share) for share in (0.5, 0.99, 1.0))
        return f"{median:.3f} s (half), {most:.3f} s (99 %), {all_:.3f} s (all {len(ordered)})"

    def __len__(self) -> int:
        return len(self._seconds)


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
