"""When a candle is spoken of: while it forms, after trades, and once when it closes."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange.klines import Klines, closed, forming
from signalbot.sandbox.exchange.tape import CLOSES_WITHIN_MS, Tape

PUSH_EVERY_MS = 250
"""A forming candle is pushed at most so often."""


class Told(NamedTuple):
    """One 1m candle at several instants, ms UTC, while it forms, or when it closes."""

    klines: Klines
    instants: list[int]
    closed: bool


def told(tape: Tape, after: int, until: int) -> Iterator[Told]:
    """Yield what is said of the candles with after < instant <= until."""
    first = max(tape.row_at(after - CLOSES_WITHIN_MS), 0)
    last = min(tape.row_at(until), len(tape.count) - 1)
    for row in range(first, last + 1):
        if not tape.is_there[row]:
            continue
        if instants := _instants(tape, row, after, until):
            yield Told(forming(tape, row, instants), instants, closed=False)
        if tape.row_at(until) > row and after < (at := tape.starts(row + 1)) <= until:
            yield Told(closed(tape, slice(row, row + 1)), [at], closed=True)


def _instants(tape: Tape, row: int, after: int, until: int) -> list[int]:
    # the end of each slot that has a trade
    ends_at = int(tape.open_time[row]) + MINUTE_MS
    times = tape.minute(row).within(after - PUSH_EVERY_MS - 1, until).time
    slots = np.unique(PUSH_EVERY_MS * (times // PUSH_EVERY_MS + 1)).tolist()
    return [at for at in slots if after < at <= until and at < ends_at]
