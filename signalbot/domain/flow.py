"""Who crossed the spread: what takers bought and sold of one contract since an instant."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Trades since an instant, by the side of who took.

    Attributes
    ----------
    since : int
        ms UTC.
    bought, sold : Decimal
        In quote units.
    """

    since: int
    bought: Decimal
    sold: Decimal
