"""Speed of the board of open alerts, and of the resolver for one whom it names.

Run as a script it prints one JSON object. The market is drawn from a seed; it says nothing about
profit.
"""

import json
import time
from dataclasses import replace
from decimal import Decimal
from statistics import median

import numpy as np
from numpy.random import PCG64, Generator

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.outcomes.board import Board, OpenAlert
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve

ALERTS = 10_000
PAIRS = 500
MINUTES = 60
CHANGES = 100
FIRST = 1_767_225_600_000
HOLD_MIN = 60


def figures() -> dict[str, object]:
    """Return ms for one minute of `ALERTS` open alerts that come and go, and us for a decision."""
    minutes_ms, named = _minutes()
    return {
        "open_alerts": ALERTS,
        "pairs": PAIRS,
        "put_and_taken_a_minute": CHANGES,
        "minute_ms": round(median(minutes_ms), 2),
        "slowest_minute_ms": round(max(minutes_ms), 2),
        "named_a_minute": round(median(named)),
        "decision_us": _decision_us(),
    }


def _minutes() -> tuple[list[float], list[int]]:
    generator, board = Generator(PCG64(1)), Board()
    for seq in range(ALERTS):
        board.put(_alert(seq, FIRST - 2 * MINUTE_MS, generator))
    spent, named = [], []
    for minute in range(MINUTES):
        open_time = FIRST + minute * MINUTE_MS
        high, low = _extremes(generator)
        seq = ALERTS + minute * CHANGES
        arriving = [_alert(seq + n, open_time, generator) for n in range(CHANGES)]
        start = time.perf_counter()
        for number, alert in enumerate(arriving):
            board.put(alert)
            board.take(minute * CHANGES + number)
        found = board.concerned(open_time, high, low)
        spent.append(1000 * (time.perf_counter() - start))
        named.append(len(found))
    return spent, named


def _alert(seq: int, published_at: int, generator: Generator) -> OpenAlert:
    return OpenAlert(
        seq=seq,
        plan=_plan(Side.LONG if generator.random() < 0.5 else Side.SHORT),
        published_at=published_at,
        timeframe=M1,
        pair=int(generator.integers(PAIRS)),
    )


def _extremes(generator: Generator) -> tuple[np.ndarray, np.ndarray]:
    moved = 100 + generator.normal(0, 0.2, (2, PAIRS))
    return moved.max(axis=0), moved.min(axis=0)


def _plan(side: Side) -> Plan:
    entry, risk = Decimal(100), side.sign * Decimal(1)
    return Plan(
        id="a",
        venue="simulated",
        symbol="TOY/USDT:USDT",
        side=side,
        entry=entry,
        stop=entry - risk,
        target=entry + risk,
        tick=Decimal("0.01"),
        latency_s=10,
        max_hold_min=HOLD_MIN,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )


def _decision_us() -> float:
    """Return the time of one outcome after half an hour: candles alone, a target in the last."""
    flat = Candle(
        open_time=FIRST,
        **dict.fromkeys(("open", "high", "low", "close"), Decimal(100)),
        volume=Decimal(1),
    )
    candles = [replace(flat, open_time=FIRST + row * MINUTE_MS) for row in range(HOLD_MIN // 2)]
    candles[-1] = replace(candles[-1], high=Decimal(102))
    market, runs = Market(candles=tuple(candles), step_ms=MINUTE_MS), 300
    start = time.perf_counter()
    for _ in range(runs):
        assert resolve(_plan(Side.LONG), FIRST, market).kind is OutcomeKind.TARGET  # noqa: S101
    return round(1e6 * (time.perf_counter() - start) / runs, 1)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
