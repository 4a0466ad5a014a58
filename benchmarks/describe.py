"""Cost of describing the one pair that fired: an alert must not wait for its evidence."""

import json
import statistics
import time
import tracemalloc

import numpy as np

from signalbot.analysis.features import ROWS, describe
from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import M1, MINUTE_MS

SEED = 20250504
REPEATS = 200


def figures() -> dict[str, float]:
    """Return median and slowest time of one description in ms, and its peak memory in KiB."""
    candles = _random_walk()
    describe(candles)  # the first call pays for pandas' lazy imports
    times = [_elapsed_ms(candles) for _ in range(REPEATS)]
    return {
        "describe_median_ms": round(statistics.median(times), 3),
        "describe_peak_ms": round(max(times), 3),
        "describe_peak_kib": round(_peak_kib(candles), 1),
    }


def _random_walk() -> Candles:
    rng = np.random.default_rng(SEED)
    close = 0.0123 * np.exp(np.cumsum(rng.normal(0, 0.002, ROWS)))
    opened = np.r_[0.0123, close[:-1]]
    return Candles(
        timeframe=M1,
        open_time=np.arange(ROWS, dtype=np.int64) * MINUTE_MS,
        open=opened,
        high=np.maximum(opened, close) * (1 + rng.exponential(0.001, ROWS)),
        low=np.minimum(opened, close) * (1 - rng.exponential(0.001, ROWS)),
        close=close,
        volume=rng.lognormal(8, 1, ROWS),
    )


def _elapsed_ms(candles: Candles) -> float:
    start = time.perf_counter()
    describe(candles)
    return 1000 * (time.perf_counter() - start)


def _peak_kib(candles: Candles) -> float:
    tracemalloc.start()
    describe(candles)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1024


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
