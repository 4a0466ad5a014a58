"""A generated market seen as it unfolds: nothing after the instant that is asked about."""

from decimal import Decimal

from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel
from signalbot.sandbox.market import GeneratedMarket


class GeneratedFeed:
    """`service.ports.Feed` of a generated market.

    Parameters
    ----------
    market : GeneratedMarket
        Whose books are asked for.
    panel : Panel
        Of its pairs, all of it.
    btc : Candles
        BTC's, all of them.
    """

    def __init__(self, market: GeneratedMarket, panel: Panel, btc: Candles) -> None:
        self._market = market
        self._panel = panel
        self._btc = btc

    def panel(self, until: int, rows: int) -> Panel:
        """Return the newest `rows` steps of every pair; the last one closes at `until`."""
        last = self._rows_until(until)
        return self._panel.rows(max(last - rows, 0), last)

    def btc(self, until: int, rows: int) -> Candles:
        """Return BTC's candles in the newest `rows` steps that close by `until`."""
        return self._btc.between(until - rows * self._btc.timeframe.step_ms, until)

    def spread(self, symbol: str, until: int) -> Decimal | None:
        """Return the spread of a pair's book then, in quote units."""
        return self._market.book(symbol, self._rows_until(until) - 1).spread

    def _rows_until(self, until: int) -> int:
        return self._panel.row_of(until - self._panel.timeframe.step_ms) + 1
