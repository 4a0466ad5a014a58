"""The newest candles and books of one venue, as decisions are made of them."""

from collections.abc import Sequence

from signalbot.domain.book import Book
from signalbot.domain.candles import Candles
from signalbot.domain.flow import Flow
from signalbot.domain.panel import Panel
from signalbot.market.books import Books
from signalbot.market.candle_grid import BTC, Grids


class GridFeed:
    """`service.ports.Feed` over grids of candles.

    Parameters
    ----------
    books : Books
        Of the candidates.
    """

    def __init__(self, grids: Grids, books: Books) -> None:
        self._grids = grids
        self._books = books

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
        return self._books.book(symbol, until)

    def flow(self, symbol: str, until: int) -> Flow | None:
        """Return what takers traded in a pair around then; None where nobody looked."""
        return self._books.flow(symbol, until)
