"""The newest candles and books of one venue, as decisions are made of them."""

from collections.abc import Callable, Sequence

from signalbot.domain.book import Book
from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel
from signalbot.market.candle_grid import BTC, Grids


class GridFeed:
    """`service.ports.Feed` over grids of candles.

    Parameters
    ----------
    book_of : callable
        Gives the book of a pair that was looked at for the minute that closed then; None where
        none was.
    """

    def __init__(self, grids: Grids, book_of: Callable[[str, int], Book | None]) -> None:
        self._grids = grids
        self._book_of = book_of

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every pair, in the order of its columns."""
        return self._grids.pairs.symbols

    def panel(self, until: int, rows: int, symbols: Sequence[str] | None = None) -> Panel:
        """Return the newest `rows` steps of pairs; the last one closes at `until`."""
        return self._grids.pairs.panel(until, rows, symbols)

    def btc(self, until: int, rows: int) -> Candles:
        """Return BTC's candles in the newest `rows` steps that close by `until`."""
        return self._grids.btc.candles(BTC, until, rows)

    def book(self, symbol: str, until: int) -> Book | None:
        """Return a pair's book that was looked at then; None where none was."""
        return self._book_of(symbol, until)
