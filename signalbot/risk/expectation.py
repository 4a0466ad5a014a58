"""What a beginner should expect of luck: losing runs, drawdowns and ruin at a given win rate.

One trade risks a fixed share of what the account then holds. A loss costs exactly that much money,
1 R after all costs; a win brings `reward_risk_net` R. Trades are independent, which is kinder than
the market: trades that move together lose together, so real runs and drawdowns are worse.
"""

import math
from dataclasses import dataclass

import numpy as np

from signalbot.domain.candles import Floats
from signalbot.errors import InputError

SEED = 17
PATHS = 10_000
"""Drawdowns are measured on so many simulated accounts, always the same ones (PCG64, `SEED`)."""
MOST_TRADES = 1_000

_ROUNDING = (
    1e-12  # an account that lost exactly the stated share has lost it, whatever its logs say
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What so many trades at one win rate may bring.

    Attributes
    ----------
    expected_r : float
        Mean result of one trade, in R.
    losing_run, losing_run_probability : int, float
        So many losses in a row or more, at least once.
    mean_drawdown_r, drawdown_r_95 : float
        Deepest fall below the highest point so far, start included, in R with the same money
        risked every time: its mean, and the depth that 95 of 100 accounts do not exceed.
    mean_drawdown_pct, drawdown_pct_95 : float
        The same in per cent of the account's highest point, with a fixed share risked.
    ruin_share, ruin_probability : float
        The chance that the account ever stands at least this share below its start.
    """

    trades: int
    expected_r: float
    losing_run: int
    losing_run_probability: float
    mean_drawdown_r: float
    drawdown_r_95: float
    mean_drawdown_pct: float
    drawdown_pct_95: float
    ruin_share: float
    ruin_probability: float


def losing_run_probability(run: int, trades: int, win_rate: float) -> float:
    """Return the chance of at least one run of `run` or more losses in `trades` trades.

    Exact: a first run that ends with trade n is either all of the first n = run trades, or `run`
    losses after a win that no such run precedes, P(n) = P(n-1) + (1 - P(n-run-1)) w (1-w)^run.

    Raises
    ------
    InputError
        If the run is below 1, the trades are not in 0..1000, or the rate is not in 0..1.
    """
    _require("losing run", run, run >= 1, "at least 1")
    _require("trades", trades, 0 <= trades <= MOST_TRADES, f"0 to {MOST_TRADES}")
    _require("win rate", win_rate, 0 <= win_rate <= 1, "0 to 1")
    if run > trades:
        return 0.0
    all_lost = (1 - win_rate) ** run
    seen = [0.0] * run + [all_lost]
    for trade in range(run + 1, trades + 1):
        seen.append(seen[-1] + (1 - seen[trade - run - 1]) * win_rate * all_lost)
    return seen[trades]


def outlook(
    *,
    win_rate: float,
    reward_risk_net: float,
    risk_pct: float,
    trades: int,
    losing_run: int = 6,
    ruin_share: float = 0.5,
) -> Outlook:
    """Return what `trades` trades may bring that each risk `risk_pct` per cent of the account.

    Expectation, losing run and ruin are exact (ruin by dynamic programming over the number of
    wins). Drawdowns are simulated on 10,000 seeded paths: a mean has a standard error of 1/100 of
    its paths' standard deviation, and what is shown as the 95th percentile lies between the true
    94.5th and 95.5th (two standard errors). The same question always has the same answer. Where
    the costs eat the gain (`reward_risk_net` <= 0) every trade counts as lost in a run.

    Raises
    ------
    InputError
        If the win rate is not in 0..1, the ruin share not strictly inside, the risk not above 0
        and below 100 %, the reward below -1 R, the run below 1, or trades are not in 0..1000.
    """
    _require("win rate", win_rate, 0 <= win_rate <= 1, "0 to 1")
    _require("risk", risk_pct, 0 < risk_pct < 100, "above 0 and below 100 %")
    _require("reward", reward_risk_net, -1 <= reward_risk_net < math.inf, "a number from -1 R")
    _require("ruin share", ruin_share, 0 < ruin_share < 1, "above 0 and below 1")
    rate_of_gains = win_rate if reward_risk_net > 0 else 0.0
    run_probability = losing_run_probability(losing_run, trades, rate_of_gains)
    growth = np.log1p(np.array([reward_risk_net, -1.0]) * risk_pct / 100)
    steps = np.array([[reward_risk_net, -1.0], growth])
    in_r, in_logs = _deepest_falls(steps, win_rate, trades)
    in_pct = -100 * np.expm1(-in_logs)
    return Outlook(
        trades=trades,
        expected_r=win_rate * reward_risk_net - (1 - win_rate),
        losing_run=losing_run,
        losing_run_probability=run_probability,
        mean_drawdown_r=float(in_r.mean()),
        drawdown_r_95=_percentile_95(in_r),
        mean_drawdown_pct=float(in_pct.mean()),
        drawdown_pct_95=_percentile_95(in_pct),
        ruin_share=ruin_share,
        ruin_probability=_ruin_probability(growth, win_rate, trades, math.log1p(-ruin_share)),
    )


def _deepest_falls(steps: Floats, win_rate: float, trades: int) -> Floats:
    # one row of (win, loss) for each way to count, all on the same draws
    rng = np.random.Generator(np.random.PCG64(SEED))
    fall = np.zeros((len(steps), PATHS))
    deepest = np.zeros_like(fall)
    for _ in range(trades):
        won = rng.random(PATHS) < win_rate
        fall -= np.where(won, steps[:, :1], steps[:, 1:])
        np.maximum(fall, 0, out=fall)
        np.maximum(deepest, fall, out=deepest)
    return deepest


def _percentile_95(drawdowns: Floats) -> float:
    return float(np.quantile(drawdowns, 0.95, method="inverted_cdf"))


def _ruin_probability(growth: Floats, win_rate: float, trades: int, floor: float) -> float:
    up, down = growth
    wins = np.arange(trades + 1)
    alive = np.zeros(trades + 1)  # probability to have so many wins and never to have been ruined
    alive[0] = 1.0
    ruined = 0.0
    for trade in range(1, trades + 1):
        alive[1:] = alive[1:] * (1 - win_rate) + alive[:-1] * win_rate
        alive[0] *= 1 - win_rate
        lost = wins * up + (trade - wins) * down <= floor + _ROUNDING
        ruined += float(alive[lost].sum())
        alive[lost] = 0.0
    return ruined


def _require(field: str, was: float, holds: bool, allowed: str) -> None:
    if not holds:
        raise InputError(field, was, allowed)
