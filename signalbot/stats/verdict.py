"""Does a record beat its costs? Three answers, and how long until there is one of the two others.

Rates are fractions; R is net of costs.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from signalbot.stats.uncertainty import ALPHA, Interval, always_valid, log_evidence, turning_point

MIN_DECIDED = 30
"""Fewer decided alerts than this have no headline and no verdict."""
MIN_BETS = 30
"""Effective count from which a record may be said to beat its costs."""
FAR_AWAY = 10_000_000
"""A record that would need more alerts than this is not expected to be decided at all."""


class Verdict(StrEnum):
    """What the record shows."""

    NOT_ENOUGH_DATA = "not_enough_data"
    UNDECIDED = "undecided"
    BEATS_COSTS = "beats_costs"
    LOSES = "loses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The figures a verdict rests on, of at least one decided alert.

    Attributes
    ----------
    breakeven_win_rate : float
        Mean of the rates the decided alerts were planned to need.
    expectancy_r, expectancy_r_95 : float, Interval
        Mean result, and its interval over clusters.
    n_effective : float
        Independent alerts the decided ones are worth.
    """

    decided: int
    wins: int
    breakeven_win_rate: float
    expectancy_r: float
    expectancy_r_95: Interval
    n_effective: float

    @property
    def win_rate(self) -> float:
        """Share of wins."""
        return self.wins / self.decided


def verdict_of(standing: Standing) -> Verdict:
    """Return what the record shows.

    It beats its costs only if both intervals lie above (win rate above break-even, expectancy
    above 0) and the alerts are worth `MIN_BETS` independent ones: a day of longs that all rose
    together is one lucky bet. It loses if either interval lies below.
    """
    if standing.decided < MIN_DECIDED:
        return Verdict.NOT_ENOUGH_DATA
    rate_low, rate_high = always_valid(standing.wins, standing.decided)
    mean_low, mean_high = standing.expectancy_r_95
    if rate_high < standing.breakeven_win_rate or mean_high < 0:
        return Verdict.LOSES
    is_above = rate_low > standing.breakeven_win_rate and mean_low > 0
    if is_above and standing.n_effective >= MIN_BETS:
        return Verdict.BEATS_COSTS
    return Verdict.UNDECIDED


def alerts_needed(standing: Standing, verdict: Verdict) -> int | None:
    """Return about how many more decided alerts a verdict would take.

    Below `MIN_DECIDED`: as many as are missing. Undecided: as many as it takes if everything goes
    on at the present win rate and expectancy. The win rate is decided when its always-valid
    interval leaves break-even out; the expectancy when its interval, shrinking with the root of
    the alerts, leaves 0 out. Where both point up, both are awaited; else the first that points
    down. None where there is a verdict, or none is in sight (`FAR_AWAY`).
    """
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return MIN_DECIDED - standing.decided
    if verdict is not Verdict.UNDECIDED:
        return None
    total = _total_needed(standing)
    if total > FAR_AWAY:
        return None
    return max(math.ceil(total) - standing.decided, 1)


def _total_needed(standing: Standing) -> float:
    lead = standing.win_rate - standing.breakeven_win_rate
    by_rate, by_mean = _total_by_rate(standing), _total_by_mean(standing)
    if lead < 0 and standing.expectancy_r < 0:
        return min(by_rate, by_mean)
    if lead < 0:
        return by_rate
    if standing.expectancy_r < 0:
        return by_mean
    bets = MIN_BETS * standing.decided / standing.n_effective
    return max(by_rate, by_mean, bets)


def _total_by_rate(standing: Standing) -> float:
    def is_decided(total: float) -> bool:
        wins = standing.win_rate * total
        return log_evidence(wins, total, standing.breakeven_win_rate) + math.log(ALPHA) >= 0

    near = far = float(standing.decided)
    while not is_decided(far):
        near, far = far, 2 * far
        if near > FAR_AWAY:
            return math.inf
    return turning_point(is_decided, near, far)


def _total_by_mean(standing: Standing) -> float:
    low, high = standing.expectancy_r_95
    mean = standing.expectancy_r
    if mean == 0:
        return math.inf
    reach = (mean - low if mean > 0 else high - mean) / mean
    return standing.decided * reach * reach
