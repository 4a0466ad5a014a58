"""Journal entries as the guards of an account read them (risk/guards.py).

What was not told is filled in so that silence opens no guard:

* without a quantity, the trade risked what the account allows on one;
* without an exit, it is open, however long ago the fill was;
* without a fill either, it went as the ledger's did: open until that has an outcome, then closed
  with its result. Where the ledger was never filled, there was no trade.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from signalbot.domain.outcome import Outcome
from signalbot.domain.profile import Profile
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.own_trade import Followed, own_result
from signalbot.risk.guards import OwnTrade


def guarded_trades(
    followed: Iterable[Followed], profile: Profile, *, on_paper: bool
) -> tuple[OwnTrade, ...]:
    """Return the trades of one reader, with money or on paper, as the guards need them.

    The two are never mixed: a win on paper makes up for no loss of money.
    """
    return tuple(
        trade
        for each in followed
        if each.entry.is_taken and each.entry.on_paper is on_paper
        for trade in _trades(each, profile)
    )


def _trades(followed: Followed, profile: Profile) -> Iterator[OwnTrade]:
    entry, outcome = followed.entry, followed.recorded.outcome
    result = own_result(followed)
    if result is not None:
        yield _closed(followed, profile, (result.opened_at, result.closed_at), result.net_r)
    elif entry.fill is not None:
        yield _open(followed, profile, entry.fill.at)
    elif outcome is None:
        yield _open(followed, profile, entry.marked_at)
    elif outcome.net_r is not None:
        yield _closed(followed, profile, _held(followed, outcome), outcome.net_r)


def _open(followed: Followed, profile: Profile, opened_at: int) -> OwnTrade:
    return OwnTrade(
        opened_at=opened_at,
        side=followed.plan.side,
        coin=followed.plan.coin,
        risk_money=_quantity(followed, profile) * followed.unit_loss,
    )


def _closed(
    followed: Followed, profile: Profile, held: tuple[int, int], net_r: Decimal
) -> OwnTrade:
    quantity = _quantity(followed, profile)
    opened_at, closed_at = held
    return OwnTrade(
        opened_at=opened_at,
        closed_at=closed_at,
        side=followed.plan.side,
        coin=followed.plan.coin,
        risk_money=quantity * followed.unit_loss,
        pnl=net_r * followed.plan.risk * quantity,
    )


def _quantity(followed: Followed, profile: Profile) -> Decimal:
    told = followed.entry.quantity
    return profile.risk_money / followed.unit_loss if told is None else told


def _held(followed: Followed, outcome: Outcome) -> tuple[int, int]:
    # a gap in the candles leaves one instant or both unknown: then the plan's last minute
    recorded = followed.recorded
    start = recorded.alert.candle_close if outcome.filled_at is None else outcome.filled_at
    end = outcome.exit_at
    return start, start + followed.plan.max_hold_min * MINUTE_MS if end is None else end
