"""What a book charges a taker order that walks it, and how much it bears.

Slippage is relative to the mid, which is the price a plan is made at: a buy that pays on average A
has (A - mid)/mid, a sell (mid - A)/mid. So half the spread is part of it, and `E(1 + s*slip)` of
costs.py is the average itself. Books are never extrapolated: what is not visible is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.book import Book, Level
from signalbot.domain.rounding import TEN_PLACES, ceil_to
from signalbot.errors import InputError

DEPTH_LEVELS = 5
DEPTH_SHARE = Decimal("0.1")
"""Share of the best `DEPTH_LEVELS` levels that one order may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What one taker order gets.

    Attributes
    ----------
    average, worst : Decimal
        Price per base unit over the whole fill, and of its last part.
    qty : Decimal
        Base units filled; less than asked for where the levels end before.
    """

    average: Decimal
    worst: Decimal
    qty: Decimal


def walk(levels: Sequence[Level], qty: Decimal) -> Fill:
    """Return what an order of `qty` base units gets from `levels`, best level first.

    Raises
    ------
    InputError
        If `qty` is not above 0.
    """
    if qty <= 0:
        raise InputError("qty", qty, "a number above 0")
    paid, left, worst = Decimal(0), qty, levels[0][0]
    for price, resting in levels:
        if not left:
            break
        taken = min(resting, left)
        paid += taken * price
        left -= taken
        worst = price
    filled = qty - left
    return Fill(average=paid / filled, worst=worst, qty=filled)


def slippage_rate(book: Book, qty: Decimal, *, buy: bool) -> Decimal | None:
    """Return the slippage of a taker order against the mid, rounded up to ten places.

    `buy` is the direction of the order, not of the position: the stop of a long sells. None where
    the book cannot bear the quantity.
    """
    fill = walk(_taken_from(book, buy=buy), qty)
    if fill.qty < qty:
        return None
    return _rounded_up(abs(fill.average - book.mid) / book.mid)


def default_slippage(entry: Decimal, spread: Decimal, tick: Decimal) -> Decimal:
    """Return the slippage of a taker order where no book is known: half the spread and one tick.

    As a share of `entry`, rounded up to ten places; all three are in quote units.
    """
    return _rounded_up((spread / 2 + tick) / entry)


def visible_depth(book: Book, *, buy: bool, share: Decimal = DEPTH_SHARE) -> Decimal:
    """Return how many base units an order may take: a share of the best five levels it meets.

    A buy takes from the asks, a sell from the bids.
    """
    levels = _taken_from(book, buy=buy)[:DEPTH_LEVELS]
    return share * sum((resting for _, resting in levels), Decimal(0))


def _taken_from(book: Book, *, buy: bool) -> tuple[Level, ...]:
    return book.asks if buy else book.bids


def _rounded_up(rate: Decimal) -> Decimal:
    return ceil_to(rate, TEN_PLACES)
