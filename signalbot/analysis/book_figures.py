"""What a candidate's order book says, as figures that are kept with its alert.

Nothing is decided by them yet: they are evidence, for the review of what became of the alerts.
"""

from decimal import Decimal

from signalbot.domain.book import Book, Level
from signalbot.domain.flow import Flow
from signalbot.domain.rounding import six_digits

LEVELS = 5
NEAR = Decimal("0.0025")
"""How far from the mid depth is counted, as a fraction of it: about the reach of a scalp."""


def book_figures(book: Book | None, flow: Flow | None) -> dict[str, Decimal]:
    """Return the figures of a book and of the trades since the minute began, by name.

    `book_spread_bp` is the spread in basis points of the mid; `book_imbalance_ratio` what rests
    in the best five bids less what rests in the best five asks, over both: +1 is all bids;
    `book_depth_bid_usdt` and `book_depth_ask_usdt` what rests within a quarter of a per cent of
    the mid, in quote units, as far as the levels that were asked for reach; `flow_usdt` what
    takers traded, `flow_imbalance_ratio` what they bought less what they sold, over both.
    What was not looked at has no figure.
    """
    figures = {**_of_book(book), **_of_flow(flow)}
    return {name: six_digits(float(value)) for name, value in figures.items()}


def _of_book(book: Book | None) -> dict[str, Decimal]:
    if book is None:
        return {}
    bids, asks = _resting(book.bids[:LEVELS]), _resting(book.asks[:LEVELS])
    return {
        "book_spread_bp": book.spread_bps,
        "book_imbalance_ratio": _imbalance(bids, asks),
        "book_depth_bid_usdt": _worth(book.bids, book.mid * (1 - NEAR), book.mid),
        "book_depth_ask_usdt": _worth(book.asks, book.mid, book.mid * (1 + NEAR)),
    }


def _of_flow(flow: Flow | None) -> dict[str, Decimal]:
    if flow is None:
        return {}
    return {
        "flow_usdt": flow.bought + flow.sold,
        "flow_imbalance_ratio": _imbalance(flow.bought, flow.sold),
    }


def _imbalance(one: Decimal, other: Decimal) -> Decimal:
    return (one - other) / (one + other) if one + other else Decimal(0)


def _resting(levels: tuple[Level, ...]) -> Decimal:
    return sum((quantity for _, quantity in levels), Decimal(0))


def _worth(levels: tuple[Level, ...], low: Decimal, high: Decimal) -> Decimal:
    near = (price * quantity for price, quantity in levels if low <= price <= high)
    return sum(near, Decimal(0))
