"""The clock of a live bot: each minute of the market is decided once, soon after its close."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from signalbot.app.clock import Clock
from signalbot.app.recorder import Recorder
from signalbot.app.world import World
from signalbot.domain.timeframe import HOUR_MS
from signalbot.errors import SignalbotError

Run = Callable[..., Awaitable[Any]]
_log = logging.getLogger(__name__)


class MinuteLoop:
    """Calls the recorder at every close.

    A minute that fails is logged and the next one goes on: its candles decide about open alerts
    then.

    Attributes
    ----------
    trouble : str or None
        Why the newest minute failed.
    has_ended : bool
        Whether the market has come to its end.
    """

    def __init__(self, world: World, clock: Clock, recorder: Recorder, run: Run) -> None:
        self._world = world
        self._clock = clock
        self._recorder = recorder
        self._run = run
        self._accepted = asyncio.Event()
        self._stopping = False
        self.trouble: str | None = None
        self.has_ended = False

    def accepted(self) -> None:
        """Record soon that a message was accepted."""
        self._accepted.set()

    def stop(self) -> None:
        """Decide no more minutes."""
        self._stopping = True
        self._accepted.set()

    async def run(self, wake: Callable[[], None]) -> None:
        """Decide minute after minute until stopped; `wake` is called after each."""
        step = self._world.timeframe.step_ms
        close = max(self._world.begins_at, self._clock.now() // step * step)
        await self._safely(self._recorder.catch_up, close - step)
        tidied = self._clock.now()
        while not self._stopping:
            if close > self._world.ends_at:
                self.has_ended = True
                await self._until(self._clock.now() + HOUR_MS)
                continue
            await self._until(close + self._recorder.decision_delay_ms)
            if self._stopping:
                return
            await self._safely(self._recorder.minute, close)
            wake()
            close += step
            if self._clock.now() - tidied > HOUR_MS:
                tidied = self._clock.now()
                await self._safely(self._recorder.tidy)

    async def _until(self, instant: int) -> None:
        """Wait, and record meanwhile what was accepted."""
        while not self._stopping and (left := instant - self._clock.now()) > 0:
            self._accepted.clear()
            seconds = min(left / 1_000 / self._clock.speed, 60.0)
            try:
                await asyncio.wait_for(self._accepted.wait(), seconds)
            except TimeoutError:
                continue
            if not self._stopping:
                await self._safely(self._recorder.deliver)

    async def _safely(self, function: Callable[..., Any], *args: int) -> None:
        try:
            await self._run(function, *args, self._clock.now())
            self.trouble = None
        except SignalbotError as error:
            self.trouble = str(error)
            _log.error("a minute could not be worked through: %s", error)
