"""Speed of the statistics on a long record, and how often their intervals hold the truth.

Run as a script it prints one JSON object. The results are generated from a seed; they say nothing
about profit.
"""

import json
import time
from collections.abc import Callable

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.stats.clusters import mean_interval
from signalbot.stats.performance import summarise
from signalbot.stats.sample import KINDS, Labels, Sample, untold
from signalbot.stats.uncertainty import Interval, always_valid, wilson

ALERTS = 1_000_000
BOOTSTRAPPED = 100_000
SYMBOLS = 430
RUNS = 2_000
RATES = (0.5, 0.6, 0.75)
LOOKS = range(10, 501)
BETS = 100
TARGET, STOP, NOT_FILLED = (
    KINDS.index(kind) for kind in (OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.NOT_FILLED)
)
TARGET_R, STOP_R, BREAKEVEN = 0.9, -1.1, 0.55


def figures() -> dict[str, object]:
    """Return seconds for `ALERTS` settled alerts, and the share of runs that hold the truth."""
    sample = _long_record()
    apart = _bets(Generator(PCG64(4)), BOOTSTRAPPED, most=1)
    start = time.perf_counter()
    summarise(sample, (-0.1, 0.1))
    summarised = time.perf_counter()
    mean_interval(apart, seed=142)
    return {
        "settled_alerts": ALERTS,
        "statistics_s": round(summarised - start, 3),
        "bootstrapped_alerts": BOOTSTRAPPED,
        "bootstrap_s": round(time.perf_counter() - summarised, 3),
        "coverage_runs": RUNS,
        "win_rate_coverage": {str(rate): _win_rate_coverage(rate) for rate in RATES},
        "expectancy_coverage": _expectancy_coverage(),
    }


def _long_record() -> Sample:
    generator = Generator(PCG64(1))
    won, filled = generator.random(ALERTS) < BREAKEVEN, generator.random(ALERTS) < 0.9
    net_r = np.where(filled, np.where(won, TARGET_R, STOP_R), np.nan)
    ambiguous = filled & (generator.random(ALERTS) < 0.05)
    return Sample(
        published_at=np.cumsum(generator.integers(20 * MINUTE_MS, size=ALERTS)),
        kind=np.where(filled, np.where(won, TARGET, STOP), NOT_FILLED),
        net_r=net_r,
        breakeven=np.full(ALERTS, BREAKEVEN),
        gross_r=net_r + 0.1,
        worst_net_r=np.where(ambiguous, STOP_R, net_r),
        best_net_r=np.where(ambiguous, TARGET_R, net_r),
        ambiguous=ambiguous,
        setup=_labels(generator, 4),
        symbol=_labels(generator, SYMBOLS),
        side=_labels(generator, 2),
        volatility=_labels(generator, 3),
        regime=_labels(generator, 2),
    )


def _labels(generator: Generator, names: int) -> Labels:
    codes = generator.integers(names, size=ALERTS)
    return Labels(codes=codes, names=tuple(f"{name:03}" for name in range(names)))


def _win_rate_coverage(rate: float) -> dict[str, float]:
    """Return how often each interval holds `rate`: at the last look, and at every one of them."""
    flips = Generator(PCG64(2)).random((RUNS, LOOKS[-1])) < rate
    wins = np.cumsum(flips, axis=1)[:, LOOKS[0] - 1 :]
    shares = {}
    for name, interval in (("wilson", wilson), ("always_valid", always_valid)):
        fewest, most = _bounds(interval, rate)
        holds = (fewest <= wins) & (wins <= most)
        shares[f"{name}_at_the_last_look"] = float(holds[:, -1].mean())
        shares[f"{name}_at_every_look"] = float(holds.all(axis=1).mean())
    return shares


def _bounds(
    interval: Callable[[int, int], Interval], rate: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    fewest = most = 0
    bounds = []
    for n in LOOKS:  # both rise by one win at most with each trade
        while interval(fewest, n)[1] < rate:
            fewest += 1
        while most < n and interval(most + 1, n)[0] <= rate:
            most += 1
        bounds.append((fewest, most))
    low, high = np.array(bounds).T
    return low, high


def _expectancy_coverage() -> float:
    """Return how often the bootstrap holds the true mean, 0 R, of bets of one to three alerts."""
    generator = Generator(PCG64(3))
    held = 0
    for seed in range(RUNS):
        low, high = mean_interval(_bets(generator, BETS, most=3), seed)
        held += low <= 0 <= high
    return held / RUNS


def _bets(generator: Generator, bets: int, most: int) -> Sample:
    size = generator.integers(1, most + 1, size=bets)
    won = np.repeat(generator.random(bets) < BREAKEVEN, size)
    same = Labels(codes=np.zeros(len(won), dtype=np.int64), names=("one",))
    return Sample(
        published_at=np.repeat(np.arange(bets) * HOUR_MS, size),
        kind=np.where(won, TARGET, STOP),
        net_r=np.where(won, TARGET_R, STOP_R),
        breakeven=np.full(len(won), BREAKEVEN),
        setup=same,
        symbol=same,
        side=same,
        **untold(len(won)),
    )


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
