"""Gather a minute pair by pair, as candles close, and look for setups at once.

It is what a replay makes of the same candles: the same masks on the last row, BTC's context at
the same close. Indicators remember for ever, so that how far back a live bot looks shows in their
last digits; `PANEL_ROWS` is so long that it shows in no alert.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from signalbot.analysis.btc_context import BtcRules, BtcState, btc_context
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, Timeframe
from signalbot.service.minute import Minute
from signalbot.service.ports import Feed
from signalbot.setups.scanner import scan
from signalbot.setups.setup import Match, Setup

PANEL_ROWS = 1_000
"""Steps of every pair that a decision looks at."""
AT_ONCE = 64
"""Pairs that are copied out of the feed together."""

BTC_MARGIN_MS = 12 * HOUR_MS
"""How far BTC's candles reach back beyond the days of its volatility regime, for its averages."""


class Gathering:
    """One minute in the making.

    Parameters
    ----------
    close_time : int
        When its candles close, ms UTC.

    Attributes
    ----------
    matched : set of str
        Pairs that were looked at; each is looked at once.
    """

    def __init__(self, feed: Feed, setups: Sequence[Setup], close_time: int) -> None:
        self._feed = feed
        self._setups = setups
        self._matches: list[Match] = []
        self.close_time = close_time
        self.matched: set[str] = set()

    @property
    def count(self) -> int:
        """How many setups fired so far."""
        return len(self._matches)

    def match(self, symbols: Collection[str]) -> list[Match]:
        """Look for setups at the close of pairs whose candle is there; return what fires.

        What fires at the close of a pair that was looked at before is not looked for again.
        """
        new = [symbol for symbol in symbols if symbol not in self.matched]
        chunks = (new[at : at + AT_ONCE] for at in range(0, len(new), AT_ONCE))
        return [match for chunk in chunks for match in self._match(chunk)]

    def minute(self) -> Minute:
        """Return the minute as far as it is gathered."""
        panel = self._feed.panel(self.close_time, 1)
        # in the order of a whole scan, whatever came first
        rank = {setup.name: index for index, setup in enumerate(self._setups)}
        matches = sorted(self._matches, key=lambda each: (rank[each.setup.name], each.pair))
        books = {
            match.pair: book
            for match in matches
            if (book := self._feed.book(match.symbol, self.close_time)) is not None
        }
        return Minute(
            open_time=int(panel.open_time[-1]),
            close_time=self.close_time,
            high=panel.high[-1],
            low=panel.low[-1],
            matches=matches,
            btc=self._btc() if matches else None,
            spreads={pair: book.spread for pair, book in books.items()},
            books=books,
            flows={
                match.pair: flow
                for match in matches
                if (flow := self._feed.flow(match.symbol, self.close_time)) is not None
            },
        )

    def _btc(self) -> BtcState | None:
        return btc_state(self._feed, _timeframe(self._setups), self.close_time)

    def _match(self, new: Sequence[str]) -> list[Match]:
        panel = self._feed.panel(self.close_time, PANEL_ROWS, new)
        column = {symbol: pair for pair, symbol in enumerate(self._feed.symbols)}
        newest = len(panel.open_time) - 1
        found = [
            replace(match, pair=column[match.symbol]) for match in scan(panel, self._setups, newest)
        ]
        self.matched.update(new)
        self._matches += found
        return found


def closed_minute(feed: Feed, setups: Sequence[Setup], close_time: int) -> Minute:
    """Return a minute of which every candle that there will be is there."""
    gathering = Gathering(feed, setups, close_time)
    gathering.match(feed.symbols)
    return gathering.minute()


def btc_state(feed: Feed, timeframe: Timeframe, close_time: int) -> BtcState | None:
    """Return BTC's context at a close; None where its candle is missing or it warms up."""
    rules = BtcRules()
    reach = rules.volatility_days * DAY_MS + BTC_MARGIN_MS
    candles = feed.btc(close_time, reach // timeframe.step_ms)
    return btc_context(candles, rules).at(close_time)


def _timeframe(setups: Sequence[Setup]) -> Timeframe:
    return setups[0].timeframe
