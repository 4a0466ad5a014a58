"""The scaling gate: ten profitable days in a row at the rules, before a larger size is mentioned.

A day of the reader's clock counts if at least one own trade was closed on it, together they left
something after costs, and no rule was broken. A losing day and a rule-break start again; a day
without a trade does neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.reader_clock import ReaderClock
from signalbot.outcomes.own_trade import Followed, OwnResult, own_result
from signalbot.outcomes.rule_breaks import RuleBreak

DAYS_IN_A_ROW = 10

SetupVersion = tuple[str, str]
"""Name and version of a setup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """How far a reader is.

    Attributes
    ----------
    days : int
        Profitable days in a row at the rules, so far.
    setups : tuple of SetupVersion
        Whose alerts these days were made of, sorted.
    """

    days: int = 0
    setups: tuple[SetupVersion, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether there were enough of them."""
        return self.days >= DAYS_IN_A_ROW


def scaling_gate(
    followed: Sequence[Followed], breaks: Iterable[RuleBreak], clock: ReaderClock, until: int
) -> Gate:
    """Return where a reader stands after the days that ended by `until`.

    A trade on paper that was marked when the ledger's had ended counts as no profit: its result
    was known. A loss of such a trade counts.
    """
    end = clock.day_start(until)
    broken = {clock.day_start(found.at) for found in breaks if found.at < end}
    closed: dict[int, list[tuple[Followed, OwnResult]]] = {}
    for each in followed:
        result = own_result(each)
        if result and result.closed_at < end and not (result.is_win and _is_hindsight(each)):
            closed.setdefault(clock.day_start(result.closed_at), []).append((each, result))
    days, setups = 0, set[SetupVersion]()
    for day in sorted({*broken, *closed}):
        if day in broken or not _is_profitable(closed[day]):
            days, setups = 0, set()
        else:
            days += 1
            setups |= {_setup(each) for each, _ in closed[day]}
    return Gate(days=days, setups=tuple(sorted(setups)))


def _is_profitable(closed: Sequence[tuple[Followed, OwnResult]]) -> bool:
    # in money too where all of it is known: R alone would let small wins hide a large loss
    money = [result.money for _, result in closed if result.money is not None]
    if len(money) == len(closed) and sum(money, Decimal(0)) <= 0:
        return False
    return sum((result.net_r for _, result in closed), Decimal(0)) > 0


def _setup(followed: Followed) -> SetupVersion:
    return followed.recorded.alert.setup, followed.recorded.alert.version


def _is_hindsight(followed: Followed) -> bool:
    entry, outcome = followed.entry, followed.recorded.outcome
    ended_at = outcome.exit_at if outcome else None
    return entry.on_paper and ended_at is not None and entry.marked_at > ended_at
