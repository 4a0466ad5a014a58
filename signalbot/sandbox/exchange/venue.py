"""The venue: a market under a clock, its listings, limits and faults."""

from collections.abc import Callable
from dataclasses import dataclass

from signalbot.domain.instrument import Instrument
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.errors import InputError
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.depth import MovingBook
from signalbot.sandbox.exchange.faults import Faults
from signalbot.sandbox.exchange.listings import TRADING, Listing, Listings
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.tape import Tape
from signalbot.sandbox.exchange.weights import FUNDING_LIMIT, FUNDING_WINDOW_MS, Allowance

FUNDING_MS = 8 * HOUR_MS
LISTED_BEFORE_MS = 365 * DAY_MS
"""So long before the market begins its first contracts are said to have been listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one contract trades: its listing, coin, tape and book.

    Attributes
    ----------
    listed_at : int
        When its trade began, ms UTC.
    """

    listing: Listing
    listed_at: int
    instrument: Instrument
    coin: Coin
    tape: Tape
    book: MovingBook

    @property
    def name(self) -> str:
        """The venue's present name."""
        return self.listing.name

    @property
    def open_interest(self) -> int:
        """As much as an ordinary hour trades, in steps: the market has none of its own."""
        return round(self.coin.in_steps(60 * self.coin.turnover / self.coin.price))

    def funding_times(self, since: int, until: int) -> range:
        """Return when funding was paid, ends included, ms UTC."""
        since = max(since, self.tape.begins_at)
        return range(-(-since // FUNDING_MS) * FUNDING_MS, until + 1, FUNDING_MS)


def next_funding(now: int) -> int:
    """Return when funding is paid next, ms UTC."""
    return now - now % FUNDING_MS + FUNDING_MS


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
        self.funding_allowance = Allowance(FUNDING_LIMIT, FUNDING_WINDOW_MS)
        self.faults = Faults()
        self._tapes = {symbol: Tape(market, symbol) for symbol in market.series}
        self._books = {s: MovingBook(market, s, tape) for s, tape in self._tapes.items()}
        self.begins_at = min(tape.begins_at for tape in self._tapes.values())
        ends_at = max(tape.ends_at for tape in self._tapes.values())
        if not self.begins_at + MINUTE_MS <= clock() < ends_at:
            raise InputError("clock", clock(), "an instant behind the market's first minute")

    def contract(self, name: str) -> Contract | None:
        """Return what trades under a name; None for nobody's, and before the trade begins."""
        contract = self.coming(name)
        return contract if contract and contract.tape.begins_at <= self.now() else None

    def coming(self, name: str) -> Contract | None:
        """Return what trades under a name or is going to; None for nobody's."""
        listing = self.listings.find(name)
        return None if listing is None else self._contract(listing)

    def trading(self) -> list[Contract]:
        """Return every contract that trades."""
        contracts = (self.contract(each.name) for each in self.listings if each.status == TRADING)
        return [contract for contract in contracts if contract]

    def _contract(self, listing: Listing) -> Contract:
        symbol = listing.symbol
        tape = self._tapes[symbol]
        is_old = tape.begins_at == self.begins_at
        return Contract(
            listing=listing,
            listed_at=tape.begins_at - LISTED_BEFORE_MS if is_old else tape.begins_at,
            instrument=self.market.instruments[symbol],
            coin=self.market.coins[symbol],
            tape=tape,
            book=self._books[symbol],
        )
