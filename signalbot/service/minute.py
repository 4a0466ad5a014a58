"""One closed minute, as the use cases see it; live and replay make the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.analysis.btc_context import BtcState
from signalbot.domain.book import Book
from signalbot.domain.candles import Floats
from signalbot.domain.flow import Flow
from signalbot.setups.setup import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """What became known at one candle close.

    Attributes
    ----------
    open_time, close_time : int
        Of the candles that closed.
    high, low : float64 array of shape (pairs,)
        Their extremes, NaN where a pair has no candle.
    matches : sequence of Match
        Setups that fire at this close.
    btc : BtcState or None
        The context; None while it is unknown.
    spreads : mapping of int to Decimal
        Spread in quote units by pair, where a book is known.
    books, flows : mapping of int to Book and Flow
        Books and trades of candidates by pair, where they were looked at.
    """

    open_time: int
    close_time: int
    high: Floats
    low: Floats
    matches: Sequence[Match]
    btc: BtcState | None
    spreads: Mapping[int, Decimal] = field(default_factory=dict)
    books: Mapping[int, Book] = field(default_factory=dict)
    flows: Mapping[int, Flow] = field(default_factory=dict)
