"""What a series of results in R amounts to; no estimate, only arithmetic.

Results come in order of publication, shape (alerts,), in R after costs, without NaN. A win is a
result above 0; every other one is a loss.
"""

import numpy as np

from signalbot.domain.candles import Floats


def profit_factor(net_r: Floats) -> float | None:
    """Return R won per R lost; None where nothing was lost."""
    lost = -float(net_r[net_r < 0].sum())
    return float(net_r[net_r > 0].sum()) / lost if lost else None


def max_drawdown_r(net_r: Floats) -> float:
    """Return the deepest fall of the running sum below its highest point so far, as R >= 0.

    The first peak is the start, at 0: a record that only falls is as deep as it fell.
    """
    running = np.concatenate(([0.0], np.cumsum(net_r)))
    return float((np.maximum.accumulate(running) - running).max())


def longest_losing_run(net_r: Floats) -> int:
    """Return the most losses in a row."""
    wins = np.flatnonzero(net_r > 0)
    return int(np.diff(wins, prepend=-1, append=len(net_r)).max()) - 1


def expected_longest_losing_run(wins: int, n: int) -> float:
    """Return the longest run of losses to expect in `n` trades at a win rate of wins/n.

    The wins cut the record into wins + 1 runs; each is taken as an independent geometric run of
    at most n losses, P(run >= r) = (1 - wins/n)^r. From 30 trades and a win rate of 30 % on that
    is less than 5 % above the exact recursion; 13 % at most where hardly anything is won.
    """
    if wins == 0:
        return float(n)
    reaches = (1 - wins / n) ** np.arange(1, n + 1)
    expected = float(-np.expm1((wins + 1) * np.log1p(-reaches)).sum())
    return abs(expected)  # minus nothing is nothing, where all were won
