"""The baselines of a record: its days added up, replicate by replicate."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from signalbot.domain.baseline import Baseline

PER_R = 10_000
"""Sums are kept in these parts of an R, as whole numbers, so that days add up exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRecord:
    """The baselines of all days of a record together, R after costs.

    Attributes
    ----------
    days, n, left_out : int
        Days and setup versions added up, the decided alerts they cover, and those they do not.
    observed_r, twins_r, inverse_r : float
        Mean result of the alerts, of their twins over all replicates, and of the inverse trades.
    p_value : float
        Share of replicates, counting the alerts as one, that did at least as well as the alerts.
    """

    days: int
    n: int
    left_out: int
    observed_r: float
    twins_r: float
    inverse_r: float
    p_value: float


def record_of(baselines: Sequence[Baseline]) -> BaselineRecord | None:
    """Return the baselines of a record; None where they cover no alert.

    Replicate by replicate the days add up to replicates of the whole record.
    """
    covering = [day for day in baselines if day.n]
    n = sum(day.n for day in covering)
    if not n:
        return None
    replicates = min(len(day.twin_sums) for day in covering)
    sums = np.array([day.twin_sums[:replicates] for day in covering], dtype=np.int64).sum(axis=0)
    observed = sum(in_parts(day.observed_mean_r * day.n) for day in covering)
    return BaselineRecord(
        days=len(covering),
        n=n,
        left_out=sum(day.left_out for day in baselines),
        observed_r=float(sum(day.observed_mean_r * day.n for day in covering) / n),
        twins_r=float(sum(day.twins_mean_r * day.n for day in covering) / n),
        inverse_r=float(sum(day.inverse_mean_r * day.n for day in covering) / n),
        p_value=p_value_of(observed, sums),
    )


def p_value_of(observed: int, twin_sums: NDArray[np.int64]) -> float:
    """Return (1 + replicates that did at least as well) / (1 + replicates); sums in parts of R."""
    return (1 + int((twin_sums >= observed).sum())) / (1 + len(twin_sums))


def in_parts(sum_r: Decimal) -> int:
    """Return a sum of R in whole parts."""
    return round(sum_r * PER_R)
