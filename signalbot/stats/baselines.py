"""What chance would have made of the alerts, and the inverse trade: the yardsticks of a record.

A twin of an alert is the same trade decided at another close within 24 hours of it: same pair and
side, same distances of stop and target, same delay, latency, holding time and costs, laid off from
the close of its candle and entered at the market. Each of `REPLICATES` replicates draws one twin of
each alert. A twin that could not have been entered (too late) is drawn again until there is one
that could: that is the same as drawing among the others, which is what is done. A twin is only
drawn where the whole of its holding time is known, or those that end early would be preferred.

The inverse is the trade of the alert itself the other way round, from its own entry; where it could
not have been entered it earned nothing, 0 R.

Twins are drawn one by one while alerts come in bunches that move together, so the p-value is too
small for a record of bunches: it flatters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from signalbot.domain.alert import Plan
from signalbot.domain.baseline import Baseline
from signalbot.domain.candles import Candles, Floats
from signalbot.domain.funding import FundingPayment
from signalbot.domain.rounding import ten_places
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS
from signalbot.outcomes.twin_market import Geometry, Series
from signalbot.outcomes.twins import settle_twins
from signalbot.stats.baseline_record import PER_R, in_parts, p_value_of

REPLICATES = 999
"""Replicates of a day; with the alerts themselves a thousand."""
REACH_MS = DAY_MS
"""How far from its alert a twin is decided at most."""
FEWEST_TWINS = 100
"""An alert with fewer twins to draw from is left out: a handful is no chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decided alert: its plan, the close it was decided at, its publication, its net R."""

    plan: Plan
    candle_close: int
    published_at: int
    net_r: Decimal

    @property
    def delay_ms(self) -> int:
        """From the close of its candle to its publication."""
        return self.published_at - self.candle_close


@dataclass(frozen=True, slots=True, kw_only=True)
class PairHistory:
    """Candles of a pair from the day before the alerts to the day after them, and its funding."""

    candles: Candles
    funding: Sequence[FundingPayment] = ()


def baseline_of_day(
    version: tuple[str, str],
    day: str,
    alerts: Sequence[Decided],
    history_of: Callable[[str], PairHistory],
    seed: int,
) -> Baseline:
    """Return the baselines of a setup version for the alerts published on a UTC day.

    Parameters
    ----------
    version : tuple of str and str
        Setup and version, as the record names them.
    alerts : sequence of Decided
        In whatever order they come.
    history_of : callable
        The history of a pair by its symbol; asked once a pair.
    seed : int
        Of the drawing, not negative: the ledger's head before the entry, so that nobody chooses it.

    Returns
    -------
    Baseline
        With `n` 0, means of 0 and a p-value of 1 where no alert has the candles.
    """
    symbols = sorted({alert.plan.symbol for alert in alerts})
    histories = {symbol: history_of(symbol) for symbol in symbols}
    series = {
        symbol: Series.of(history.candles, history.funding)
        for symbol, history in histories.items()
        if len(history.candles)
    }
    ordered = sorted(alerts, key=lambda alert: (alert.published_at, alert.plan.id))
    known = [alert for alert in ordered if alert.plan.symbol in series]
    settled = [_settled(alert, series[alert.plan.symbol]) for alert in known]
    covered = [each for each in settled if len(each.twins) >= FEWEST_TWINS]
    twin_sums = np.rint(_drawn(covered, seed) * PER_R).astype(np.int64)
    n = max(len(covered), 1)
    mean = _rounded(sum((each.net_r for each in covered), Decimal(0)) / n)
    inverse_r = sum(each.inverse_r for each in covered)
    return Baseline(
        day=day,
        setup=version[0],
        version=version[1],
        n=len(covered),
        left_out=len(alerts) - len(covered),
        observed_mean_r=mean,
        twins_mean_r=_rounded(Decimal(int(twin_sums.sum())) / (PER_R * REPLICATES * n)),
        inverse_mean_r=_rounded(Decimal(inverse_r) / n),
        p_value=_rounded(Decimal(p_value_of(in_parts(mean * n), twin_sums))),
        seed=seed,
        twin_sums=tuple(twin_sums.tolist()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """Net R of an alert, of its inverse, and of every twin it can have, in order of time."""

    net_r: Decimal
    inverse_r: float
    twins: Floats


def _settled(alert: Decided, series: Series) -> _Settled:
    geometry = Geometry.of(alert.plan, alert.delay_ms, alert.plan.side)
    reach = REACH_MS // series.step_ms
    own = series.row_closing_at(alert.candle_close)
    known = len(series) - geometry.expired_after(series.step_ms)
    if not 0 <= own < known:
        return _Settled(net_r=alert.net_r, inverse_r=0.0, twins=np.empty(0))
    rows = np.arange(max(own - reach, 0), min(own + reach + 1, known))
    rows = rows[~np.isnan(series.close[rows])]
    net_r = settle_twins(series, rows, series.close[rows], geometry).net_r
    return _Settled(
        net_r=alert.net_r,
        inverse_r=_inverse(alert, series, own),
        twins=net_r[~np.isnan(net_r)],
    )


def _inverse(alert: Decided, series: Series, row: int) -> float:
    side = Side.SHORT if alert.plan.side is Side.LONG else Side.LONG
    geometry = Geometry.of(alert.plan, alert.delay_ms, side)
    entry = np.array([float(alert.plan.entry)])
    net_r = settle_twins(series, np.array([row]), entry, geometry).net_r
    return float(np.nan_to_num(net_r[0]))


def _drawn(covered: Sequence[_Settled], seed: int) -> Floats:
    generator = np.random.Generator(np.random.PCG64(seed))
    sums = np.zeros(REPLICATES)
    for each in covered:
        sums += each.twins[generator.integers(len(each.twins), size=REPLICATES)]
    return sums


def _rounded(value: Decimal) -> Decimal:
    return Decimal(ten_places(value))
