"""Speed of a night's baselines: a day of alerts, each with a twin in every replicate.

Run as a script it prints one JSON object. Prices are generated from a seed; they say nothing about
profit.
"""

import json
import time
from decimal import Decimal
from statistics import median

import numpy as np
from numpy.random import PCG64, Generator

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candles
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, M1
from signalbot.stats.baselines import REPLICATES, Decided, PairHistory, baseline_of_day

ALERTS = 30
DAYS = 3
ROWS = DAYS * DAY_MS // M1.step_ms
FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z
STOP, TARGET, TICK = Decimal("0.0100"), Decimal("0.0150"), Decimal("0.0001")
RUNS = 9


def figures() -> dict[str, object]:
    """Return the median milliseconds for a day of `ALERTS` alerts on as many pairs."""
    histories = {f"{pair:02}/USDT:USDT": _history(pair) for pair in range(ALERTS)}
    alerts = [_alert(number, symbol, histories[symbol]) for number, symbol in enumerate(histories)]
    times = []
    for seed in range(RUNS):
        start = time.perf_counter()
        found = baseline_of_day(("one", "1"), "2026-01-02", alerts, histories.__getitem__, seed)
        times.append(1_000 * (time.perf_counter() - start))
    return {"alerts": found.n, "replicates": REPLICATES, "day_ms": round(median(times), 1)}


def _history(seed: int) -> PairHistory:
    """Three days of a random walk around 1, some 0.15 % a quarter of a minute."""
    steps = Generator(PCG64(seed)).normal(0, 0.0015, size=(ROWS, 4))
    prices = np.round(np.exp(np.cumsum(steps.ravel())).reshape(ROWS, 4), 4)
    opened = np.concatenate(([1.0], prices[:-1, -1]))
    return PairHistory(
        candles=Candles(
            timeframe=M1,
            open_time=FIRST + np.arange(ROWS, dtype=np.int64) * M1.step_ms,
            open=opened,
            high=np.maximum(opened, prices.max(axis=1)),
            low=np.minimum(opened, prices.min(axis=1)),
            close=prices[:, -1],
            volume=np.ones(ROWS),
        )
    )


def _alert(number: int, symbol: str, history: PairHistory) -> Decided:
    row = ROWS // DAYS + number * ROWS // DAYS // ALERTS
    side = Side.LONG if number % 2 else Side.SHORT
    entry = Decimal(str(history.candles.close[row]))
    closed_at = FIRST + (row + 1) * M1.step_ms
    plan = Plan(
        id=f"{number:02}",
        venue="simulated",
        symbol=symbol,
        side=side,
        entry=entry,
        stop=entry - side.sign * STOP,
        target=entry + side.sign * TARGET,
        tick=TICK,
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )
    return Decided(
        plan=plan, candle_close=closed_at, published_at=closed_at + 2_500, net_r=Decimal("-0.1")
    )


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
