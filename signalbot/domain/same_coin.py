"""Whether venues mean one coin by one name: their prices have to agree."""

from collections.abc import Mapping
from decimal import Decimal

AGREEMENT = Decimal("0.03")
"""How far prices of one coin may be apart, as a fraction of the price."""


def other_coins(prices: Mapping[str, Decimal]) -> frozenset[str]:
    """Return the venues whose price is not that of the coin that most venues mean.

    Parameters
    ----------
    prices : mapping of str to Decimal
        Of one coin each, above 0, by venue. Where as many mean one coin as another, the first
        venue is believed.
    """
    if not prices:
        return frozenset()
    believed = max(prices.values(), key=lambda price: _agreeing(price, prices))
    return frozenset(venue for venue, price in prices.items() if not _agree(believed, price))


def _agreeing(price: Decimal, prices: Mapping[str, Decimal]) -> int:
    return sum(_agree(price, each) for each in prices.values())


def _agree(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= AGREEMENT * max(one, other)
