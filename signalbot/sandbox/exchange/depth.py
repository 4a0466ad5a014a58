"""The book of a symbol as it moves: a snapshot at every step, and what changed since the last.

At the close of a minute it is the book of the source; between closes it is drawn around
the last trade. Update ids count the steps, so a snapshot and the changes behind it fit together.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from signalbot.domain.book import Book, Level
from signalbot.domain.rounding import plain
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.books import draw_book
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.tape import Tape

STEP_MS = 500
"""The book moves so often."""

UPDATES = 10
"""Update ids that one step takes."""

_REMEMBERED = 8  # books
_OF_BOOKS = 2  # tells these draws from those of the trades
Levels = list[list[str]]


class MovingBook:
    """The book of one symbol at every step of `STEP_MS`, counted from the epoch.

    Attributes
    ----------
    at : callable
        Gives the `Book` of a step.
    """

    def __init__(self, source: Source, symbol: str, tape: Tape) -> None:
        self._source = source
        self._symbol = symbol
        self._tape = tape
        self._seed = (source.seed, list(source.series).index(symbol))
        self.at: Callable[[int], Book] = lru_cache(_REMEMBERED)(self._draw)

    def changes(self, step: int) -> tuple[Levels, Levels]:
        """Return the levels of bids and asks that differ from the step before; 0 is gone."""
        old, new = self.at(step - 1), self.at(step)
        return _changed(old.bids, new.bids), _changed(old.asks, new.asks)

    def _draw(self, step: int) -> Book:
        time = min(step * STEP_MS, self._tape.ends_at)
        row = max(self._tape.row_at(time), 1) - 1  # the last closed one
        if time % MINUTE_MS == 0 and self._tape.is_there[row]:
            return self._source.book(self._symbol, int(self._tape.source_row[row]))
        coin, tape = self._tape.coin, self._tape
        reach = (tape.high[row] - tape.low[row]) / tape.close[row]
        return draw_book(
            np.random.default_rng((*self._seed, step, _OF_BOOKS)),
            coin,
            time=time,
            last=tape.last_ticks(time),
            stress=max(1.0, float(reach) / (2 * coin.volatility)),
        )


def step_at(instant: int) -> int:
    """Return the newest step at an instant."""
    return instant // STEP_MS


def last_update(step: int) -> int:
    """Return the id of the last update of a step."""
    return step * UPDATES


def levels_text(levels: tuple[Level, ...], limit: int | None = None) -> Levels:
    """Return levels as the venue writes them."""
    return [[plain(price), plain(quantity)] for price, quantity in levels[:limit]]


def _changed(old: tuple[Level, ...], new: tuple[Level, ...]) -> Levels:
    before, after = dict(old), dict(new)
    gone = [[plain(price), "0"] for price in before if price not in after]
    there = [level for level in new if before.get(level[0]) != level[1]]
    return gone + levels_text(tuple(there))
