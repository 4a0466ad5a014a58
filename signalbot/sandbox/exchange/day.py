"""The last 24 hours of a contract, the forming candle included."""

from dataclasses import dataclass

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.sandbox.exchange.klines import forming, klines
from signalbot.sandbox.exchange.tape import Tape


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was traded: prices in ticks, the volume in steps, the value in quote units."""

    begins_at: int
    open: int
    high: int
    low: int
    last: int
    volume: int
    value: float
    count: int


def last_day(tape: Tape, now: int) -> Day:
    """Return the 24 hours until now."""
    rows = klines(tape, now, MINUTE_MS, now - DAY_MS, now)
    if not len(rows):  # its candles ended more than a day ago
        rows = forming(tape, len(tape.count) - 1, [0])
    return Day(
        begins_at=int(rows.open_time[0]),
        open=int(rows.open[0]),
        high=int(rows.high.max()),
        low=int(rows.low.min()),
        last=int(rows.close[-1]),
        volume=int(rows.volume.sum()),
        value=float(rows.value.sum()),
        count=int(rows.count.sum()),
    )
