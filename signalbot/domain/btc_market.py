"""What is known of BTC's perpetual beside its candles."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BtcMarket:
    """Funding, open interest and liquidations of BTC's perpetual; None is not known.

    Attributes
    ----------
    at : int
        When it was looked at, ms UTC.
    funding_rate : Decimal
        Of the next funding, per notional; longs pay a positive one.
    funding_at : int
        When that is due, ms UTC.
    open_interest : Decimal
        Outstanding contracts, in BTC.
    open_interest_change : Decimal
        The same against an hour before, as a fraction.
    long_liquidated, short_liquidated : Decimal
        Positions that the venue closed by force in the last five minutes, in USDT.
    """

    at: int
    funding_rate: Decimal | None = None
    funding_at: int | None = None
    open_interest: Decimal | None = None
    open_interest_change: Decimal | None = None
    long_liquidated: Decimal | None = None
    short_liquidated: Decimal | None = None
