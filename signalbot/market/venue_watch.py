"""Watch the candles of one venue: websockets where they say when a candle is closed, REST else.

Every closed candle goes into the grid once, whichever way it came, and from there into the store.
What the websockets leave out is asked for by REST; what the venue does not have either is a gap.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.candle_frames import Frame, Values, hooks, reader_of
from signalbot.market.candle_grid import BTC, Grids, values_of
from signalbot.market.candle_sockets import CandleSockets
from signalbot.market.closings import Closings
from signalbot.market.rest_candles import SETTLED_MS, closed_candles

TRIES_FOR_A_GAP = 3
AT_ONCE = 8
"""Calls that are on their way at one time; ccxt keeps the pace."""

OFF_BY_MS = HOUR_MS
"""A frame that says it was sent so far from our time is not believed."""

_log = logging.getLogger(__name__)

Stored = tuple[str, int, float, float, float, float, float]


@dataclass(slots=True, kw_only=True)
class Counts:
    """What came in since the start."""

    frames: int = 0
    refused: int = 0
    repeated: int = 0
    late_ms: list[int] = field(default_factory=list)


class VenueWatch:
    """The candles of one venue.

    Parameters
    ----------
    new_client : callable
        Makes a client for websockets from hooks, with the markets loaded.
    grids : Grids
        Where they go.
    clock : callable
        The venue's time in ms UTC: what is closed is closed by it.
    speed : float
        How many of its seconds pass in one.

    Attributes
    ----------
    closings : Closings
        When closes were heard.
    gaps : dict of str to list of int
        Minutes that the venue does not have, by symbol.
    """

    def __init__(
        self,
        venue: str,
        calls: Calls,
        new_client: Callable[[dict[str, Any]], Any],
        grids: Grids,
        clock: Callable[[], int],
        *,
        speed: float = 1.0,
    ) -> None:
        self._venue = venue
        self._calls = calls
        self._new_client = new_client
        self._grids = grids
        self._clock = clock
        self._speed = speed
        self._read = reader_of(venue)
        self._symbol_of: dict[str, str] = {}
        self._since: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._tried: Counter[tuple[str, int]] = Counter()
        self._fresh: list[Stored] = []
        self._repairing = asyncio.Lock()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._resumed = asyncio.Event()
        self._sockets = CandleSockets(self._candle_client, self._resumed.set)
        self.closings = Closings()
        self.counts = Counts()
        self.gaps: dict[str, list[int]] = {}

    @property
    def followed(self) -> tuple[str, ...]:
        """Every symbol that is followed, BTC too."""
        return tuple(self._since)

    @property
    def breaks(self) -> int:
        """How often a websocket broke."""
        return self._sockets.breaks

    def troubles(self) -> list[str]:
        """Return what is wrong with the websockets now."""
        return self._sockets.troubles()

    def take_fresh(self) -> list[Stored]:
        """Return the candles that came since the last call, as the store wants them."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def give_back(self, fresh: list[Stored]) -> None:
        """Take back candles that could not be stored."""
        self._fresh = fresh + self._fresh

    def end(self, symbol: str, at: int) -> None:
        """Ask for no candle of a pair any more: it is not traded from an instant on.

        What was missing until then is a gap.
        """
        self._gap(symbol, self._missing(symbol, at))
        self._ends[symbol] = at
        self._sockets.leave_out(symbol)

    def resume(self, symbol: str) -> None:
        """Ask for every candle of a pair again."""
        self._ends.pop(symbol, None)

    def remember(self, symbol: str, candles: Candles) -> None:
        """Take in what was stored before."""
        self._grids.of(symbol).put_all(symbol, candles)

    async def follow(self, since: dict[str, int]) -> None:
        """Follow more symbols, and ask for their candles from an instant on, each its own.

        Returns when every symbol's candles are there, or could not be had.
        """
        new = {symbol: at for symbol, at in since.items() if symbol not in self._since}
        self._since.update(new)
        self._grids.pairs.add([symbol for symbol in new if symbol != BTC])
        self._symbol_of.update(self._names(new))
        if self._read is not None and new:
            self._sockets.open([symbol for symbol in new if symbol != BTC])
        await self.repair()

    async def renew(self, symbols: Collection[str]) -> None:
        """Follow these symbols alone of those that are followed, on fresh websockets.

        The old websockets are closed once the new ones are heard.
        """
        self._since = {each: at for each, at in self._since.items() if each in symbols}
        if self._read is not None:
            await self._sockets.renew([each for each in self._since if each != BTC])

    async def run(self) -> None:
        """Repair after each minute and whenever a websocket comes back, until cancelled."""
        while True:
            wait = MINUTE_MS - (self._clock() - SETTLED_MS) % MINUTE_MS + 500
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._resumed.wait(), wait / 1_000 / self._speed)
            self._resumed.clear()
            await self.repair()

    async def repair(self) -> None:
        """Ask for every minute that is missing, the oldest first, until the last settled one.

        What is settled is asked of the venue: a clock of ours that is wrong would make a candle
        of a minute that runs.
        """
        async with self._repairing:
            if not self._wanted(self._clock()):
                return
            try:
                now = min(await self._venue_time(), self._clock())
            except UnavailableError as error:
                _log.warning("nothing is repaired: %s", error)
                return
            wanted = self._wanted(now)
            # BTC first: nothing is decided without it
            order = sorted(wanted, key=lambda each: each != BTC)
            await asyncio.gather(*(self._mend(each, wanted[each], now) for each in order))

    async def close(self) -> None:
        """Listen to nothing any more."""
        await self._sockets.close()

    async def _venue_time(self) -> int:
        theirs = await self._calls("fetch_time")
        if type(theirs) is not int:
            raise UnavailableError(f"{self._venue} does not tell the time")
        return theirs

    def _wanted(self, now: int) -> dict[str, list[int]]:
        until = (now - SETTLED_MS) // MINUTE_MS * MINUTE_MS
        missing = ((symbol, self._missing(symbol, until)) for symbol in self._since)
        return {symbol: minutes for symbol, minutes in missing if minutes}

    def _missing(self, symbol: str, until: int) -> list[int]:
        given_up = set(self.gaps.get(symbol, ()))
        ends = min(until, self._ends.get(symbol, until))
        missing = self._grids.of(symbol).missing(symbol, self._since[symbol], ends)
        return [minute for minute in missing if minute not in given_up]

    async def _mend(self, symbol: str, missing: Sequence[int], now: int) -> None:
        for stretch in _stretches(missing):
            await self._mend_stretch(symbol, stretch, now)

    async def _mend_stretch(self, symbol: str, missing: Sequence[int], now: int) -> None:
        async with self._turns:
            try:
                found = await closed_candles(
                    self._calls, symbol, missing[0], missing[-1] + MINUTE_MS, now
                )
            except UnavailableError as error:
                _log.warning("%s: %s", symbol, error)
                return
        for row, open_time in enumerate(found.open_time.tolist()):
            self._take(symbol, open_time, values_of(found, row))
        self._give_up(symbol, missing)

    def _give_up(self, symbol: str, missing: Sequence[int]) -> None:
        grid = self._grids.of(symbol)
        first = grid.oldest(symbol)
        for minute in missing:
            if grid.has(symbol, minute):
                self._tried.pop((symbol, minute), None)
                continue
            self._tried[symbol, minute] += 1
            if self._tried[symbol, minute] < TRIES_FOR_A_GAP:
                continue
            del self._tried[symbol, minute]
            if first is not None and minute > first:
                self._gap(symbol, [minute])
            else:  # it was not listed yet
                self._since[symbol] = max(self._since[symbol], minute + MINUTE_MS)

    def _gap(self, symbol: str, minutes: Sequence[int]) -> None:
        if minutes:
            self.gaps.setdefault(symbol, []).extend(minutes)

    def _candle_client(self) -> Any:
        assert self._read is not None  # noqa: S101 - else there are no websockets
        return self._new_client(hooks(self._read, self._hear, self._refuse))

    def _names(self, symbols: Collection[str]) -> dict[str, str]:
        markets = self._calls.client.markets
        return {str(markets[symbol]["id"]): symbol for symbol in symbols}

    def _hear(self, frame: Frame) -> None:
        self.counts.frames += 1
        symbol = self._symbol_of.get(frame.name)
        if symbol is None or not frame.is_closed:
            return
        close_time = frame.open_time + MINUTE_MS
        if frame.sent_at < close_time or abs(frame.sent_at - self._clock()) > OFF_BY_MS:
            self._refuse()
            return
        if self._take(symbol, frame.open_time, frame.values):
            self.counts.late_ms.append(frame.sent_at - close_time)
            del self.counts.late_ms[:-10_000]
        else:
            self.counts.repeated += 1

    def _take(self, symbol: str, open_time: int, values: Values) -> bool:
        # BTC is on every websocket: the first one counts
        if not self._grids.of(symbol).put(symbol, open_time, values):
            return False
        self._fresh.append((symbol, open_time, *values))
        now = asyncio.get_running_loop().time()
        self.closings.put(symbol, open_time + MINUTE_MS, now)
        return True

    def _refuse(self) -> None:
        self.counts.refused += 1


def _stretches(minutes: Sequence[int]) -> list[Sequence[int]]:
    """Return minutes in stretches, so that what lies far between two is not asked for again."""
    ends = [row for row, (one, next_) in enumerate(pairwise(minutes), 1) if next_ - one > HOUR_MS]
    return [minutes[first:last] for first, last in pairwise([0, *ends, len(minutes)])]
