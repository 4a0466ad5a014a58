"""Single trades and quotes of one pair: finer than any candle, used where they were kept."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.rounding import plain
from signalbot.domain.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One trade: instant, price in quote units, size in base units."""

    time: int
    price: Decimal
    size: Decimal

    def csv_line(self) -> str:
        """Return the trade as evidence holds it: `time,price,size`."""
        return f"{self.time},{plain(self.price)},{plain(self.size)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The best bid and ask at one instant, as they were stored then."""

    time: int
    bid: Decimal
    ask: Decimal

    def price_for(self, side: Side) -> Decimal:
        """Return what a market order of that side met: the ask for a long, the bid for a short."""
        return self.ask if side is Side.LONG else self.bid

    def csv_line(self) -> str:
        """Return the quote as evidence holds it: `time,bid,ask`."""
        return f"{self.time},{plain(self.bid)},{plain(self.ask)}"
