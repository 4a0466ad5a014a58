"""The market that a bot watches, as its parts share it: candles, contracts, pairs of the day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from signalbot.domain.btc_market import BtcMarket
from signalbot.domain.instrument import Instrument
from signalbot.domain.listing import Listings
from signalbot.domain.panel import Panel
from signalbot.domain.survey import Survey
from signalbot.domain.timeframe import M1, Timeframe
from signalbot.domain.universe import Universe
from signalbot.rendering.venue_texts import NoTerms
from signalbot.risk.tiers import Tier
from signalbot.service.ports import Feed, History
from signalbot.service.replay import SpreadOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What lies before a simulation begins; it is replayed, so that its record says something.

    Attributes
    ----------
    panel : Panel
        All of it.
    spread_of : callable, optional
        Spread of a symbol's book at the close of a row of the panel.
    """

    panel: Panel
    spread_of: SpreadOf | None = None


@dataclass(slots=True, kw_only=True)
class World:
    """What a bot watches. Feed and history are there from the start; the rest comes and changes.

    Attributes
    ----------
    kind : str
        What the genesis says the record is of.
    instruments : mapping of str to Instrument
        Every contract that is known of the venue.
    watched : collection of str
        The pairs of the day, in which setups are looked for.
    past : Past or None
        Of a simulation.
    next_watched : collection of str or None
        The pairs of the day to come, once they are chosen.
    btc : BtcMarket or None
        BTC's perpetual as it was seen last.
    survey, listings, universe
        Of the venue, for whoever asks why.
    others : sequence of Survey or NoTerms
        What other venues say, for who compares.
    """

    kind: str
    venue: str
    feed: Feed
    history: History
    timeframe: Timeframe = M1
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    watched: Collection[str] = ()
    tiers: Mapping[str, Sequence[Tier]] = field(default_factory=dict)
    past: Past | None = None
    next_watched: Collection[str] | None = None
    btc: BtcMarket | None = None
    survey: Survey | None = None
    listings: Listings | None = None
    universe: Universe | None = None
    others: Sequence[Survey | NoTerms] = ()

    @property
    def contracts(self) -> dict[str, Instrument]:
        """The contracts of the watched pairs."""
        return {symbol: self.instruments[symbol] for symbol in sorted(self.watched)}

    def turn(self) -> bool:
        """Watch the pairs that were chosen for the day to come; return whether there were any."""
        if self.next_watched is None:
            return False
        self.watched, self.next_watched = self.next_watched, None
        return True
