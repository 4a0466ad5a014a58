"""What a venue can be made of: a generated market, or candles that were recorded."""

from collections.abc import Mapping
from typing import Protocol

from signalbot.domain.book import Book
from signalbot.domain.candles import Candles
from signalbot.domain.instrument import Instrument
from signalbot.sandbox.coins import Coin


class Source(Protocol):
    """Candles, contracts and books by symbol.

    Attributes
    ----------
    seed : int
        Of everything that is drawn to fit: the trades and books inside the minutes.
    series : mapping of str to Candles
        1m candles; minutes may be missing, and not all need begin together.
    coins : mapping of str to Coin
        In whose whole ticks and steps the candles can be said exactly.
    instruments : mapping of str to Instrument
        What orders must keep to.
    """

    @property
    def seed(self) -> int: ...  # noqa: D102 - described above
    @property
    def series(self) -> Mapping[str, Candles]: ...  # noqa: D102
    @property
    def coins(self) -> Mapping[str, Coin]: ...  # noqa: D102
    @property
    def instruments(self) -> Mapping[str, Instrument]: ...  # noqa: D102

    def book(self, symbol: str, minute: int) -> Book:
        """Return the book at the close of row `minute` of a series."""
        ...
