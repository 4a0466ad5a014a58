"""Jobs of a real APScheduler, on a clock that runs as fast as a test wants it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from fakes.watched_venue import until

from signalbot.app import scheduler as scheduler_module
from signalbot.app.clock import Clock
from signalbot.app.scheduler import ClockTrigger, Jobs
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.sandbox.market import NEW_YEAR_2026

BEGINS = NEW_YEAR_2026 + 10_000
SPEED = 200.0
"""A minute passes in 0.3 s."""


def run(scenario: Callable[[Jobs, Clock], Awaitable[None]], speed: float = SPEED) -> None:
    async def do() -> None:
        clock = Clock(speed, BEGINS)
        jobs = Jobs(clock)
        try:
            await scenario(jobs, clock)
        finally:
            jobs.stop()

    asyncio.run(do())


def test_a_job_is_done_so_long_after_every_multiple_of_the_simulated_clock():
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        done: list[int] = []
        jobs.add("note", MINUTE_MS, 20_000, lambda: done.append(clock.now()))
        jobs.start()
        await until(lambda: len(done) >= 4)

        minutes = [at // MINUTE_MS for at in done]
        assert minutes == list(range(minutes[0], minutes[0] + len(minutes)))
        # it comes late by what the machine takes, never early by more than a tick of its clock
        assert all(at % MINUTE_MS > 20_000 - SPEED for at in done)
        assert not jobs.misfires

    run(scenario)


def test_a_job_that_takes_long_runs_once_at_a_time_and_the_others_are_counted():
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        running = most = 0
        release = asyncio.Event()

        async def work() -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await release.wait()
            running -= 1

        jobs.add("long", MINUTE_MS, 0, work)
        jobs.start()
        await until(lambda: jobs.misfires["long", "still running"] >= 2)
        assert (running, most) == (1, 1)
        release.set()
        await until(lambda: running == 0)
        counted = jobs.misfires.total()
        await until(lambda: most == 1 and running == 0)
        assert set(jobs.misfires) == {("long", "still running")}
        assert counted >= 2

    run(scenario)


@pytest.mark.parametrize("error", [UnavailableError("the venue is away"), ZeroDivisionError()])
def test_a_job_that_fails_is_counted_and_comes_again(error):
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        done = 0

        async def work() -> None:
            nonlocal done
            done += 1
            if done == 1:
                raise error

        jobs.add("fails", MINUTE_MS, 0, work)
        jobs.start()
        await until(lambda: done >= 3)
        assert jobs.misfires == {("fails", "failed"): 1}

    run(scenario)


def test_a_job_that_a_blocked_loop_made_late_still_runs():
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        done: list[int] = []
        jobs.add("late", MINUTE_MS, 0, lambda: done.append(clock.now()))
        jobs.start()
        await until(lambda: len(done) == 1)
        time.sleep(2.0)  # noqa: ASYNC251 - that is what is tested
        before = clock.now()
        await until(lambda: len(done) >= 2)

        assert done[1] - before < MINUTE_MS  # at once, and once for all that were missed
        assert not jobs.misfires

    run(scenario)


def test_a_job_that_is_too_late_is_counted_and_the_next_one_runs(monkeypatch):
    monkeypatch.setattr(scheduler_module, "GRACE_S", 1)

    async def scenario(jobs: Jobs, clock: Clock) -> None:
        done = 0

        def work() -> None:
            nonlocal done
            done += 1

        jobs.add("missed", MINUTE_MS, 0, work)
        jobs.start()
        await until(lambda: done == 1)
        time.sleep(1.6)  # noqa: ASYNC251 - that is what is tested
        await until(lambda: done >= 3)
        assert jobs.misfires["missed", "missed"] >= 1

    run(scenario, speed=SPEED)


def test_nothing_is_done_before_the_start_and_after_the_stop():
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        done: list[int] = []
        jobs.add("note", MINUTE_MS, 0, lambda: done.append(clock.now()))
        await until(lambda: clock.now() > BEGINS + 2 * MINUTE_MS)
        assert done == []
        jobs.start()
        await until(lambda: len(done) >= 1)
        jobs.stop()
        count, stopped_at = len(done), clock.now()
        await until(lambda: clock.now() > stopped_at + 2 * MINUTE_MS)
        assert len(done) == count

    run(scenario)


def test_stopping_what_never_began_is_nothing():
    async def scenario(jobs: Jobs, clock: Clock) -> None:
        jobs.stop()

    run(scenario)


@pytest.mark.parametrize(
    ("every_ms", "after_ms", "due"),
    [
        (MINUTE_MS, 0, MINUTE_MS),
        (MINUTE_MS, 20_000, 20_000),
        (MINUTE_MS, 5_000, 65_000),
        (HOUR_MS, 5 * MINUTE_MS, 5 * MINUTE_MS),
    ],
)
def test_a_trigger_counts_from_the_whole_of_the_clock(every_ms, after_ms, due):
    clock = Clock(1.0, BEGINS)
    trigger = ClockTrigger(clock, every_ms, after_ms)
    now = scheduler_module.datetime.now(scheduler_module.UTC)

    left = (trigger.get_next_fire_time(None, now) - now).total_seconds()
    assert left == pytest.approx((NEW_YEAR_2026 + due - BEGINS) / 1_000, abs=0.5)
