"""The market that a bot watches: contracts, candles and books, and where it begins and ends."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.app.simulation import PAIRS, scene_of
from signalbot.domain.instrument import Instrument
from signalbot.domain.panel import Panel
from signalbot.domain.rounding import exact
from signalbot.domain.timeframe import DAY_MS, M1, MINUTE_MS, Timeframe
from signalbot.rendering.venue_texts import VenueTerms
from signalbot.risk.tiers import Tier
from signalbot.sandbox.coins import BITCOIN, VENUE
from signalbot.sandbox.feed import GeneratedFeed
from signalbot.sandbox.market import generate
from signalbot.service.chat_ports import Btc
from signalbot.service.closed_minute import btc_state
from signalbot.service.ports import Feed, History
from signalbot.service.replay import SpreadOf

HISTORY_DAYS, LIVE_DAYS = 3, 30
"""Days of the generated market before a bot begins and from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a bot watches.

    Attributes
    ----------
    kind : str
        What the genesis says the record is of.
    begins_at, ends_at : int
        First and last close that is decided live.
    panel : Panel
        Everything there is, for the days before the beginning.
    spread_of : callable, optional
        Spread of a symbol's book at the close of a row of the panel.
    """

    kind: str
    venue: str
    timeframe: Timeframe
    instruments: Mapping[str, Instrument]
    feed: Feed
    history: History
    panel: Panel
    begins_at: int
    ends_at: int
    spread_of: SpreadOf | None = None
    tiers: Mapping[str, Sequence[Tier]] = field(default_factory=dict)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The watched pairs, in the order of the panel."""
        return self.panel.symbols


def simulated_world(seed: int, around: int) -> World:
    """Return a generated market whose live part begins with the minute after `around`."""
    begins_at = around - around % MINUTE_MS + MINUTE_MS
    first_open = begins_at - HISTORY_DAYS * DAY_MS
    minutes = (HISTORY_DAYS + LIVE_DAYS) * DAY_MS // MINUTE_MS
    generated = generate(seed, PAIRS, minutes, first_open)
    scene = scene_of(generated)
    return World(
        kind=scene.kind,
        venue=VENUE,
        timeframe=M1,
        instruments=scene.instruments,
        feed=GeneratedFeed(generated, scene.panel, generated.series[BITCOIN.symbol]),
        history=scene.history,
        panel=scene.panel,
        spread_of=scene.spread_of,
        begins_at=begins_at,
        ends_at=first_open + minutes * MINUTE_MS,
    )


class WorldView:
    """`service.chat_ports.MarketView` of a world, as it is at the newest close.

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
        return self._world.symbols

    def instruments(self) -> Mapping[str, Instrument]:
        """Return their contracts."""
        return self._world.instruments

    def tiers(self, symbol: str) -> Sequence[Tier]:
        """Return the maintenance tiers of a pair; nothing where they are not known."""
        return self._world.tiers.get(symbol, ())

    def price(self, symbol: str) -> Decimal | None:
        """Return the last close of a pair."""
        panel = self._world.feed.panel(self._close(), 1)
        if symbol not in panel.symbols or not len(panel.open_time):
            return None
        close = panel.close[-1, panel.symbols.index(symbol)]
        return exact(close) if close == close else None  # NaN: no candle

    def btc(self) -> Btc:
        """Return what BTC is doing."""
        close = self._close()
        return Btc(state=btc_state(self._world.feed, self._world.timeframe, close), at=close)

    def terms(self, symbol: str) -> Sequence[VenueTerms]:
        """Return the terms of a pair on every venue that is known."""
        instrument = self._world.instruments.get(symbol)
        if instrument is None:
            return ()
        spread = self._world.feed.spread(symbol, self._close())
        return (VenueTerms(instrument=instrument, price=self.price(symbol), spread=spread),)

    def _close(self) -> int:
        step = self._world.timeframe.step_ms
        now = min(self._clock(), self._world.ends_at)
        return now - now % step
