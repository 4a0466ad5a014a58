"""The live market of one venue: opened, watched, repaired and looked at again every day."""

import asyncio
import contextlib
import logging
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from signalbot.analysis.btc_context import BtcRules
from signalbot.app.clock import Clock
from signalbot.app.contracts import Contracts
from signalbot.app.market_plan import MarketPlan
from signalbot.app.world import Past, World
from signalbot.domain.controls import Controls
from signalbot.domain.timeframe import DAY_MS, M1, MINUTE_MS
from signalbot.domain.trade import Quote
from signalbot.errors import UnavailableError
from signalbot.market.books import Books
from signalbot.market.btc_market import BtcWatch
from signalbot.market.calls import Calls
from signalbot.market.candle_grid import BTC, Grids
from signalbot.market.grid_feed import GridFeed
from signalbot.market.venue_client import hasten, venue_client
from signalbot.market.venue_watch import VenueWatch
from signalbot.service.gathering import BTC_MARGIN_MS, PANEL_ROWS
from signalbot.storage.candle_store import CandleStore
from signalbot.storage.stored_history import StoredHistory

BTC_ROWS = (BtcRules().volatility_days * DAY_MS + BTC_MARGIN_MS) // MINUTE_MS
KEPT_MS = 4 * DAY_MS
"""Candles that are stored: baselines look back two days, and a day is settled a day later."""

MOST_SKEW_MS = 2_000
BLIND_AFTER_MS = 3 * MINUTE_MS
_log = logging.getLogger(__name__)


class LiveMarket:
    """One venue, watched.

    Attributes
    ----------
    world : World
        What the rest of the bot sees of it.
    contracts : Contracts
        What it lists.
    watch : VenueWatch
        Its candles.
    books : Books
        Its order books.
    is_open : bool
        Whether its pairs are followed.
    btc : BtcWatch
        BTC's perpetual.
    skew_ms : int or None
        How much later our clock is than the venue's.
    """

    def __init__(self, plan: MarketPlan, clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._store = CandleStore(plan.store)
        self._client = venue_client(plan.venue, plan.url)
        hasten(self._client, clock.speed)
        self.calls = Calls(plan.venue, self._client, speed=clock.speed)
        self.skew_ms: int | None = None
        now = clock.now()
        reach = max(plan.rows, PANEL_ROWS)
        grids = Grids(reach, BTC_ROWS, now)
        self._pairs, self._btc = grids.pairs, grids.btc
        self.watch = VenueWatch(
            plan.venue,
            self.calls,
            self._stream_client,
            grids,
            self._venue_time,
            speed=clock.speed,
        )
        self.books = Books(self.calls, self._contract_size, clock.now)
        self.world = World(
            kind=plan.kind,
            venue=plan.name,
            feed=GridFeed(grids, self.books),
            history=StoredHistory(
                self._store,
                lambda pair: self._pairs.symbols[pair],
                lambda of: self._delisted.get(of),
            ),
        )
        self.contracts = Contracts(plan, self.calls, clock, self.world)
        self._btc_stream = venue_client(plan.venue, plan.url)
        self.btc = BtcWatch(self.calls, self._btc_stream, self._venue_time)
        self._delisted: dict[str, int] = {}
        self.is_open = False
        self._opened_trouble: str | None = "its markets are not loaded yet"
        self._store_trouble: str | None = None

    async def open(
        self, controls: Controls, frozen: Collection[str] | None, open_alerts: Collection[str]
    ) -> None:
        """Look at the venue, choose the pairs of the day unless they are frozen, and follow them.

        Parameters
        ----------
        open_alerts : collection of str
            Symbols that are followed besides, because alerts on them have no outcome yet.

        Raises
        ------
        UnavailableError
            If the venue does not answer; it may be tried again.
        """
        try:
            await self._open(controls, frozen, open_alerts)
        except UnavailableError as error:
            self._opened_trouble = str(error)
            raise
        self._opened_trouble = None
        self.is_open = True

    async def look_at_listings(self) -> None:
        """Look which contracts are traded by now; those that are not end with their last candle."""
        await self.contracts.list_again()
        listed = self.contracts.listed
        for symbol in listed & set(self._delisted):
            _log.warning("%s is traded again", symbol)
            del self._delisted[symbol]
            self.watch.resume(symbol)
        gone = set(self._pairs.symbols) - listed - set(self._delisted)
        if gone:
            await self.watch.repair()  # their last candles
        for symbol in sorted(gone):
            ended = self._pairs.newest(symbol)
            if ended is not None:
                _log.warning("%s is not traded any more", symbol)
                self._delisted[symbol] = ended
                self.watch.end(symbol, ended)

    async def choose_tomorrow(self, controls: Controls) -> None:
        """Choose the pairs of the day to come, and begin to follow those that are new."""
        chosen = await self.contracts.choose(await self.contracts.look(), controls)
        await self._follow(chosen)
        self.world.next_watched = chosen

    async def renew(self, open_alerts: Collection[str]) -> None:
        """Follow the pairs of the day alone, and those with an open alert, on fresh websockets."""
        listed = set(self._client.markets) - set(self._delisted)
        await self.watch.renew(listed & {BTC, *self.world.watched, *open_alerts})

    async def check_clock(self) -> None:
        """Compare the venue's clock with ours; an answer that was long in coming tells nothing."""
        before = self._clock.now()
        theirs = await self.calls("fetch_time")
        after = self._clock.now()
        if type(theirs) is int and after - before <= MOST_SKEW_MS:
            self.skew_ms = (before + after) // 2 - theirs

    async def keep_quote(self, symbol: str, instant: int) -> None:
        """Store the best prices from an instant on: what a follower of an alert then meets."""
        await self._clock.sleep_until(instant)
        asked_at = self._clock.now()
        book = await self.books.fetch(symbol)
        if book is None:
            return
        quote = Quote(time=max(book.time, asked_at), bid=book.best_bid, ask=book.best_ask)
        try:
            await asyncio.to_thread(self._store.put_quote, symbol, quote)
        except UnavailableError as error:
            _log.warning("no quote of %s: %s", symbol, error)

    async def look_at_btc(self) -> None:
        """Look at BTC's perpetual."""
        await self.btc.look()
        self.world.btc = self.btc.newest

    async def keep_funding(self) -> None:
        """Store what funding falls due next, for the alerts that are open then."""
        if not self._client.has["fetchFundingRates"]:
            return
        answer = await self.calls("fetch_funding_rates")
        due = [
            each for each in map(self.contracts.funding_due, answer.values()) if each is not None
        ]
        await asyncio.to_thread(self._store.put_funding, due)

    async def flush(self) -> None:
        """Store the candles that came; those that cannot be stored now are stored by the next call.

        Raises
        ------
        UnavailableError
            If their file cannot be written.
        """
        fresh = self.watch.take_fresh()
        if not fresh:
            return
        try:
            await asyncio.to_thread(self._store.add, fresh)
        except UnavailableError as error:
            self.watch.give_back(fresh)
            self._store_trouble = str(error)
            raise
        self._store_trouble = None

    async def tidy(self) -> None:
        """Delete what nobody asks for any more."""
        await asyncio.to_thread(self._store.purge, self._clock.now() - KEPT_MS)

    def pair_of(self, symbol: str) -> int | None:
        """Return the column of a pair; None if it has none."""
        return self._pairs.column_of(symbol)

    def stored(self, since: int, until: int) -> int:
        """Return how many candles that open in [since, until) are stored."""
        return self._store.count(since, until)

    def troubles(self) -> list[str]:
        """Return what is wrong with the market, in words for an admin."""
        said = (
            self._opened_trouble,
            *self.contracts.troubles,
            *self.watch.troubles(),
            self.calls.trouble,
            self._store_trouble,
        )
        found = [each for each in said if each is not None]
        if self.skew_ms is not None and abs(self.skew_ms) > MOST_SKEW_MS:
            found.append(
                f"our clock is {self.skew_ms / 1_000:+.1f} s off that of {self._plan.venue}"
            )
        newest = self._btc.newest(BTC)
        if newest is not None and self._clock.now() - newest > BLIND_AFTER_MS:
            found.append("no candle of BTC for three minutes, so nothing is decided")
        return list(dict.fromkeys(found))

    async def close(self) -> None:
        """Stop watching, and store what came."""
        await self.watch.close()
        await self.books.close()
        for client in (self._btc_stream, self._client):
            await client.close()
        with contextlib.suppress(UnavailableError):  # they can be asked for again
            await self.flush()
        self._store.close()

    async def _open(
        self, controls: Controls, frozen: Collection[str] | None, open_alerts: Collection[str]
    ) -> None:
        await self.check_clock()
        found = await self.contracts.look()
        self._btc_stream.set_markets_from_exchange(self._client)
        chosen = await self.contracts.chosen(found, controls, frozen)
        await self._remember((*chosen, *open_alerts))
        await self._follow((BTC, *chosen, *open_alerts))
        await self.flush()
        self.world.watched = tuple(each for each in chosen if each in self.world.instruments)
        if self._plan.kind == "simulation":
            now = self._clock.now()
            past = self._pairs.panel(now // MINUTE_MS * MINUTE_MS - MINUTE_MS, self._plan.rows)
            self.world.past = Past(panel=past)

    async def _remember(self, symbols: Collection[str]) -> None:
        now = M1.floor(self._clock.now())
        self._pairs.add([symbol for symbol in symbols if symbol != BTC])
        for symbol in (BTC, *symbols):
            rows = BTC_ROWS if symbol == BTC else self._plan.rows
            stored = await asyncio.to_thread(
                self._store.candles, symbol, now - rows * MINUTE_MS, now
            )
            self.watch.remember(symbol, stored)

    async def _follow(self, symbols: Collection[str]) -> None:
        now = M1.floor(self._clock.now())
        rows = {symbol: BTC_ROWS if symbol == BTC else self._plan.rows for symbol in symbols}
        listed = {each for each in rows if each in self._client.markets}
        await self.watch.follow({each: now - rows[each] * MINUTE_MS for each in listed})

    def _venue_time(self) -> int:
        return self._clock.now() - (self.skew_ms or 0)

    def _contract_size(self, symbol: str) -> Decimal:
        instrument = self.world.instruments.get(symbol)
        return Decimal(1) if instrument is None else instrument.contract_size

    def _stream_client(self, hooked: dict[str, Any]) -> Any:
        client = venue_client(self._plan.venue, self._plan.url, hooked)
        client.set_markets_from_exchange(self._client)
        return client
