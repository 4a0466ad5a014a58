"""Positions that are closed by force: they are drawn from the trades, none is added to them.

In a minute that moves far, its first trade at the low is a long that was liquidated, or, where
the minute closed above its open, its first trade at the high a short.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from signalbot.sandbox.exchange.tape import Tape

REACH = 4.0
"""A minute moves far if its range is so many of the pair's typical 1m returns."""


class Liquidation(NamedTuple):
    """One liquidated position: the instant in ms UTC, the price in ticks, the size in steps."""

    time: int
    ticks: int
    steps: int
    was_long: bool


def liquidations(tape: Tape, after: int, until: int) -> Iterator[Liquidation]:
    """Yield the liquidations with after < time <= until."""
    first = max(tape.row_at(after), 0)
    last = min(tape.row_at(until), len(tape.count) - 1)
    for row in range(first, last + 1):
        reach = (tape.high[row] - tape.low[row]) / tape.close[row]
        if reach <= REACH * tape.coin.volatility or not tape.count[row]:
            continue
        trades = tape.minute(row)
        was_long = bool(tape.close[row] < tape.open[row])
        place = int(np.argmin(trades.ticks) if was_long else np.argmax(trades.ticks))
        if after < trades.time[place] <= until:
            yield Liquidation(
                time=int(trades.time[place]),
                ticks=int(trades.ticks[place]),
                steps=int(trades.steps[place]),
                was_long=was_long,
            )
