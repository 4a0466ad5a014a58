"""Where a subscriber left the plan: too much at risk, a stop that was moved, adding to a trade.

Leaving it is no error and refuses nothing; the review names it with the alert's number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from heapq import heappop, heappush
from operator import itemgetter

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
    open_before = _open_before(taken)
    return tuple(
        found for each in taken for found in _breaks(each, open_before.get(each.seq, 0), profile)
    )


def settled_at(followed: Followed) -> int:
    """Return the instant an own trade is counted at: the exit, else the fill, else the mark."""
    entry = followed.entry
    last = entry.exit or entry.fill
    return last.at if last else entry.marked_at


def _breaks(followed: Followed, open_before: int, profile: Profile) -> Iterator[RuleBreak]:
    added = (Decimal(open_before + 1), Decimal(1)) if open_before else None
    checks = (
        (BreakKind.RISK_ABOVE_PLAN, _risk_above_plan(followed, profile)),
        (BreakKind.BEYOND_STOP, _beyond_stop(followed)),
        (BreakKind.ADDED_TO_OPEN, added),
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


def _open_before(taken: Iterable[Followed]) -> dict[int, int]:
    # how many trades of the same coin and side were open when each was filled, by its number
    filled = [(each.entry.fill.at, each.seq, each) for each in taken if each.entry.fill]
    ends: dict[_Bet, list[int]] = {}
    found = {}
    for at, seq, each in sorted(filled, key=itemgetter(0, 1)):
        still_open = ends.setdefault(_bet(each), [])
        while still_open and still_open[0] <= at:
            heappop(still_open)
        found[seq] = len(still_open)
        heappush(still_open, _open_until(each, at))
    return found


def _open_until(followed: Followed, filled_at: int) -> int:
    # an exit that was not told is taken for the plan's own last minute, so that nobody is accused
    # of adding to a trade that was only forgotten
    told = followed.entry.exit
    return told.at if told else filled_at + followed.plan.max_hold_min * MINUTE_MS


def _bet(followed: Followed) -> _Bet:
    return followed.plan.coin, followed.plan.side, followed.entry.on_paper
