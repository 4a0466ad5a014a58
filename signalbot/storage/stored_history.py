"""What became of alerts is looked up here: candles, quotes and funding as they were stored."""

from collections.abc import Callable, Sequence

from signalbot.domain.candles import Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.rounding import exact
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.outcomes.position import Market
from signalbot.storage.candle_store import CandleStore

QUOTE_WITHIN_MS = MINUTE_MS
"""A quote that was stored later than so long after an instant says nothing about it."""

LONGEST_SILENCE = 60
"""Minutes to look back for the price at which funding is paid."""


class StoredHistory:
    """`service.ports.History` of a live market, by the columns of its grid.

    Parameters
    ----------
    symbol_of : callable
        Gives the symbol of a column.
    delisted_at : callable
        Gives when the venue ended the trade in a symbol, ms UTC; None while it goes on.
    """

    def __init__(
        self,
        store: CandleStore,
        symbol_of: Callable[[int], str],
        delisted_at: Callable[[str], int | None] = lambda symbol: None,
    ) -> None:
        self._store = store
        self._symbol_of = symbol_of
        self._delisted_at = delisted_at

    def market(self, pair: int, since: int, until: int) -> Market:
        """Return the candles of a pair that open at or after `since` and close by `until`."""
        symbol = self._symbol_of(pair)
        candles = self._store.candles(symbol, since, until)
        return Market(
            candles=tuple(candles.row(index) for index in range(len(candles))),
            step_ms=M1.step_ms,
            funding=self.funding(pair, since, until),
            quote=self._store.quote(symbol, since, min(since + QUOTE_WITHIN_MS, until)),
            delisted_at=self._delisted_at(symbol),
        )

    def window(self, pair: int, until: int, rows: int) -> Candles:
        """Return the candles of a pair in the newest `rows` steps that close by `until`."""
        return self._store.candles(self._symbol_of(pair), until - rows * M1.step_ms, until)

    def funding(self, pair: int, since: int, until: int) -> Sequence[FundingPayment]:
        """Return the funding payments of a pair that fell due in (since, until].

        One whose price is not known is left out.
        """
        symbol = self._symbol_of(pair)
        payments = []
        for time, rate in self._store.funding(symbol, since, until):
            before = self._store.candles(symbol, time - LONGEST_SILENCE * MINUTE_MS, time)
            if len(before):
                payments.append(FundingPayment(time=time, rate=rate, price=exact(before.close[-1])))
        return tuple(payments)
