"""Cost of one answer of the risk desk, and how long a person waits for a small command to start."""

import json
import statistics
import subprocess
import sys
import time
from decimal import Decimal

from numpy.random import PCG64, Generator

from signalbot.domain.rounding import from_float
from signalbot.domain.rules import Rules
from signalbot.risk.tiers import Band, Tier, tiers_of
from signalbot.service.advise import SizeInput, ask_desk

SEED = 20261101
PLANS = 2_000
STARTS = 9
COMMAND = ("-m", "signalbot", "size", "--help")
REFERENCE = ("-c", "import typer, rich")
BANDS = ((0, 5_000, "0.015"), (5_000, 10_000, "0.025"), (10_000, 20_000, "0.05"))


def figures() -> dict[str, float]:
    """Return the median time of one plan, and of a start beside one of its bare libraries.

    The two starts take turns, so that whatever else the machine does concerns both.
    """
    times = [_elapsed_us(plan) for plan in _plans()]
    starts = [(_started(COMMAND), _started(REFERENCE)) for _ in range(STARTS)]
    command, reference = map(statistics.median, zip(*starts, strict=True))
    return {
        "plans": PLANS,
        "plan_median_us": round(statistics.median(times), 1),
        "size_help_s": round(command, 3),
        "libraries_s": round(reference, 3),
        "size_help_ratio": round(command / reference, 2),
    }


def _plans() -> list[SizeInput]:
    generator, tiers = Generator(PCG64(SEED)), _tiers()
    return [_plan(generator, tiers if number % 2 else ()) for number in range(PLANS)]


def _tiers() -> tuple[Tier, ...]:
    return tiers_of([Band(floor=Decimal(a), cap=Decimal(b), mmr=Decimal(c)) for a, b, c in BANDS])


def _plan(generator: Generator, tiers: tuple[Tier, ...]) -> SizeInput:
    entry = 10 ** generator.uniform(-8, 5)
    distance = generator.choice((-1, 1)) * generator.uniform(0.002, 0.05) * entry
    return SizeInput(
        entry=from_float(entry),
        stop=from_float(entry - distance),
        target=from_float(entry + distance * generator.uniform(0.5, 3)),
        equity=from_float(10 ** generator.uniform(1, 6)),
        risk_pct=from_float(generator.uniform(0.1, 1)),
        tiers=tiers,
    )


def _elapsed_us(plan: SizeInput) -> float:
    start = time.perf_counter()
    ask_desk(plan, {}, Rules())
    return 1_000_000 * (time.perf_counter() - start)


def _started(arguments: tuple[str, ...]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
