"""What chance would have made of a day's alerts: random-time twins, and the inverse trade."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The baselines of one setup version for the alerts published on one UTC day.

    A twin is the same trade (pair, side, distances, rules) at a random minute within 24 hours; a
    replicate draws one twin for each alert. The inverse is the alert's trade the other way round.

    Attributes
    ----------
    day : str
        UTC day of publication.
    n : int
        Decided alerts that are covered.
    left_out : int
        Decided alerts without the candles their twins would need.
    observed_mean_r, twins_mean_r, inverse_mean_r : Decimal
        Mean net R of the alerts, of all replicates, and of the inverse trades.
    p_value : Decimal
        (1 + replicates that did at least as well as the alerts) / (1 + replicates).
    seed : int
        Of the drawing; 64 bits of the ledger's head before this entry.
    twin_sums : tuple of int
        Sum of net R of each replicate, in ten-thousandths of an R, in order of the drawing, so that
        the days of a record add up.
    """

    day: str
    setup: str
    version: str
    n: int
    left_out: int
    observed_mean_r: Decimal
    twins_mean_r: Decimal
    inverse_mean_r: Decimal
    p_value: Decimal
    seed: int
    twin_sums: tuple[int, ...]
