"""Where a subscriber left the plan: too much at risk, a stop that was moved, adding to a trade.

Leaving it is no error and refuses nothing; the review names it with the alert's number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.profile import Profile
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.own_trade import Followed, own_result

MOVED_STOP = Decimal("1.25")
"""A loss above so many planned losses did not end at the stop."""

_Bet = tuple[str, Side, bool]


class BreakKind(StrEnum):
    """What was not kept."""

    RISK_ABOVE_PLAN = "risk_above_plan"
    BEYOND_STOP = "beyond_stop"
    ADDED_TO_OPEN = "added_to_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBreak:
    """One rule that one own trade did not keep.

    Attributes
    ----------
    at : int
        Instant at which it showed: the own exit, else the own fill, else the mark.
    was, allowed : Decimal
        Money at risk and the account's limit; R lost and R planned; for an addition the number of
        trades that were open on the coin and side, this one included, and 1.
    """

    kind: BreakKind
    alert_seq: int
    at: int
    was: Decimal
    allowed: Decimal


def rule_breaks(followed: Sequence[Followed], profile: Profile) -> tuple[RuleBreak, ...]:
    """Return every break in the trades of one reader, by number of the alert.

    `profile` is the account as it is now; what it was then is not kept.
    """
    taken = sorted((each for each in followed if each.entry.is_taken), key=lambda each: each.seq)
    beside: dict[_Bet, list[Followed]] = {}
    for each in taken:
        beside.setdefault(_bet(each), []).append(each)
    return tuple(found for each in taken for found in _breaks(each, beside[_bet(each)], profile))


def settled_at(followed: Followed) -> int:
    """Return the instant an own trade is counted at: the exit, else the fill, else the mark."""
    entry = followed.entry
    last = entry.exit or entry.fill
    return last.at if last else entry.marked_at


def _breaks(
    followed: Followed, others: Iterable[Followed], profile: Profile
) -> Iterator[RuleBreak]:
    checks = (
        (BreakKind.RISK_ABOVE_PLAN, _risk_above_plan(followed, profile)),
        (BreakKind.BEYOND_STOP, _beyond_stop(followed)),
        (BreakKind.ADDED_TO_OPEN, _added(followed, others)),
    )
    for kind, found in checks:
        if found is not None:
            was, allowed = found
            at = settled_at(followed)
            yield RuleBreak(kind=kind, alert_seq=followed.seq, at=at, was=was, allowed=allowed)


def _risk_above_plan(followed: Followed, profile: Profile) -> tuple[Decimal, Decimal] | None:
    quantity = followed.entry.quantity
    if quantity is None:
        return None
    # one step is forgiven: venues round, and so do people
    risked, step_risk = quantity * followed.unit_loss, followed.step * followed.unit_loss
    allowed = profile.risk_money
    return (risked, allowed) if risked > allowed + step_risk else None


def _beyond_stop(followed: Followed) -> tuple[Decimal, Decimal] | None:
    result, planned = own_result(followed), 1 + followed.recorded.alert.cost_r
    if result is None or -result.net_r <= MOVED_STOP * planned:
        return None
    return -result.net_r, planned


def _added(followed: Followed, others: Iterable[Followed]) -> tuple[Decimal, Decimal] | None:
    count = sum(_was_open(other, followed) for other in others)
    return (Decimal(count + 1), Decimal(1)) if count else None


def _was_open(other: Followed, followed: Followed) -> bool:
    before, now = other.entry.fill, followed.entry.fill
    if before is None or now is None:
        return False
    is_earlier = (before.at, other.seq) < (now.at, followed.seq)
    return is_earlier and now.at < _open_until(other, before.at)


def _open_until(followed: Followed, filled_at: int) -> int:
    # an exit that was not told is taken for the plan's own last minute, so that nobody is accused
    # of adding to a trade that was only forgotten
    told = followed.entry.exit
    return told.at if told else filled_at + followed.plan.max_hold_min * MINUTE_MS


def _bet(followed: Followed) -> _Bet:
    return followed.plan.coin, followed.plan.side, followed.entry.on_paper
