"""Time and size of each picture of the statistics, and whether drawing many of them leaks memory.

Run as a script it prints one JSON object. The record is generated from a seed: twelve setups with
long names, so that the heat map has all its lines.
"""

import gc
import json
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.random import PCG64, Generator

from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.record.entries import Head
from signalbot.rendering.pictures.caption import Caption
from signalbot.rendering.pictures.distribution import distribution
from signalbot.rendering.pictures.hours import hours
from signalbot.rendering.pictures.running_result import running_result
from signalbot.rendering.pictures.sheet import png
from signalbot.rendering.pictures.win_rate import win_rate
from signalbot.stats.sample import KINDS, Labels, Sample, untold

SHORT, LONG = 2_500, 100_000
SETUPS = 12
WARM, MANY = 20, 200
HEAD = Head(seq=999_999, hash="164cff72" * 8)
TARGET, STOP, EXPIRED = (
    KINDS.index(kind) for kind in (OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.EXPIRED)
)


def figures() -> dict[str, object]:
    """Return median ms and KB of each picture, warm, and the growth of memory over `MANY`."""
    return {
        "cold_ms": round(_elapsed_ms(_pictures(_record(SHORT))["net_r"]), 1),
        f"of_{SHORT}_alerts": _measured(_pictures(_record(SHORT))),
        f"of_{LONG}_alerts": _measured(_pictures(_record(LONG))),
        f"growth_over_{MANY}_mib": round(_growth_mib(_pictures(_record(SHORT))), 1),
    }


def _pictures(record: Sample) -> dict[str, Callable[[], Figure]]:
    caption = Caption.of(record, "simulated market", HEAD)
    at, net_r = record.published_at, record.net_r
    return {
        "net_r": lambda: running_result(at, net_r, net_r + 0.15, caption),
        "win_rate": lambda: win_rate(record, caption),
        "hours": lambda: hours(record, caption),
        "distribution": lambda: distribution(record, caption),
    }


def _measured(pictures: dict[str, Callable[[], Figure]]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "median_ms": round(statistics.median(_elapsed_ms(draw) for _ in range(WARM)), 1),
            "kb": round(len(png(draw())) / 1000, 1),
        }
        for name, draw in pictures.items()
    }


def _elapsed_ms(draw: Callable[[], Figure]) -> float:
    start = time.perf_counter()
    png(draw())
    return 1000 * (time.perf_counter() - start)


def _growth_mib(pictures: dict[str, Callable[[], Figure]]) -> float:
    """Return by how much the memory in use grows over `MANY` pictures, all four in turn."""
    draws = list(pictures.values())
    gc.collect()
    before = _resident_mib()
    for number in range(MANY):
        png(draws[number % len(draws)]())
    gc.collect()
    return _resident_mib() - before


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _record(alerts: int) -> Sample:
    generator = Generator(PCG64(1))
    won, late = generator.random(alerts) < 0.45, generator.random(alerts) < 0.2
    spread = generator.normal(0, 0.4, alerts)
    names = tuple(f"a_setup_with_a_long_name_{number} 1.{number}" for number in range(SETUPS))
    same = Labels(codes=np.zeros(alerts, dtype=np.int64), names=("one",))
    return Sample(
        published_at=np.cumsum(generator.integers(20 * MINUTE_MS, size=alerts)),
        kind=np.where(late, EXPIRED, np.where(won, TARGET, STOP)),
        net_r=np.where(late, spread, np.where(won, 1.2 + spread / 4, -1.1 - np.abs(spread) / 4)),
        breakeven=0.5 - 0.05 * generator.random(alerts),
        setup=Labels(codes=generator.integers(SETUPS, size=alerts), names=names),
        symbol=same,
        side=same,
        **untold(alerts),
    )


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
