"""The best levels of an order book at one instant."""

from dataclasses import dataclass
from decimal import Decimal

Level = tuple[Decimal, Decimal]
"""Price in quote units, and the quantity resting there in base units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What rests on both sides of one contract, best level first.

    Attributes
    ----------
    time : int
        Instant of the snapshot, ms UTC.
    bids, asks : tuple of Level
        Bids descend and asks ascend in price; neither is empty, and the best bid is below the best
        ask.
    """

    symbol: str
    time: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]

    @property
    def best_bid(self) -> Decimal:
        """Highest price that somebody pays."""
        return self.bids[0][0]

    @property
    def best_ask(self) -> Decimal:
        """Lowest price that somebody asks."""
        return self.asks[0][0]

    @property
    def mid(self) -> Decimal:
        """Halfway between the best prices; it need not be on the tick."""
        return (self.best_bid + self.best_ask) / 2

    @property
    def spread(self) -> Decimal:
        """Best ask minus best bid, in quote units."""
        return self.best_ask - self.best_bid

    @property
    def spread_bps(self) -> Decimal:
        """Spread in basis points of the mid: 1 is 0.01 %."""
        return 10_000 * self.spread / self.mid
