"""A subscriber's week beside the ledger: what was kept, what it cost, what the rest would have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import SetupState
from signalbot.domain.profile import Profile
from signalbot.domain.reader_clock import ReaderClock
from signalbot.outcomes.own_trade import (
    BPS,
    Followed,
    LateEntry,
    OwnResult,
    fill_slippage,
    late_entry,
    own_result,
)
from signalbot.outcomes.rule_breaks import RuleBreak, rule_breaks
from signalbot.stats.own_cells import FailingCells, failing_cells
from signalbot.stats.scaling import Gate, SetupVersion, scaling_gate

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Results added up; `money` is of the `money_n` of them whose quantity is known."""

    n: int = 0
    wins: int = 0
    net_r: Decimal = ZERO
    money: Decimal = ZERO
    money_n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The own trades whose alerts the ledger decided too, and its results of the same."""

    n: int
    own_r: Decimal
    ledger_r: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSlippage:
    """How much worse own fills were than the ledger's, on average of `n`; below 0: better.

    `assumed_bps` is the mean slippage that the ledger adds to its own fills.
    """

    n: int
    r: Decimal
    bps: Decimal
    assumed_bps: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """What a review is drawn from.

    Attributes
    ----------
    followed : sequence of Followed
        The whole journal of one reader.
    published : int
        Alerts published in the week, marked or not.
    profile : Profile
        The reader's account as it is now.
    states : mapping of SetupVersion to SetupState
        Setup versions that left `unproven`.
    """

    followed: Sequence[Followed]
    published: int
    profile: Profile
    clock: ReaderClock
    states: Mapping[SetupVersion, SetupState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One reader's week: the alerts published in it, and what he made of them.

    Attributes
    ----------
    since, until : int
        Monday 00:00 of the reader's clock, and the next.
    published, taken, skipped : int
        Alerts of the week, and those marked so.
    untold : tuple of int
        Numbers of the taken alerts whose fill or exit was not told.
    closed, kept : int
        Own trades that are over, and those with no rule broken and no late entry.
    with_money, on_paper : Totals
        Own results.
    compared : Comparison
        With the ledger's result of the same alerts.
    slippage : MeanSlippage or None
        None without a pair of fills.
    skipped_winners, skipped_losers : Totals
        What the ledger made of the skipped alerts.
    cells : FailingCells
        Over the whole journal up to the end of the week.
    gate : Gate
        As it stands at the end of the week.
    unproven : tuple of SetupVersion
        The setups of the gate's days that have not beaten their costs.
    """

    since: int
    until: int
    clock: ReaderClock
    profile: Profile
    published: int
    taken: int
    skipped: int
    untold: tuple[int, ...]
    closed: int
    kept: int
    breaks: tuple[RuleBreak, ...]
    late: tuple[LateEntry, ...]
    with_money: Totals
    on_paper: Totals
    compared: Comparison
    slippage: MeanSlippage | None
    skipped_winners: Totals
    skipped_losers: Totals
    cells: FailingCells
    gate: Gate
    unproven: tuple[SetupVersion, ...]


def review(record: OwnRecord, since: int, until: int) -> Review:
    """Return the review of [since, until); a trade belongs to the week its alert was published in.

    Hours, volatility and the gate rest on the whole journal, as far as trades ended by `until`.
    """
    ordered = sorted(record.followed, key=lambda each: each.seq)
    week = [each for each in ordered if _is_of(each, since, until)]
    taken = [each for each in week if each.entry.is_taken]
    skipped = [each for each in week if not each.entry.is_taken]
    results = [(each, result) for each in taken if (result := own_result(each))]
    all_breaks = rule_breaks(record.followed, record.profile)
    numbers = {each.seq for each in taken}
    breaks = tuple(found for found in all_breaks if found.alert_seq in numbers)
    late = tuple(found for each in taken if (found := late_entry(each)))
    left = {found.alert_seq for found in breaks} | {found.alert_seq for found in late}
    missed = [r for each in skipped if (r := each.recorded.net_r) is not None]
    gate = scaling_gate(record.followed, all_breaks, record.clock, until)
    return Review(
        since=since,
        until=until,
        clock=record.clock,
        profile=record.profile,
        published=record.published,
        taken=len(taken),
        skipped=len(skipped),
        untold=tuple(each.seq for each in taken if own_result(each) is None),
        closed=len(results),
        kept=sum(each.seq not in left for each, _ in results),
        breaks=breaks,
        late=late,
        with_money=_totals(result for each, result in results if not each.entry.on_paper),
        on_paper=_totals(result for each, result in results if each.entry.on_paper),
        compared=_compared(results),
        slippage=_slippage(taken),
        skipped_winners=_ledger_totals(r for r in missed if r > 0),
        skipped_losers=_ledger_totals(r for r in missed if r <= 0),
        cells=failing_cells(_before(record.followed, until), record.clock),
        gate=gate,
        unproven=tuple(
            setup for setup in gate.setups if record.states.get(setup) is not SetupState.PROVEN
        ),
    )


def _is_of(followed: Followed, since: int, until: int) -> bool:
    at = followed.recorded.published_at
    return at is not None and since <= at < until


def _before(followed: Iterable[Followed], until: int) -> list[Followed]:
    return [each for each in followed if each.entry.exit is not None and each.entry.exit.at < until]


def _totals(results: Iterable[OwnResult]) -> Totals:
    listed = list(results)
    money = [each.money for each in listed if each.money is not None]
    return Totals(
        n=len(listed),
        wins=sum(each.is_win for each in listed),
        net_r=sum((each.net_r for each in listed), ZERO),
        money=sum(money, ZERO),
        money_n=len(money),
    )


def _ledger_totals(net_r: Iterable[Decimal]) -> Totals:
    listed = list(net_r)
    return Totals(n=len(listed), wins=sum(r > 0 for r in listed), net_r=sum(listed, ZERO))


def _compared(results: Iterable[tuple[Followed, OwnResult]]) -> Comparison:
    pairs = [
        (result.net_r, ledger_r)
        for each, result in results
        if (ledger_r := each.recorded.net_r) is not None
    ]
    return Comparison(
        n=len(pairs),
        own_r=sum((own for own, _ in pairs), ZERO),
        ledger_r=sum((ledger for _, ledger in pairs), ZERO),
    )


def _slippage(taken: Iterable[Followed]) -> MeanSlippage | None:
    pairs = [(each.plan, found) for each in taken if (found := fill_slippage(each))]
    if not pairs:
        return None
    n = len(pairs)
    return MeanSlippage(
        n=n,
        r=sum((found.r for _, found in pairs), ZERO) / n,
        bps=sum((found.bps for _, found in pairs), ZERO) / n,
        assumed_bps=sum((BPS * plan.entry_slippage_rate for plan, _ in pairs), ZERO) / n,
    )
