"""What a candidate's order book says, as figures that are kept with its alert.

Nothing is decided by them yet: they are evidence, for the review of what became of the alerts.
"""

from decimal import Decimal

from signalbot.domain.book import Book, Level
from signalbot.domain.rounding import six_digits

LEVELS = 5
NEAR = Decimal("0.0025")
"""How far from the mid depth is counted, as a fraction of it: about the reach of a scalp."""


def book_figures(book: Book) -> dict[str, Decimal]:
    """Return the figures of a book, by name.

    `book_spread_bp` is the spread in basis points of the mid; `book_imbalance_ratio` what rests
    in the best five bids less what rests in the best five asks, over both: +1 is all bids;
    `book_depth_bid_usdt` and `book_depth_ask_usdt` what rests within a quarter of a per cent of
    the mid, in quote units, as far as the levels that were asked for reach.
    """
    bids, asks = _resting(book.bids[:LEVELS]), _resting(book.asks[:LEVELS])
    figures = {
        "book_spread_bp": book.spread_bps,
        "book_imbalance_ratio": (bids - asks) / (bids + asks) if bids + asks else Decimal(0),
        "book_depth_bid_usdt": _worth(book.bids, book.mid * (1 - NEAR), book.mid),
        "book_depth_ask_usdt": _worth(book.asks, book.mid, book.mid * (1 + NEAR)),
    }
    return {name: six_digits(float(value)) for name, value in figures.items()}


def _resting(levels: tuple[Level, ...]) -> Decimal:
    return sum((quantity for _, quantity in levels), Decimal(0))


def _worth(levels: tuple[Level, ...], low: Decimal, high: Decimal) -> Decimal:
    near = (price * quantity for price, quantity in levels if low <= price <= high)
    return sum(near, Decimal(0))
