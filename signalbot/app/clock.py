"""The clock of this process: the machine's, or a simulated one that runs faster."""

import asyncio
import time

from signalbot.errors import InputError

FASTEST = 600.0


class Clock:
    """Time in ms UTC, as the use cases are given it.

    Parameters
    ----------
    speed : float
        How many simulated seconds pass in one; 1 is the machine's own time.
    begins_at : int or None
        Instant that it shows first, in ms UTC; None is now.

    Raises
    ------
    InputError
        If the speed is not above 0 and at most `FASTEST`.
    """

    def __init__(self, speed: float = 1.0, begins_at: int | None = None) -> None:
        if not 0 < speed <= FASTEST:
            raise InputError("speed", speed, f"above 0, at most {FASTEST:g}")
        self.speed = speed
        self._started = time.monotonic()
        self._begins_at = _machine_time() if begins_at is None else begins_at
        self._follows_machine = speed == 1.0 and begins_at is None

    def now(self) -> int:
        """Return the time, in ms UTC."""
        if self._follows_machine:
            return _machine_time()
        return self._begins_at + round(1_000 * self.speed * (time.monotonic() - self._started))

    def seconds(self) -> float:
        """Return the time, in seconds."""
        return self.now() / 1_000

    async def sleep_until(self, instant: int) -> None:
        """Return at `instant`, or at once where it has passed.

        It sleeps a minute at most at a time, so that a machine's clock may be set meanwhile.
        """
        while (left := instant - self.now()) > 0:  # noqa: ASYNC110 - time passes, nobody tells
            await asyncio.sleep(min(left / 1_000 / self.speed, 60.0))


def _machine_time() -> int:
    return time.time_ns() // 1_000_000
