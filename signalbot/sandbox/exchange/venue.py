"""The venue: a market under a clock, its listings, limits and faults."""

from collections.abc import Callable
from dataclasses import dataclass

from signalbot.errors import InputError
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.depth import MovingBook
from signalbot.sandbox.exchange.faults import Faults
from signalbot.sandbox.exchange.listings import TRADING, Listing, Listings
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.tape import Tape
from signalbot.sandbox.exchange.weights import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one contract trades: its listing, coin, tape and book."""

    listing: Listing
    coin: Coin
    tape: Tape
    book: MovingBook

    @property
    def name(self) -> str:
        """The venue's present name."""
        return self.listing.name


class Venue:
    """Everything that the endpoints and the streams show.

    Parameters
    ----------
    clock : callable
        Time in ms UTC. Nothing is traded after the last minute of the market.

    Raises
    ------
    InputError
        If the clock stands before the second minute of the market, or after its end.
    """

    def __init__(self, market: Source, clock: Callable[[], int]) -> None:
        self.market = market
        self.now = clock
        self.listings = Listings(market.series)
        self.allowance = Allowance()
        self.faults = Faults()
        self._tapes = {symbol: Tape(market, symbol) for symbol in market.series}
        self._books = {s: MovingBook(market, s, tape) for s, tape in self._tapes.items()}
        tape = next(iter(self._tapes.values()))
        if not 0 < tape.row_at(clock()) < len(tape.count):
            raise InputError("clock", clock(), "an instant behind the market's first minute")

    def contract(self, name: str) -> Contract | None:
        """Return what trades under a name; None for nobody's."""
        listing = self.listings.find(name)
        return None if listing is None else self._contract(listing)

    def trading(self) -> list[Contract]:
        """Return every contract that trades."""
        return [self._contract(each) for each in self.listings if each.status == TRADING]

    def _contract(self, listing: Listing) -> Contract:
        symbol = listing.symbol
        return Contract(
            listing=listing,
            coin=self.market.coins[symbol],
            tape=self._tapes[symbol],
            book=self._books[symbol],
        )
