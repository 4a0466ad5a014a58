"""One look at a whole venue: what it lists, how it trades, what funding costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.domain.listing import Listings
from signalbot.domain.universe import Trading


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingTerms:
    """What is paid next, and how often.

    Attributes
    ----------
    rate : Decimal
        Per notional; longs pay a positive one to shorts.
    interval_h : Decimal or None
        Hours between two payments; None where the venue does not say it.
    """

    rate: Decimal
    interval_h: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a venue said of all its contracts at once.

    Attributes
    ----------
    trading : mapping of str to Trading
        By symbol; empty where the venue did not say it.
    funding : mapping of str to FundingTerms
        By symbol; the same.
    at : int
        When it was asked, ms UTC.
    troubles : tuple of str
        What could not be had, in words.
    """

    listings: Listings
    trading: Mapping[str, Trading] = field(default_factory=dict)
    funding: Mapping[str, FundingTerms] = field(default_factory=dict)
    at: int
    troubles: tuple[str, ...] = ()

    @property
    def venue(self) -> str:
        """The venue that was looked at."""
        return self.listings.venue
