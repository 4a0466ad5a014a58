"""What costs took, what the data left open, and what never became a trade.

What a record does not tell of an alert is left out and counted out, never taken as zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from signalbot.domain.outcome import OutcomeKind
from signalbot.stats.sample import Sample

VOID = (OutcomeKind.NOT_FILLED, OutcomeKind.VOID_LATE, OutcomeKind.NOT_PUBLISHED)
"""Kinds of an alert that ended without a trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeCosts:
    """Mean result of `n` decided alerts before costs, and what costs took of it, in R."""

    n: int
    expectancy_r: float
    cost_r: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of the result hangs on prices whose order the data left open.

    Attributes
    ----------
    n, ambiguous : int
        Decided alerts whose bounds are known, and those of them that have two.
    share : float
        The latter of the former.
    worst_expectancy_r, best_expectancy_r : float
        Mean net R if every ambiguous outcome was the worst, or the best, it can have been.
    """

    n: int
    ambiguous: int
    share: float
    worst_expectancy_r: float
    best_expectancy_r: float


def before_costs(decided: Sample) -> BeforeCosts | None:
    """Return the result before costs; None where no alert tells it."""
    known = np.isfinite(decided.gross_r)
    if not known.any():
        return None
    gross = float(decided.gross_r[known].mean())
    net = float(decided.net_r[known].mean())
    return BeforeCosts(n=int(known.sum()), expectancy_r=gross, cost_r=gross - net)


def bounds_of(decided: Sample) -> Bounds | None:
    """Return the bounds of the result; None where no alert tells them."""
    known = np.isfinite(decided.worst_net_r) & np.isfinite(decided.best_net_r)
    n, ambiguous = int(known.sum()), int(decided.ambiguous[known].sum())
    if not n:
        return None
    return Bounds(
        n=n,
        ambiguous=ambiguous,
        share=ambiguous / n,
        worst_expectancy_r=float(decided.worst_net_r[known].mean()),
        best_expectancy_r=float(decided.best_net_r[known].mean()),
    )


def voids(buckets: Mapping[OutcomeKind, int]) -> int:
    """Return how many alerts ended without a trade."""
    return sum(buckets[kind] for kind in VOID)


def ended(buckets: Mapping[OutcomeKind, int]) -> int:
    """Return how many alerts have an outcome."""
    return sum(buckets.values()) - buckets[OutcomeKind.OPEN]
