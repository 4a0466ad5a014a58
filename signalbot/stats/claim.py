"""What an advertised win rate means: how few trades give it, and what it would earn."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from scipy.special import bdtrc

from signalbot.errors import InputError
from signalbot.stats.uncertainty import Interval, always_valid, wilson

LARGEST_SAMPLE = 100_000
"""Longest record that is looked at for an advertised rate."""
MOST_DECIMALS = 12
"""Decimals of an advertised rate; hostile input could ask for billions of them."""
SETUPS_TRIED = 10
"""Setups without an edge among which the best one is advertised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Wins and losses of a record."""

    wins: int
    losses: int

    @property
    def n(self) -> int:
        """Trades."""
        return self.wins + self.losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a number of wins and losses says.

    Attributes
    ----------
    counts : Counts
        The record meant.
    wilson_95, always_valid_95 : Interval
        Of the win rate, for one look and for any number of looks.
    breakeven_win_rate : float
        Rate that pays the costs; 1.0 where not even winning always would do.
    expectancy_r : float
        R per trade after costs at exactly this rate.
    luck : float
        Chance that the best of `SETUPS_TRIED` setups without an edge shows so many wins or more.
    deleted_losers : int
        Losers to delete from as many losses as wins to be left with this record.
    """

    counts: Counts
    wilson_95: Interval
    always_valid_95: Interval
    breakeven_win_rate: float
    expectancy_r: float
    luck: float
    deleted_losers: int


def smallest_samples(win_rate_pct: Decimal, most: int = 3) -> tuple[Counts, ...]:
    """Return the shortest records that show this rate, rounded to the decimals it is given with.

    Parameters
    ----------
    win_rate_pct : Decimal
        Per cent, as advertised: 70.59 is found in 12 of 17, 24 of 34, 36 of 51. A tie counts
        whichever way it was rounded.
    most : int
        How many of them.

    Raises
    ------
    InputError
        If it is no rate from 0 to 100 with at most `MOST_DECIMALS` decimals, or no record of up to
        `LARGEST_SAMPLE` trades shows it.
    """
    if not _is_percentage(win_rate_pct):
        allowed = f"a percentage from 0 to 100 with at most {MOST_DECIMALS} decimals"
        raise InputError("win_rate", win_rate_pct, allowed)
    samples = tuple(islice(_samples(win_rate_pct), most))
    if not samples:
        allowed = f"a percentage that some record of up to {LARGEST_SAMPLE} trades shows"
        raise InputError("win_rate", win_rate_pct, allowed)
    return samples


def _is_percentage(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= 100 and _decimals(value) <= MOST_DECIMALS


def _samples(win_rate_pct: Decimal) -> Iterator[Counts]:
    # In whole numbers, so that a tie is a tie: wins / n is within half a unit of the last decimal.
    scale = 10 ** _decimals(win_rate_pct)
    rate, whole = int(win_rate_pct * scale), 100 * scale
    for n in range(1, LARGEST_SAMPLE + 1):
        wins = (2 * n * rate + whole) // (2 * whole)
        if 2 * abs(wins * whole - n * rate) <= n:
            yield Counts(wins=wins, losses=n - wins)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def claim(counts: Counts, reward_risk: float = 1.0, cost_r: float = 0.5) -> Claim:
    """Return what a record of so many wins and losses says.

    A win earns `reward_risk` - `cost_r`, a loss costs 1 + `cost_r`, so break-even is at
    (1 + cost_r) / (1 + reward_risk). Without an edge and without costs the target is met first
    with probability 1 / (1 + reward_risk): the rate that luck is measured against.

    Parameters
    ----------
    counts : Counts
        The record.
    reward_risk : float
        Distance of the target over that of the stop.
    cost_r : float
        Costs of a trade over the distance of the stop: 0.10 % at a stop of 0.2 % is 0.5.

    Raises
    ------
    InputError
        If a count is negative, there is no trade, or `reward_risk` or `cost_r` cannot be.
    """
    _check(counts, reward_risk, cost_r)
    wins, n = counts.wins, counts.n
    so_many = bdtrc(wins - 1, n, 1 / (1 + reward_risk)) if wins else 1.0
    return Claim(
        counts=counts,
        wilson_95=wilson(wins, n),
        always_valid_95=always_valid(wins, n),
        breakeven_win_rate=min((1 + cost_r) / (1 + reward_risk), 1.0),
        expectancy_r=wins / n * (1 + reward_risk) - (1 + cost_r),
        luck=float(1 - (1 - so_many) ** SETUPS_TRIED),
        deleted_losers=max(wins - counts.losses, 0),
    )


def _check(counts: Counts, reward_risk: float, cost_r: float) -> None:
    if counts.wins < 0:
        raise InputError("wins", counts.wins, "0 or more")
    if counts.losses < 0:
        raise InputError("losses", counts.losses, "0 or more")
    if counts.n == 0:
        raise InputError("losses", counts.losses, "at least one trade in all")
    if not 0 < reward_risk < float("inf"):
        raise InputError("reward_risk", reward_risk, "a number above 0")
    if not 0 <= cost_r < float("inf"):
        raise InputError("cost_r", cost_r, "a number of 0 or more")
