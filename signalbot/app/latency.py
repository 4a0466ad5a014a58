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
        if not self._seconds:
            return None
        ordered = sorted(self._seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def __str__(self) -> str:
        median, most, all_ = self.at(0.5), self.at(0.99), self.at(1.0)
        if median is None or most is None or all_ is None:
            return "nothing yet"
        return f"{median:.3f} s (half), {most:.3f} s (99 %), {all_:.3f} s (all {len(self)})"

    def __len__(self) -> int:
        return len(self._seconds)
