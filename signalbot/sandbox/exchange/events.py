"""What streams say, whoever's they are."""

from typing import NamedTuple


class Event(NamedTuple):
    """One frame of a stream.

    Attributes
    ----------
    at : float
        When it leaves, ms UTC.
    closed : bool
        Whether it closes a candle.
    """

    at: float
    text: str
    closed: bool = False
