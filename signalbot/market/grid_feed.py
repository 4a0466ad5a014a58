"""The newest candles and books of one venue, as decisions are made of them."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel
from signalbot.market.candle_grid import BTC, Grids


class GridFeed:
    """`service.ports.Feed` over grids of candles.

    Parameters
    ----------
    spread_of : callable
        Gives the spread of a pair's book that was looked at for the minute that closed then, in
        quote units; None where none was.
    """

    def __init__(self, grids: Grids, spread_of: Callable[[str, int], Decimal | None]) -> None:
        self._grids = grids
        self._spread_of = spread_of

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

    def spread(self, symbol: str, until: int) -> Decimal | None:
        """Return the spread of a pair's book then, in quote units; None where it is not known."""
        return self._spread_of(symbol, until)
