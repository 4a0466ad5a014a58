"""Guards that keep a beginner from losing much at once, from the journal of the own trades.

They belong to one subscriber; the reference account of channel and replay has none. Limits are
shares of the equity at the time of asking. The journal may arrive in any order, and where several
trades ended in the same instant the worst order counts, so that no sorting ever opens a guard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import plain
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS, iso
from signalbot.errors import InputError

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrade:
    """One trade of the user's own, as told.

    Attributes
    ----------
    opened_at, closed_at : int
        Instants in ms UTC; `closed_at` is None while the trade is open.
    risk_money : Decimal
        What its stop costs, all costs included, in quote units.
    pnl : Decimal or None
        What it brought after costs; None while the trade is open.

    Raises
    ------
    InputError
        If it was closed before it was opened, has an end without a result or a result without an
        end, or risks less than nothing.
    """

    opened_at: int
    closed_at: int | None = None
    side: Side
    coin: str
    risk_money: Decimal
    pnl: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.closed_at is None) != (self.pnl is None):
            raise InputError("pnl", self.pnl, "a result of a closed trade, none of an open one")
        if self.closed_at is not None and self.closed_at < self.opened_at:
            raise InputError("closed_at", iso(self.closed_at), f"from {iso(self.opened_at)} on")
        if self.risk_money < 0:
            raise InputError("risk_money", self.risk_money, "0 or more")

    def is_open(self, now: int) -> bool:
        """Whether it still risks its money: not closed, or only later than `now`."""
        return self.closed_at is None or self.closed_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTrade:
    """The trade that is asked about.

    `accepts_high_risk` is the user's explicit word for more than the limit per trade.
    """

    side: Side
    risk_money: Decimal
    accepts_high_risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """Limits for one account.

    Attributes
    ----------
    max_risk_pct : Decimal
        Per cent of the equity that one trade may risk without the user's explicit word.
    max_heat_pct : Decimal
        Per cent of the equity that all open trades may risk at once.
    max_same_side : int
        Most open trades in one direction.
    max_day_loss_pct : Decimal
        Per cent of the equity; no new trade once so much is lost in a day.
    cool_off_losses, cool_off_min : int
        After so many losses in a row no new trade for so many minutes.
    """

    max_risk_pct: Decimal = Decimal(1)
    max_heat_pct: Decimal = Decimal(2)
    max_same_side: int = 2
    max_day_loss_pct: Decimal = Decimal(2)
    cool_off_losses: int = 3
    cool_off_min: int = 60


class _LosingRun(NamedTuple):
    # losses in a row at one instant: the most a loss there may have been the last of, and how
    # many a next loss would add to; no order is known among trades that ended together
    at: int
    reached: int
    going_on: int


def is_high_risk(planned: PlannedTrade, equity: Decimal, rules: GuardRules) -> bool:
    """Return whether a trade risks more than the limit per trade: labelled, even if accepted."""
    return planned.risk_money > _share(equity, rules.max_risk_pct)


def open_heat(trades: Sequence[OwnTrade], now: int) -> Decimal:
    """Return the money lost if every open trade were stopped."""
    return sum((trade.risk_money for trade in trades if trade.is_open(now)), Decimal(0))


def loss_today(trades: Sequence[OwnTrade], day_start: int, now: int) -> Decimal:
    """Return the money lost by trades closed since `day_start`, wins set against it; 0 or more.

    Raises
    ------
    InputError
        If the day starts after `now`.
    """
    if day_start > now:
        raise InputError("day_start", iso(day_start), f"an instant up to {iso(now)}")
    results = (pnl for closed_at, pnl in _closed(trades, now) if closed_at >= day_start)
    return max(-sum(results, Decimal(0)), Decimal(0))


def losses_in_a_row(trades: Sequence[OwnTrade], now: int) -> int:
    """Return how many of the trades closed last, without a win between them, brought nothing."""
    runs = _losing_runs(trades, now)
    return runs[-1].going_on if runs else 0


def cool_off_end(trades: Sequence[OwnTrade], rules: GuardRules, now: int) -> int | None:
    """Return when the cool-off ends, as an instant; None if there is none.

    Each further loss of the same row starts it anew. A win of a trade that was still open ends the
    row, but not the cool-off.
    """
    starts = [run.at for run in _losing_runs(trades, now) if run.reached >= rules.cool_off_losses]
    end = max(starts, default=now) + rules.cool_off_min * MINUTE_MS
    return end if starts and end > now else None


def check_guards(
    trades: Sequence[OwnTrade],
    planned: PlannedTrade,
    equity: Decimal,
    rules: GuardRules,
    now: int,
    day_start: int,
) -> tuple[Refusal, ...]:
    """Return every guard that stands against a planned trade; empty if none does.

    `day_start` is the instant at which the user's day began; it ends 24 hours later. Losses of
    open trades count in the heat only, not in the day, so a day can end beyond its limit.

    Raises
    ------
    InputError
        If the day starts after `now`.
    """
    refusals = (
        _refuse_risk(planned, equity, rules),
        _refuse_heat(open_heat(trades, now), planned, equity, rules),
        _refuse_side(trades, planned.side, rules, now),
        _refuse_day(loss_today(trades, day_start, now), equity, rules, day_start),
        _refuse_haste(trades, rules, now),
    )
    return tuple(refusal for refusal in refusals if refusal)


def _refuse_risk(planned: PlannedTrade, equity: Decimal, rules: GuardRules) -> Refusal | None:
    if planned.accepts_high_risk or not is_high_risk(planned, equity, rules):
        return None
    return Refusal(
        code=RefusalCode.RISK_ABOVE_LIMIT,
        message=f"this trade risks {_at_least(planned.risk_money)}, more than"
        f" {plain(rules.max_risk_pct)} % of the account: it fits with at most"
        f" {_at_most(_share(equity, rules.max_risk_pct))}, or if you explicitly accept the risk",
    )


def _refuse_heat(
    heat: Decimal, planned: PlannedTrade, equity: Decimal, rules: GuardRules
) -> Refusal | None:
    free = _share(equity, rules.max_heat_pct) - heat
    if planned.risk_money <= free:
        return None
    return Refusal(
        code=RefusalCode.PORTFOLIO_HEAT,
        message=f"open trades risk {_at_least(heat)}, all together may risk"
        f" {plain(rules.max_heat_pct)} % of the account: {_at_most(max(free, Decimal(0)))} is free,"
        " it fits with at most that or when a trade is closed",
    )


def _refuse_side(
    trades: Sequence[OwnTrade], side: Side, rules: GuardRules, now: int
) -> Refusal | None:
    count = sum(trade.side is side for trade in trades if trade.is_open(now))
    if count < rules.max_same_side:
        return None
    return Refusal(
        code=RefusalCode.SAME_SIDE_LIMIT,
        message=f"{count} {side} trades are open, allowed are {rules.max_same_side}:"
        f" it fits when fewer than {rules.max_same_side} are open",
    )


def _refuse_day(
    loss: Decimal, equity: Decimal, rules: GuardRules, day_start: int
) -> Refusal | None:
    if loss < _share(equity, rules.max_day_loss_pct):
        return None
    return Refusal(
        code=RefusalCode.DAILY_LOSS_LIMIT,
        message=f"{_at_least(loss)} is lost today, the limit is {plain(rules.max_day_loss_pct)} %"
        f" of the account: it fits when the day ends at {iso(day_start + DAY_MS)}",
    )


def _refuse_haste(trades: Sequence[OwnTrade], rules: GuardRules, now: int) -> Refusal | None:
    end = cool_off_end(trades, rules, now)
    if end is None:
        return None
    return Refusal(
        code=RefusalCode.COOL_OFF,
        message=f"{rules.cool_off_losses} losses in a row or more: it fits when the"
        f" {rules.cool_off_min} minutes of cool-off end at {iso(end)}",
    )


def _closed(trades: Sequence[OwnTrade], now: int) -> list[tuple[int, Decimal]]:
    return [
        (trade.closed_at, trade.pnl)
        for trade in trades
        if trade.closed_at is not None and trade.pnl is not None and not trade.is_open(now)
    ]


def _losing_runs(trades: Sequence[OwnTrade], now: int) -> list[_LosingRun]:
    runs = []
    before = 0
    for at, group in groupby(sorted(_closed(trades, now)), key=itemgetter(0)):
        won = [pnl > 0 for _, pnl in group]
        losses = won.count(False)
        reached = before + losses if losses else 0
        before = losses if any(won) else reached
        runs.append(_LosingRun(at, reached, before))
    return runs


def _share(equity: Decimal, pct: Decimal) -> Decimal:
    return equity * pct / 100


def _at_least(money: Decimal) -> Decimal:
    return money.quantize(CENT, ROUND_CEILING)


def _at_most(money: Decimal) -> Decimal:
    return money.quantize(CENT, ROUND_FLOOR)
