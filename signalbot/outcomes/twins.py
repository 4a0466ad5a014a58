"""Many market entries of one geometry on one pair, settled at once on arrays.

`resolve` is the only place that decides what became of an alert. This module decides about trades
that nobody was sent: the random-time twins and the inverse trades of a night's baselines, some
hundred thousand of them, for which exact prices would take minutes. It keeps the rules of `resolve`
for a market entry without finer candles (docs/assumptions.md, "Outcomes", 1 to 3 and 5 to 10) and
shares its formula of settlement; tests/unit/outcomes/test_twins.py holds the two against each
other on random markets: the same kind, and net R within 1e-9.

Prices are compared in the direction of the trade: multiplied by its sign, every trade is a long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from signalbot.domain.alert import CHASE_SHARE
from signalbot.domain.candles import Floats, Instants
from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.settlement import Charges, earned
from signalbot.outcomes.twin_market import Geometry, Series

KINDS = tuple(OutcomeKind)
"""What a kind code stands for."""
NOISE_TICKS = 1e-6
"""Prices nearer to each other than this share of a tick are one: floats miss by far less."""

_TARGET, _STOP, _EXPIRED, _LATE, _GAP, _OPEN = (
    KINDS.index(kind)
    for kind in (
        OutcomeKind.TARGET,
        OutcomeKind.STOP,
        OutcomeKind.EXPIRED,
        OutcomeKind.VOID_LATE,
        OutcomeKind.UNRESOLVED_GAP,
        OutcomeKind.OPEN,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Kind (a position in `KINDS`) and net R (NaN where there is none), shape (trades,)."""

    kind: NDArray[np.int64]
    net_r: Floats


def settle_twins(series: Series, rows: Instants, entry: Floats, geometry: Geometry) -> Twins:
    """Return what became of trades decided at the close of the candles in `rows`.

    Parameters
    ----------
    series : Series
        What lies beyond its last row is not known yet.
    rows : int64
        Shape (trades,), rows of the series.
    entry : float64
        Shape (trades,), the prices from which stop and target are laid off, on the tick.
    """
    path = _Path.of(series, geometry)
    levels = _Levels.of(entry, geometry)
    first = rows + geometry.entered_after(series.step_ms)
    last = first + path.first_end(first, levels)
    fill = path.open[first]
    stopped_at_entry = levels.beyond_stop(fill)
    kind, exits_at = _ends(path, levels, first, last)
    as_planned = np.isnan(fill) | stopped_at_entry  # where there was no fill to be had
    net_r = _net_r(
        series,
        geometry,
        _Trades(
            kind=kind,
            filled_at=series.closes_at(rows) + geometry.starts_ms,
            last=np.where(stopped_at_entry, first, last),
            fill=np.where(as_planned, levels.entry, fill),
            exit=np.where(stopped_at_entry, levels.stop, exits_at),
        ),
    )
    return Twins(kind=kind, net_r=net_r)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Levels:
    """Entry, stop and target of each trade; `tick` and `noise` of all of them."""

    entry: Floats
    stop: Floats
    target: Floats
    chase_limit: Floats
    tick: float
    noise: float

    @classmethod
    def of(cls, entry: Floats, geometry: Geometry) -> "_Levels":
        planned = geometry.side.sign * entry
        return cls(
            entry=planned,
            stop=planned - geometry.risk,
            target=planned + geometry.reward,
            chase_limit=planned + float(CHASE_SHARE) * geometry.risk,
            tick=geometry.tick,
            noise=NOISE_TICKS * geometry.tick,
        )

    @property
    def stopped(self) -> Floats:
        """Highest price that is at or beyond the stop."""
        return self.stop + self.noise

    @property
    def reached(self) -> Floats:
        """Lowest price that trades through the target."""
        return self.target + self.tick - self.noise

    def beyond_stop(self, price: Floats) -> NDArray[np.bool_]:
        return price <= self.stopped

    def through_target(self, price: Floats) -> NDArray[np.bool_]:
        return price >= self.reached

    def too_late(self, price: Floats) -> NDArray[np.bool_]:
        beyond_limit = price > self.chase_limit + self.noise
        return beyond_limit | (price >= self.target - self.noise)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """Prices in the direction of the trade, shape (rows + what the last trade could still see,).

    A missing candle has no open and falls for ever, so that every trade ends in it.
    """

    known: int
    held: int
    expires_inside: bool
    open: Floats
    adverse: Floats
    favourable: Floats

    @classmethod
    def of(cls, series: Series, geometry: Geometry) -> "_Path":
        step_ms, sign = series.step_ms, geometry.side.sign
        beyond = np.full(geometry.expired_after(step_ms) + 1, np.nan)
        worst, best = (series.low, series.high) if sign > 0 else (series.high, series.low)
        adverse = np.concatenate((sign * worst, beyond))
        return cls(
            known=len(series),
            held=geometry.expired_after(step_ms) - geometry.entered_after(step_ms),
            expires_inside=geometry.expires_ms % step_ms != 0,
            open=np.concatenate((sign * series.open, beyond)),
            adverse=np.where(np.isnan(adverse), -np.inf, adverse),
            favourable=np.concatenate((sign * best, beyond)),
        )

    def first_end(self, first: Instants, levels: _Levels) -> Instants:
        """Return how many candles after its entry each trade ends: at a level, a gap, its time."""
        width = max(self.held, 1)
        stop, through = (level[:, None] for level in (levels.stopped, levels.reached))
        ends = sliding_window_view(self.adverse, width)[first] <= stop
        reached = sliding_window_view(self.favourable, width)[first] >= through
        reached[:, 0] = False  # the entry candle never triggers the target
        if self.expires_inside and width > 1:  # nor does the candle of the expiry but by its open
            reached[:, -1] = levels.through_target(self.open[first + width - 1])
        ends |= reached
        found = ends.argmax(axis=1)
        is_found = ends[np.arange(len(first)), found]
        return np.where(is_found & (found < self.held), found, self.held)


def _ends(
    path: _Path, levels: _Levels, first: Instants, last: Instants
) -> tuple[NDArray[np.int64], Floats]:
    """Return how each trade ends, in the order of the rules, and at what price before slippage."""
    fill, opened = path.open[first], path.open[last]
    later = last > first
    expired = last - first == path.held
    opened_beyond = later & levels.beyond_stop(opened)
    opened_through = later & levels.through_target(opened)
    cases = (
        (first >= path.known, _OPEN, np.nan),
        (np.isnan(fill), _GAP, levels.stop),
        (levels.beyond_stop(fill), _STOP, levels.stop),
        (levels.too_late(fill), _LATE, np.nan),
        (last >= path.known, _OPEN, np.nan),
        (np.isnan(opened), _GAP, levels.stop),
        (expired, _EXPIRED, np.minimum(opened, levels.target)),
        (opened_beyond, _STOP, opened),
        (opened_through, _TARGET, levels.target),
        (levels.beyond_stop(path.adverse[last]), _STOP, levels.stop),
    )
    conditions, kinds, prices = zip(*cases, strict=True)
    return (
        np.select(conditions, kinds, default=_TARGET),
        np.select(conditions, prices, default=levels.target),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trades:
    """Kind, instant and price of the fill, row and price of the exit; prices in their direction."""

    kind: NDArray[np.int64]
    filled_at: Instants
    last: Instants
    fill: Floats
    exit: Floats


def _net_r(series: Series, geometry: Geometry, trades: _Trades) -> Floats:
    sign, at_target = geometry.side.sign, trades.kind == _TARGET
    closed_at = series.closes_at(trades.last)
    exit_at = np.where(trades.kind == _EXPIRED, closed_at - series.step_ms, closed_at)
    paid = sign * series.paid_between(trades.filled_at, exit_at)
    charges = Charges(
        entry_slippage=np.full(len(trades.kind), geometry.slippage_rate),
        entry_fee=np.full(len(trades.kind), geometry.taker_rate),
        exit_slippage=np.where(at_target, 0.0, geometry.slippage_rate),
        exit_fee=np.where(at_target, geometry.maker_rate, geometry.taker_rate),
        funding=np.where(trades.kind == _GAP, 0.0, paid),
    )
    return earned(sign, sign * trades.fill, sign * trades.exit, charges) / geometry.risk
