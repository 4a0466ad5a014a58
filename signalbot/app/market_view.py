"""The watched market as a reader asks about it, at the newest close."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from signalbot.app.world import World
from signalbot.domain.instrument import Instrument
from signalbot.domain.rounding import exact
from signalbot.market.candle_grid import BTC
from signalbot.rendering.universe_text import why_text
from signalbot.rendering.venue_texts import VenueRow
from signalbot.risk.tiers import Tier
from signalbot.service.chat_ports import Btc
from signalbot.service.compare_venues import compare_venues
from signalbot.service.gathering import btc_state
from signalbot.service.named_pairs import known_symbols

THE_CONTEXT = "BTC is the context of every decision, so it is followed, and no setup is looked for."
LOOKED_BACK = 5
"""Minutes: a price is that of the newest candle among them."""


class WorldView:
    """`service.chat_ports.MarketView` of a world.

    Parameters
    ----------
    clock : callable
        Time in ms UTC.
    """

    def __init__(self, world: World, clock: Callable[[], int]) -> None:
        self._world = world
        self._clock = clock

    @property
    def venue(self) -> str:
        """The venue whose candles decide."""
        return self._world.venue

    def symbols(self) -> Collection[str]:
        """Return the unified names of the watched pairs."""
        return tuple(self._world.watched)

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the contracts of the venue, those of the watched pairs and others."""
        return self._world.instruments

    def tiers(self, symbol: str) -> Sequence[Tier]:
        """Return the maintenance tiers of a pair; nothing where they are not known."""
        return self._world.tiers.get(symbol, ())

    def price(self, symbol: str) -> Decimal | None:
        """Return the last close of a pair."""
        if symbol not in self._world.feed.symbols:
            return None
        panel = self._world.feed.panel(self._close(), LOOKED_BACK, [symbol])
        known = [close for close in panel.close[:, 0].tolist() if close == close]  # NaN: no candle
        return exact(known[-1]) if known else None

    def btc(self) -> Btc:
        """Return what BTC is doing."""
        close = self._close()
        state = btc_state(self._world.feed, self._world.timeframe, close)
        return Btc(state=state, at=close, market=self._world.btc)

    def terms(self, symbol: str) -> Sequence[VenueRow]:
        """Return the terms of a pair on every venue that was looked at."""
        world = self._world
        if world.survey is None:
            return ()
        tiers = {world.survey.venue: world.tiers}
        return compare_venues(symbol, (world.survey, *world.others), tiers).rows

    def known(self) -> Collection[str]:
        """Return the unified names of every pair that the venue lists, watched or not."""
        listings = self._world.listings
        return self.symbols() if listings is None else known_symbols(listings)

    def why(self, symbol: str) -> str | None:
        """Return why a pair is watched or not, in plain text; None while nothing was chosen."""
        listings, universe = self._world.listings, self._world.universe
        if listings is None or universe is None:
            return None
        return THE_CONTEXT if symbol == BTC else why_text(symbol, listings, universe)

    def _close(self) -> int:
        # the newest minute that is settled by now, so that BTC's candle is there
        step = self._world.timeframe.step_ms
        newest = self._clock() // step * step
        return newest if len(self._world.feed.btc(newest, 1)) else newest - step
