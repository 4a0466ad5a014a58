"""A local venue, watched as the bot does it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.market.calls import Calls
from signalbot.market.candle_grid import BTC, Grids
from signalbot.market.venue_client import venue_client
from signalbot.market.venue_watch import VenueWatch
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate

BEGINS = NEW_YEAR_2026 + 180 * MINUTE_MS + 30_000
"""Half of a minute, with three hours behind it."""

PATIENCE_S = 30.0


@dataclass(kw_only=True)
class WatchedVenue:
    market: GeneratedMarket
    clock: VenueClock
    server: ExchangeServer
    calls: Calls
    grids: Grids
    watch: VenueWatch
    clients: list[Any] = field(default_factory=list)

    @property
    def pairs(self) -> list[str]:
        return [symbol for symbol in self.market.series if symbol != BTC]

    async def follow(self, minutes: int = 60) -> None:
        since = self.clock() - minutes * MINUTE_MS
        await self.watch.follow(dict.fromkeys([BTC, *self.pairs], since))

    def wrong(self, since: int, until: int) -> list[tuple[str, int]]:
        """What is in the grid and not so on the venue, by symbol and open time."""
        found = []
        for symbol in self.market.series:
            mine = self.grids.of(symbol).candles(symbol, until, (until - since) // MINUTE_MS)
            truth = self.market.series[symbol].between(since, until)
            rows = {at: row for row, at in enumerate(truth.open_time.tolist())}
            for index, at in enumerate(mine.open_time.tolist()):
                if any(
                    getattr(mine, name)[index] != getattr(truth, name)[rows[at]]
                    for name in ("open", "high", "low", "close", "volume")
                ):
                    found.append((symbol, at))
        return found

    def missing(self, since: int, until: int) -> list[tuple[str, int]]:
        return [
            (symbol, at)
            for symbol in self.market.series
            for at in self.grids.of(symbol).missing(symbol, since, until)
        ]


@asynccontextmanager
async def watched_venue(
    venue: str = "binanceusdm", speed: float = 0.0, pairs: int = 4, ahead_ms: int = 0
) -> AsyncIterator[WatchedVenue]:
    """A venue, and whoever watches it by a clock that is so much ahead of it."""
    market = generate(7, pairs, 600)
    clock = VenueClock(BEGINS, speed)
    server = ExchangeServer(market, clock)
    url = await server.start()
    client = venue_client(venue, url)
    client.enableRateLimit = False
    calls = Calls(venue, client, speed=speed or 1.0)
    clients = []

    def stream_client(hooked: dict[str, Any]) -> Any:
        made = venue_client(venue, url, hooked)
        made.set_markets_from_exchange(client)
        clients.append(made)
        return made

    grids = Grids(300, 300, BEGINS)
    watching = VenueWatch(
        venue, calls, stream_client, grids, lambda: clock() + ahead_ms, speed=speed or 1.0
    )
    try:
        await client.load_markets()
        yield WatchedVenue(
            market=market,
            clock=clock,
            server=server,
            calls=calls,
            grids=grids,
            watch=watching,
            clients=clients,
        )
    finally:
        await watching.close()
        await client.close()
        await server.stop()


async def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(patience_s):
        while not is_so():
            await asyncio.sleep(0.02)
