"""Watch the market of a running bot: open it, decide its minutes, do by the clock what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from signalbot.app.clock import Clock
from signalbot.app.live_market import LiveMarket
from signalbot.app.minutes import MinuteLoop
from signalbot.app.recorder import Recorder
from signalbot.app.scheduler import Jobs
from signalbot.app.venue_looks import comparable, look_at_venues
from signalbot.config import Settings
from signalbot.domain.controls import Controls
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.storage.controls import SqlControlLog

OPEN_AGAIN_S = 15.0
"""Pause before a venue that did not answer is asked again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """The market side of a running bot.

    Attributes
    ----------
    record : callable
        Runs a function in the thread of the record.
    """

    settings: Settings
    engine: Engine
    clock: Clock
    market: LiveMarket
    recorder: Recorder
    minutes: MinuteLoop
    jobs: Jobs
    record: Callable[..., Awaitable[Any]]

    async def run(self, wake: Callable[[], None]) -> None:
        """Open the market, however long that takes, and decide its minutes until stopped.

        `wake` is called when there may be something to send.
        """
        await self._open()
        await self.market.contracts.learn_tiers()
        await self.record(self.recorder.watch, self.clock.now())
        self._plan()
        self.jobs.start()
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(self.market.watch.run(), name="repairs"),
                group.create_task(self.market.btc.run(), name="liquidations"),
            ]
            await self.minutes.run(wake)
            for task in beside:
                task.cancel()

    async def _open(self) -> None:
        market, recorder = self.market, self.recorder
        while not market.is_open:
            frozen, open_alerts = recorder.frozen(self.clock.now()), recorder.open_symbols
            try:
                await market.open(self._controls(), frozen, open_alerts)
            except UnavailableError as error:
                _log.error("the market cannot be watched yet: %s", error)
                await asyncio.sleep(OPEN_AGAIN_S)

    def _plan(self) -> None:
        jobs, market = self.jobs, self.market
        jobs.add("decide", MINUTE_MS, self.recorder.decision_delay_ms, self.minutes.remind)
        jobs.add("pairs of the day", DAY_MS, DAY_MS - 10 * MINUTE_MS, self._choose)
        jobs.add("fresh websockets", DAY_MS, 10 * MINUTE_MS, self._renew)
        jobs.add("BTC", MINUTE_MS, 10_000, market.look_at_btc)
        jobs.add("maintenance tiers", 6 * HOUR_MS, 7 * MINUTE_MS, market.contracts.learn_tiers)
        jobs.add("funding", 10 * MINUTE_MS, 20_000, market.keep_funding)
        jobs.add("listings", 15 * MINUTE_MS, 40_000, market.look_at_listings)
        jobs.add("clock", 10 * MINUTE_MS, 30_000, market.check_clock)
        jobs.add("housekeeping", HOUR_MS, 5 * MINUTE_MS, self._tidy)
        if market.world.kind == "live":
            jobs.add("other venues", 15 * MINUTE_MS, 50_000, self._compare)

    async def _choose(self) -> None:
        await self.market.choose_tomorrow(self._controls())

    async def _compare(self) -> None:
        others, urls = self.settings.signalbot_venues[1:], self.settings.venue_urls
        looks = await look_at_venues(others, urls, self.clock.now)
        self.market.world.others = comparable(looks)

    async def _renew(self) -> None:
        await self.market.renew(self.recorder.open_symbols)

    async def _tidy(self) -> None:
        await self.record(self.recorder.tidy, self.clock.now())
        await self.market.tidy()

    def _controls(self) -> Controls:
        return SqlControlLog(self.engine).controls()
