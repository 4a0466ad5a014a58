"""The venue's clock: it runs at a chosen speed or stands still, and may be wrong on purpose."""

import time
from collections.abc import Callable

from signalbot.errors import InputError

FASTEST = 600.0
LARGEST_SKEW_MS = 3_600_000
LONGEST_STEP_MS = 86_400_000


class VenueClock:
    """Time of the venue in ms UTC.

    Parameters
    ----------
    begins_at : int
        Instant that it shows first, ms UTC.
    speed : float
        How many of its seconds pass in one; at 0 it stands still and `advance` moves it.
    seconds : callable
        A monotonic clock, in seconds.

    Raises
    ------
    InputError
        If the speed is negative or above `FASTEST`.
    """

    def __init__(
        self, begins_at: int, speed: float = 1.0, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._shown = float(begins_at)
        self._since = seconds()
        self._skew_ms = 0
        self.speed = _possible_speed(speed)

    def __call__(self) -> int:
        """Return the time, in ms UTC."""
        return round(self._true()) + self._skew_ms

    def set_speed(self, speed: float) -> None:
        """Go on at another speed.

        Raises
        ------
        InputError
            If the speed is negative or above `FASTEST`.
        """
        possible = _possible_speed(speed)
        self._shown, self._since = self._true(), self._seconds()
        self.speed = possible

    def advance(self, ms: int) -> None:
        """Jump forward.

        Raises
        ------
        InputError
            If it is backward, or by more than a day.
        """
        if not 0 <= ms <= LONGEST_STEP_MS:
            raise InputError("ms", ms, f"0 to {LONGEST_STEP_MS}")
        self._shown += ms

    def skew(self, ms: int) -> None:
        """Show everything so much later than it is from now on, or earlier where negative.

        Raises
        ------
        InputError
            If it is more than an hour.
        """
        if abs(ms) > LARGEST_SKEW_MS:
            raise InputError("ms", ms, f"-{LARGEST_SKEW_MS} to {LARGEST_SKEW_MS}")
        self._skew_ms = ms

    def _true(self) -> float:
        return self._shown + 1_000 * self.speed * (self._seconds() - self._since)


def _possible_speed(speed: float) -> float:
    if not 0 <= speed <= FASTEST:
        raise InputError("speed", speed, f"0 to {FASTEST:g}")
    return speed
