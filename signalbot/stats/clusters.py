"""Alerts that move together are one bet, and errors are taken over bets.

Alts rise and fall with each other: alerts on the same side, each within 15 minutes of the one
before it, form a cluster. Taking every alert for a bet of its own would make each interval of the
mean too narrow by a factor of 1.5 to 2.
"""

from dataclasses import dataclass

import numpy as np

from signalbot.domain.candles import Floats
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.stats.sample import Codes, Sample
from signalbot.stats.uncertainty import ALPHA, Interval

CHAIN_MS = 15 * MINUTE_MS
"""Longest pause between two alerts of one cluster."""
CORRELATION = 0.5
"""Assumed correlation of results inside a cluster."""
REPLICATES = 999
"""Resamplings of the bootstrap; (999 + 1) * 2.5 % is whole, so each end is one of the means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Number of alerts and sum of net R of each cluster, shape (clusters,)."""

    size: Codes
    net_r: Floats

    def __len__(self) -> int:
        return len(self.size)


def clusters_of(decided: Sample) -> Clusters:
    """Return the clusters of decided alerts."""
    order = np.lexsort((decided.published_at, decided.side.codes))
    published_at, side = decided.published_at[order], decided.side.codes[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(side) != 0) | (np.diff(published_at) > CHAIN_MS)
    first = np.flatnonzero(is_first)
    return Clusters(
        size=np.diff(first, append=len(order)),
        net_r=np.add.reduceat(decided.net_r[order], first),
    )


def effective_count(clusters: Clusters) -> float:
    """Return how many independent alerts the clusters are worth: n / (1 + (m - 1) * rho).

    m is the mean cluster size and rho is `CORRELATION` (the design effect, Kish 1965).
    """
    n = int(clusters.size.sum())
    if n == 0:
        return 0.0
    return n / (1 + (n / len(clusters) - 1) * CORRELATION)


def mean_interval(decided: Sample, seed: int) -> Interval | None:
    """Return the 95 % interval of the mean net R: percentile bootstrap over whole clusters.

    The same alerts and seed give the same interval on every machine. A single cluster says nothing
    about the next one: then the interval runs from the worst to the best result. None without
    alerts.

    Parameters
    ----------
    decided : Sample
        Decided alerts.
    seed : int
        Not negative, of any size; published with the figures (the ledger's head).
    """
    if not len(decided):
        return None
    clusters = clusters_of(decided)
    if len(clusters) == 1:
        return float(decided.net_r.min()), float(decided.net_r.max())
    means = np.sort(_resampled_means(clusters, seed))
    tail = round((REPLICATES + 1) * ALPHA / 2)
    return float(means[tail - 1]), float(means[-tail])


def _resampled_means(clusters: Clusters, seed: int) -> Floats:
    generator = np.random.Generator(np.random.PCG64(seed))
    count = len(clusters)
    means = np.empty(REPLICATES)
    # Result and size as one complex number: gathered and added up at once. One replicate at a time:
    # all of them would need gigabytes for a long record. Sums and not dot products, because BLAS
    # adds in another order on another processor.
    bets = clusters.net_r + 1j * clusters.size
    for replicate in range(REPLICATES):
        drawn = bets.take(generator.integers(count, size=count), mode="clip").sum()
        means[replicate] = drawn.real / drawn.imag
    return means
