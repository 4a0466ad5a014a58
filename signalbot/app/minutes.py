"""The minutes of a live bot: gathered as candles close, decided once each, soon after the close."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from signalbot.app.clock import Clock
from signalbot.app.latency import Latency
from signalbot.app.live_market import LiveMarket
from signalbot.app.recorder import Recorder
from signalbot.domain.timeframe import iso
from signalbot.errors import SignalbotError
from signalbot.market.candle_grid import BTC
from signalbot.service.gathering import Gathering
from signalbot.setups.setup import Match

Run = Callable[..., Awaitable[Any]]
TOGETHER_S = 0.05
"""Closes that come so soon after each other are looked at together."""

_log = logging.getLogger(__name__)


class MinuteLoop:
    """Gathers every minute and has it decided.

    A minute that fails is logged and the next one goes on: its candles decide about open alerts
    then.

    Parameters
    ----------
    record, scan : callable
        Run a function in the thread of the record, and in one beside it.

    Attributes
    ----------
    trouble : str or None
        Why the newest minute failed.
    skipped : int
        Pairs whose candle of the newest minute did not come in time.
    match_s : Latency
        From the later of a pair's close and BTC's, as they were heard, until it was looked at.
    decide_s : Latency
        From the moment at which a minute was gathered until what it gave was in the outbox.
    """

    def __init__(
        self, market: LiveMarket, clock: Clock, recorder: Recorder, record: Run, scan: Run
    ) -> None:
        self._market = market
        self._clock = clock
        self._recorder = recorder
        self._record = record
        self._scan = scan
        self._news = market.watch.closings.news
        self._stopping = False
        self._is_accepted = False
        self._began_at = 0.0
        self._quotes: set[asyncio.Task[None]] = set()
        self.trouble: str | None = None
        self.skipped = 0
        self.match_s = Latency()
        self.decide_s = Latency()

    def accepted(self) -> None:
        """Record soon that a message was accepted."""
        self._is_accepted = True
        self._news.set()

    def remind(self) -> None:
        """Look at the clock: a deadline may have come."""
        self._news.set()

    def stop(self) -> None:
        """Decide no more minutes."""
        self._stopping = True
        self._news.set()

    async def run(self, wake: Callable[[], None]) -> None:
        """Decide minute after minute until stopped; `wake` is called after each."""
        step = self._market.world.timeframe.step_ms
        close = self._clock.now() // step * step
        await self._safely(self._catch_up, close - step)
        while not self._stopping:
            gathering = await self._gather(close)
            if gathering is None:
                break
            gathered_at = asyncio.get_running_loop().time()
            await self._safely(self._decide, gathering)
            self.decide_s.put(asyncio.get_running_loop().time() - gathered_at)
            self._say(gathering)
            wake()
            self._ask_for_quotes()
            close += step
        for task in self._quotes:
            task.cancel()
        await asyncio.gather(*self._quotes, return_exceptions=True)

    def _say(self, gathering: Gathering) -> None:
        looked_at = len(gathering.matched)
        _log.info(
            "minute %s: %d of %d pairs, %d matches, done %.2f s after its close;"
            " looked at within %s, decided within %s",
            iso(gathering.close_time)[11:16],
            looked_at,
            looked_at + self.skipped,
            gathering.count,
            (self._clock.now() - gathering.close_time) / 1_000,
            self.match_s,
            self.decide_s,
        )

    async def _gather(self, close: int) -> Gathering | None:
        """Return the minute once every pair was looked at, or its time is up."""
        world, books = self._market.world, self._market.books
        deadline = close + self._recorder.decision_delay_ms
        gathering = Gathering(world.feed, self._recorder.setups, close)
        watched = frozenset(world.watched)
        self._began_at = asyncio.get_running_loop().time()
        while not self._stopping:
            self._news.clear()
            if self._is_accepted:
                self._is_accepted = False
                await self._safely(self._record, self._recorder.deliver)
                self._ask_for_quotes()
            books.ask({match.symbol for match in await self._match(gathering, watched)})
            if gathering.matched >= watched or self._clock.now() >= deadline:
                break
            await self._until(deadline)
        if self._stopping:
            return None
        await books.asked_for((deadline - self._clock.now()) / 1_000 / self._clock.speed)
        self.skipped = len(watched - gathering.matched)
        return gathering

    async def _match(self, gathering: Gathering, watched: Collection[str]) -> list[Match]:
        closed = self._market.watch.closings.at(gathering.close_time)
        if BTC not in closed:
            return []
        new = [each for each in closed if each in watched and each not in gathering.matched]
        if not new:
            return []
        found: list[Match] = await self._scan(gathering.match, new)
        done = asyncio.get_running_loop().time()
        for symbol in new:
            # what was heard before this minute was begun did not wait for anything here
            self.match_s.put(done - max(closed[symbol], closed[BTC], self._began_at))
        return found

    async def _catch_up(self, until: int, now: int) -> None:
        await self._market.flush()
        await self._record(self._recorder.catch_up, until, now)

    async def _decide(self, gathering: Gathering, now: int) -> None:
        await self._market.flush()  # nothing is decided by a candle that is not stored
        await self._record(lambda: self._recorder.minute(gathering.minute(), now))

    async def _until(self, instant: int) -> None:
        left = (instant - self._clock.now()) / 1_000 / self._clock.speed
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), min(max(left, 0.0), 60.0))
            await asyncio.sleep(min(TOGETHER_S, max(left, 0.0)))

    async def _safely(self, function: Run, *args: Any) -> None:
        try:
            await function(*args, self._clock.now())
            self.trouble = None
        except SignalbotError as error:
            self.trouble = str(error)
            _log.error("a minute could not be worked through: %s", error)

    def _ask_for_quotes(self) -> None:
        for symbol, instant in self._recorder.quotes_due(self._clock.now()):
            task = asyncio.create_task(self._market.keep_quote(symbol, instant))
            self._quotes.add(task)
            task.add_done_callback(self._quotes.discard)
