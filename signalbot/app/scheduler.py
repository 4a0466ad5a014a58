"""What the bot does by the clock: jobs of APScheduler, one at a time each, none lost silently.

The clock may be a simulated one, so jobs are due by it, and APScheduler is told when that is on
the machine's.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from signalbot.app.clock import Clock
from signalbot.errors import SignalbotError

GRACE_S = 30
"""A job that could not start in time still starts so much later; APScheduler's own second would
drop it in a busy one."""

_NAMES = {
    EVENT_JOB_MISSED: "missed",
    EVENT_JOB_MAX_INSTANCES: "still running",
    EVENT_JOB_ERROR: "failed",
}
_log = logging.getLogger(__name__)


class Jobs:
    """The jobs of a running bot.

    Attributes
    ----------
    misfires : Counter of tuple of str
        How often a job was missed, was still running, or failed, by job and what happened.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": GRACE_S},
        )
        self._scheduler.add_listener(self._note, sum(_NAMES))
        self._is_stopped = False
        self.misfires: Counter[tuple[str, str]] = Counter()

    def add(
        self, name: str, every_ms: int, after_ms: int, work: Callable[[], Awaitable[None] | None]
    ) -> None:
        """Do something `after_ms` after every multiple of `every_ms` of the clock."""

        async def do() -> None:
            try:
                done = work()
                if done is not None:
                    await done
            except SignalbotError as error:
                self.misfires[name, "failed"] += 1
                _log.warning("%s: %s", name, error)
            except asyncio.CancelledError:
                if not self._is_stopped:
                    raise

        trigger = ClockTrigger(self._clock, every_ms, after_ms)
        self._scheduler.add_job(do, trigger, id=name, name=name)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no more jobs, and end those that run."""
        self._is_stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _note(self, event: JobEvent) -> None:
        what = _NAMES[event.code]
        self.misfires[event.job_id, what] += 1
        _log.warning("the job %r: %s", event.job_id, what)


class ClockTrigger(BaseTrigger):  # type: ignore[misc] # it ships no types
    """Fires `after_ms` after every multiple of `every_ms` of a clock, simulated or not."""

    def __init__(self, clock: Clock, every_ms: int, after_ms: int) -> None:
        self._clock = clock
        self._every_ms = every_ms
        self._after_ms = after_ms
        self._last: int | None = None

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return when the next one is due, on the machine's clock."""
        simulated = self._clock.now()
        if self._last is None or self._last <= simulated:
            passed = (simulated - self._after_ms) // self._every_ms
            self._last = (passed + 1) * self._every_ms + self._after_ms
        left = (self._last - simulated) / 1_000 / self._clock.speed
        return now + timedelta(seconds=left)
