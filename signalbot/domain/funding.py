"""Funding: what longs pay to shorts at fixed times, or the other way round."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.rounding import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPayment:
    """One funding time: rate per notional (longs pay a positive one), and the price then."""

    time: int
    rate: Decimal
    price: Decimal

    def csv_line(self) -> str:
        """Return the payment as evidence holds it: `time,rate,price`."""
        return f"{self.time},{plain(self.rate)},{plain(self.price)}"
