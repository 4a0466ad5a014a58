"""How far a count can be trusted: intervals, evidence, and many looks at once.

Wins are counts, rates are fractions (0.55 is 55 %). Both intervals are about independent trades;
alerts that move together make them too narrow (clusters.py).
"""

import math
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import bdtr, bdtrc, betaln, gammaln, xlog1py, xlogy

ALPHA = 0.05
"""Share of true rates that an interval may miss."""
PRIOR = 0.5
"""Both parameters of the beta prior of the always-valid set (Jeffreys)."""

Interval = tuple[float, float]

_QUANTILE = 1.959963984540054
"""Normal quantile of 1 - ALPHA/2; scipy.stats, which has it, takes 0.3 s to import."""
_AS_LIKELY = math.log1p(1e-7)
"""Chances this near to each other are taken for equal, as scipy and R do."""
_LARGEST_LOG = math.log(sys.float_info.max)


def wilson(wins: int, n: int) -> Interval:
    """Return the 95 % Wilson interval of a win rate: right for one look at the record.

    Read after every trade it misses the truth far more often than 5 %; see `always_valid`.
    Without a trade it is 0 to 1.
    """
    if n == 0:
        return 0.0, 1.0
    square = _QUANTILE**2
    centre = (wins + square / 2) / (n + square)
    half = _QUANTILE / (n + square) * math.sqrt(wins * (n - wins) / n + square / 4)
    return (centre - half if wins else 0.0), (centre + half if wins < n else 1.0)


def exact_p(wins: int, n: int, rate: float) -> float:
    """Return the exact two-sided p-value of a win count under a true win rate.

    The chance of all counts that are no likelier than this one (the binomial test).
    """
    if wins == n * rate:
        return 1.0
    if wins > n * rate:
        wins, rate = n - wins, 1 - rate

    def log_chance(count: int) -> float:
        ways = gammaln(n + 1) - gammaln(count + 1) - gammaln(n - count + 1)
        return float(ways + xlogy(count, rate) + xlog1py(n - count, -rate))

    likeliest = log_chance(wins) + _AS_LIKELY
    above = range(math.ceil(n * rate), n + 1)  # the chance falls from there on
    opposite = above.start + bisect_left(
        above, True, key=lambda count: log_chance(count) <= likeliest
    )
    return min(float(bdtr(wins, n, rate) + bdtrc(opposite - 1, n, rate)), 1.0)


def log_evidence(wins: float, n: float, rate: float, prior: float = PRIOR) -> float:
    """Return ln of the e-value against a true win rate of `rate`.

    The beta-binomial mixture likelihood ratio of method "always-valid": under `rate` it is a
    martingale that starts at 1, so it ever exceeds 1/alpha with probability alpha at most (Ville).
    Infinite where the count cannot happen under `rate`. Counts need not be whole: the evidence
    that a given rate would have gathered after `n` trades.
    """
    return float(_mixture(wins, n, prior) - xlogy(wins, rate) - xlog1py(n - wins, -rate))


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
    least = _mixture(wins, n, prior) + math.log(alpha)

    def stands(rate: float) -> bool:  # the evidence again, with what does not change taken out
        return least <= wins * math.log(rate) + (n - wins) * math.log1p(-rate)

    return turning_point(stands, 0.0, wins / n)


def _mixture(wins: float, n: float, prior: float) -> float:
    return float(betaln(prior + wins, prior + n - wins) - betaln(prior, prior))


def turning_point(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return the first float above `low` from which on `holds` is true; it is at `high`.

    By bisection to the last bit: scipy.optimize, which is quicker by some steps, takes 0.3 s to
    import, and every command that shows a rate would pay for it.
    """
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


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
