"""Candles as the venue shows them: closed ones, and the one that is forming.

A candle that no trade has opened yet appears two seconds late, flat and empty; only then is the
one before it called closed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.coins import Coin
from signalbot.sandbox.exchange.tape import Tape
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text, value_text

PUSH_EVERY_MS = 250
"""A forming candle is pushed at most so often."""

INTERVALS = {
    **{f"{n}m": n * MINUTE_MS for n in (1, 3, 5, 15, 30)},
    **{f"{n}h": 60 * n * MINUTE_MS for n in (1, 2, 4, 6, 8, 12)},
    "1d": 1_440 * MINUTE_MS,
}
"""Intervals that klines are given in, in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kline:
    """One candle in ticks and steps, and how many trades it has."""

    open_time: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    count: int

    @property
    def typical(self) -> float:
        """Mean of the four prices, in ticks: what its quote volume is reckoned with."""
        return (self.open + self.high + self.low + self.close) / 4

    def row(self, coin: Coin, interval_ms: int) -> list[object]:
        """Return the twelve values of a REST row."""
        prices = (price_text(coin, each) for each in (self.open, self.high, self.low, self.close))
        value, half = self._value(coin), self._bought(coin)
        volume = quantity_text(coin, self.volume)
        ends_at = self.open_time + interval_ms - 1
        return [self.open_time, *prices, volume, ends_at, value, self.count, *half, "0"]

    def pushed(self, coin: Coin, name: str, *, closed: bool) -> dict[str, object]:
        """Return the `k` of a websocket event about a 1m candle."""
        bought, bought_value = self._bought(coin)
        return {
            "t": self.open_time,
            "T": self.open_time + MINUTE_MS - 1,
            "s": name,
            "i": "1m",
            "f": -1,
            "L": -1,
            "o": price_text(coin, self.open),
            "c": price_text(coin, self.close),
            "h": price_text(coin, self.high),
            "l": price_text(coin, self.low),
            "v": quantity_text(coin, self.volume),
            "n": self.count,
            "x": closed,
            "q": self._value(coin),
            "V": bought,
            "Q": bought_value,
            "B": "0",
        }

    def _value(self, coin: Coin) -> str:
        return value_text(coin, self.typical, self.volume)

    def _bought(self, coin: Coin) -> tuple[str, str]:
        half = self.volume // 2
        return quantity_text(coin, half), value_text(coin, self.typical, half)


def closed_kline(tape: Tape, row: int) -> Kline:
    """Return the finished candle of a row."""
    return Kline(
        open_time=int(tape.open_time[row]),
        open=int(tape.open[row]),
        high=int(tape.high[row]),
        low=int(tape.low[row]),
        close=int(tape.close[row]),
        volume=int(tape.volume[row]),
        count=int(tape.count[row]),
    )


def forming_kline(tape: Tape, row: int, now: int) -> Kline:
    """Return the candle of a row from its trades until now; flat without one."""
    trades = tape.minute(row).within(0, now)
    last = int(tape.close[row - 1] if row else tape.open[0])
    ticks = trades.ticks if len(trades) else np.array([last])
    return Kline(
        open_time=int(tape.open_time[row]),
        open=int(ticks[0]),
        high=int(ticks.max()),
        low=int(ticks.min()),
        close=int(ticks[-1]),
        volume=int(trades.steps.sum()),
        count=len(trades),
    )


def klines(tape: Tape, now: int, interval_ms: int, since: int, until: int) -> list[Kline]:
    """Return the candles with since <= open time <= until that have appeared by now."""
    first = max(tape.row_at(-(-since // interval_ms) * interval_ms), 0)
    last = min(tape.row_at(until - until % interval_ms + interval_ms - 1), newest_row(tape, now))
    ended = tape.row_at(now)
    rows = [
        closed_kline(tape, row) if row < ended else forming_kline(tape, row, now)
        for row in range(first, last + 1)
    ]
    return rows if interval_ms == MINUTE_MS else _merged(rows, interval_ms)


def newest_row(tape: Tape, now: int) -> int:
    """Return the row of the newest candle that has appeared; -1 before the first one."""
    row = tape.row_at(now)
    if row >= len(tape.count):
        return len(tape.count) - 1
    return row if now >= tape.starts(row) else row - 1


def _merged(rows: Iterable[Kline], interval_ms: int) -> list[Kline]:
    groups = groupby(rows, lambda row: row.open_time - row.open_time % interval_ms)
    return [_merge(open_time, tuple(parts)) for open_time, parts in groups]


def _merge(open_time: int, parts: Sequence[Kline]) -> Kline:
    return Kline(
        open_time=open_time,
        open=parts[0].open,
        high=max(part.high for part in parts),
        low=min(part.low for part in parts),
        close=parts[-1].close,
        volume=sum(part.volume for part in parts),
        count=sum(part.count for part in parts),
    )
