"""One alert as a subscriber followed it: the own result, and how it differs from the ledger's.

::

    net_r         = (s*(exit - fill) - f_in*fill - f_out*exit - funding) / |E - S|
    slippage_r    = s*(fill - ledger_fill) / |E - S|
    slippage_bps  = 10000 * s*(fill - ledger_fill) / ledger_fill

Own prices have their slippage in them, so none is added. Fees are the plan's rates; an exit at the
target or beyond it is taken for the resting limit. Funding is known where the ledger's own trade
paid it. The ledger's fill is raw: before the slippage that it adds.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from signalbot.domain.alert import Plan
from signalbot.domain.journal import JournalEntry
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.recorded import RecordedAlert
from signalbot.outcomes.settlement import funding_due, funding_paid, settle

ZERO = Decimal(0)
BPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A journal entry beside the alert that it is about; `step` is the contract's quantity grid."""

    entry: JournalEntry
    recorded: RecordedAlert
    step: Decimal

    @property
    def seq(self) -> int:
        """Number of the alert."""
        return self.recorded.seq

    @property
    def plan(self) -> Plan:
        """The plan that was published."""
        return self.recorded.plan

    @property
    def unit_loss(self) -> Decimal:
        """Loss per base unit at the plan's stop after all costs, in quote units."""
        return self.plan.risk * (1 + self.recorded.alert.cost_r)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnResult:
    """An own trade that is over: R after costs, and money where the quantity was told."""

    net_r: Decimal
    money: Decimal | None
    opened_at: int
    closed_at: int

    @property
    def is_win(self) -> bool:
        """Whether something was left after costs."""
        return self.net_r > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slippage:
    """How much worse an own fill was than the ledger's; negative if it was better."""

    r: Decimal
    bps: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """An entry after it was valid, beyond the do-not-chase price, or both.

    `late_ms` is 0 where only the price was; `beyond` is in quote units, 0 where only the time was.
    """

    alert_seq: int
    late_ms: int
    beyond: Decimal


def own_result(followed: Followed) -> OwnResult | None:
    """Return what an own trade brought; None until fill and exit are told."""
    entry, plan = followed.entry, followed.plan
    if entry.fill is None or entry.exit is None:
        return None
    outcome = followed.recorded.outcome
    known = outcome.funding_evidence if outcome else ()
    due = funding_due(known, entry.fill.at, entry.exit.at)
    result = settle(
        replace(plan, slippage_rate=ZERO),
        entry.fill.price,
        entry.exit.price,
        at_target=plan.side.sign * (entry.exit.price - plan.target) >= 0,
        funding=funding_paid(plan, due),
    )
    quantity = entry.quantity
    return OwnResult(
        net_r=result.net_r,
        money=None if quantity is None else result.net_r * plan.risk * quantity,
        opened_at=entry.fill.at,
        closed_at=entry.exit.at,
    )


def fill_slippage(followed: Followed) -> Slippage | None:
    """Return how much worse the own fill was than the ledger's.

    None where either has no fill, or the ledger's is a guess because its candles are missing.
    """
    fill, outcome = followed.entry.fill, followed.recorded.decided
    if fill is None or outcome is None or outcome.fill_price is None:
        return None
    if outcome.kind is OutcomeKind.UNRESOLVED_GAP:
        return None
    worse = followed.plan.side.sign * (fill.price - outcome.fill_price)
    return Slippage(r=worse / followed.plan.risk, bps=BPS * worse / outcome.fill_price)


def late_entry(followed: Followed) -> LateEntry | None:
    """Return how late an own fill was; None if it was in time and not chased."""
    fill, plan = followed.entry.fill, followed.plan
    if fill is None:
        return None
    late_ms = max(fill.at - followed.recorded.valid_until, 0)
    beyond = max(plan.side.sign * (fill.price - plan.do_not_chase), ZERO)
    if not late_ms and not beyond:
        return None
    return LateEntry(alert_seq=followed.seq, late_ms=late_ms, beyond=beyond)
