"""The contracts of a venue as they are known: listed, chosen for a day, with their tiers."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from signalbot.app.choosing import universe_of
from signalbot.app.clock import Clock
from signalbot.app.market_plan import MarketPlan
from signalbot.app.world import World
from signalbot.domain.controls import Controls
from signalbot.domain.listing import Listings
from signalbot.domain.market_cap import CapTable
from signalbot.domain.survey import Survey
from signalbot.errors import UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.candle_grid import BTC
from signalbot.market.ccxt_funding import funding_of
from signalbot.market.listings import listings_of
from signalbot.market.public_tiers import public_tiers, tiers_of_file
from signalbot.market.survey import survey


class Contracts:
    """What a venue lists; what is learnt goes into the world.

    Attributes
    ----------
    troubles : list of str
        What the newest look did not give.
    """

    def __init__(self, plan: MarketPlan, calls: Calls, clock: Clock, world: World) -> None:
        self._plan = plan
        self._calls = calls
        self._client = calls.client
        self._clock = clock
        self._world = world
        self.troubles: list[str] = []

    @property
    def listed(self) -> frozenset[str]:
        """The symbols that can be traded by now."""
        listings = self._world.listings
        return (
            frozenset() if listings is None else frozenset(each.symbol for each in listings.listed)
        )

    async def look(self) -> Survey:
        """Look at the venue as a whole.

        Raises
        ------
        UnavailableError
            If it does not say what it lists.
        """
        before = self._client.markets
        found = await survey(self._plan.venue, self._calls, self._clock.now())
        self._know(found.listings, before)
        self._world.survey = found
        return found

    async def list_again(self) -> None:
        """Ask again what it lists, and nothing else.

        Raises
        ------
        UnavailableError
            If it does not say.
        """
        before = self._client.markets
        await self._calls("load_markets", True)
        self._know(listings_of(self._plan.venue, self._client.markets.values()), before)

    async def chosen(
        self, found: Survey, controls: Controls, frozen: Collection[str] | None
    ) -> tuple[str, ...]:
        """Return the pairs of the day: the frozen ones, or those that are chosen now.

        Raises
        ------
        UnavailableError
            If no pair is left after the filters.
        """
        if not frozen:
            return await self.choose(found, controls)
        with contextlib.suppress(UnavailableError):  # for whoever asks why; it chooses nothing
            await self.choose(found, controls)
        return tuple(sorted(frozen))

    async def choose(self, found: Survey, controls: Controls) -> tuple[str, ...]:
        """Choose the pairs to watch by figures and by the admins' words.

        Raises
        ------
        UnavailableError
            If no pair is left.
        """
        now = self._clock.now()
        caps = CapTable() if self._plan.caps is None else await self._plan.caps.table(now)
        self.troubles = [*found.troubles, *([caps.trouble] if caps.trouble else [])]
        universe = universe_of(found, caps, self._plan.coin_ids, controls, self._plan.rules)
        self._world.universe = universe
        if not universe.symbols:
            raise UnavailableError(
                f"no pair of {self._plan.venue} is left after the filters:"
                " `signalbot pairs` says why"
            )
        return tuple(each for each in universe.symbols if each != BTC)  # it is the context

    async def learn_tiers(self) -> None:
        """Learn the maintenance tiers of the watched pairs, as far as they are public or given."""
        found = self._world.survey
        if found is None:
            return
        prices = {
            symbol: each.price for symbol, each in found.trading.items() if each.price is not None
        }
        told = await public_tiers(self._plan.venue, self._calls, self._world.watched, prices)
        given = await asyncio.to_thread(tiers_of_file, self._plan.tiers_file, found.listings.listed)
        self._world.tiers = {**given, **told}

    def funding_due(self, row: Mapping[str, Any]) -> tuple[str, int, Decimal] | None:
        """Return symbol, time and rate of the funding that a row of ccxt's tells; None if none."""
        symbol, due = row.get("symbol"), row.get("fundingTimestamp")
        terms = funding_of(self._plan.venue, row, {}, None)
        if not isinstance(symbol, str) or type(due) is not int or terms is None:
            return None
        return symbol, due, terms.rate

    def _know(self, listings: Listings, before: Any) -> None:
        if BTC not in self._client.markets:  # a list without it is not believed
            if before:
                self._client.set_markets(before)
            raise UnavailableError(f"{self._plan.venue} does not list {BTC}")
        self._world.listings = listings
        closed = (each.listing for each in listings.excluded)
        known = [*listings.listed, *(each for each in closed if each is not None)]
        # what was watched under a name that is gone is still asked for
        self._world.instruments = dict(self._world.instruments) | {
            each.symbol: replace(each.instrument, venue=self._plan.name) for each in known
        }
