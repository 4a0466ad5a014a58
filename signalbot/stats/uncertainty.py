"""How far a count can be trusted: intervals, evidence, and many looks at once.

Wins are counts, rates are fractions (0.55 is 55 %). Both intervals are about independent trades;
alerts that move together make them too narrow (clusters.py).
"""

import math
import sys
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaln, xlog1py, xlogy
from scipy.stats import binomtest

ALPHA = 0.05
"""Share of true rates that an interval may miss."""
PRIOR = 0.5
"""Both parameters of the beta prior of the always-valid set (Jeffreys)."""

Interval = tuple[float, float]

_LARGEST_LOG = math.log(sys.float_info.max)


def wilson(wins: int, n: int) -> Interval:
    """Return the 95 % Wilson interval of a win rate: right for one look at the record.

    Read after every trade it misses the truth far more often than 5 %; see `always_valid`.
    Without a trade it is 0 to 1.
    """
    if n == 0:
        return 0.0, 1.0
    found = binomtest(wins, n).proportion_ci(confidence_level=1 - ALPHA, method="wilson")
    return float(found.low), float(found.high)


def log_evidence(wins: float, n: float, rate: float, prior: float = PRIOR) -> float:
    """Return ln of the e-value against a true win rate of `rate`.

    The beta-binomial mixture likelihood ratio of method "always-valid": under `rate` it is a
    martingale that starts at 1, so it ever exceeds 1/alpha with probability alpha at most (Ville).
    Infinite where the count cannot happen under `rate`. Counts need not be whole: the evidence
    that a given rate would have gathered after `n` trades.
    """
    mixture = betaln(prior + wins, prior + n - wins) - betaln(prior, prior)
    return float(mixture - xlogy(wins, rate) - xlog1py(n - wins, -rate))


def always_valid(wins: int, n: int, alpha: float = ALPHA, prior: float = PRIOR) -> Interval:
    """Return the interval of win rates that still stand, however often one has looked.

    Every rate whose `log_evidence` stays below ln(1/alpha). The evidence is convex in the rate
    and lowest at wins/n, so the set is an interval around it. The chance that it *ever* leaves the
    true rate out, over all looks together, is `alpha` at most.
    """
    below = _lowest_standing(wins, n, alpha, prior)
    above = _lowest_standing(n - wins, n, alpha, prior)
    return below, 1 - above


def _lowest_standing(wins: int, n: int, alpha: float, prior: float) -> float:
    if wins == 0:
        return 0.0

    def excess(rate: float) -> float:
        return log_evidence(wins, n, rate, prior) + math.log(alpha)

    return float(brentq(excess, sys.float_info.min, wins / n, xtol=1e-15))


def e_value(wins: int, n: int, rate: float) -> float:
    """Return the evidence against a true win rate of `rate`, as odds: 20 is what 95 % asks for.

    It speaks against the rate in both directions: a record far below it has a large e-value too.
    Never above the largest float, so that it is always a JSON number.
    """
    return math.exp(min(log_evidence(wins, n, rate), _LARGEST_LOG))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for having looked at all of them (Holm 1979), in their order."""
    ascending = np.argsort(p_values, kind="stable")
    remaining = np.arange(len(p_values), 0, -1)
    stepped = np.maximum.accumulate(np.asarray(p_values)[ascending] * remaining)
    adjusted = np.empty(len(p_values))
    adjusted[ascending] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]
