"""Closing a position: how its last candle ends it becomes an outcome."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.candle_verdict import Exit
from signalbot.outcomes.position import Position
from signalbot.outcomes.settlement import Result, funding_due, funding_paid, settle
from signalbot.outcomes.sources import Sources

OPEN = Outcome(kind=OutcomeKind.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The rows that decided, and whether the order of prices in any of them stayed unknown."""

    candles: tuple[Candle, ...]
    sources: Sources = field(default_factory=Sources)
    unordered: bool = False


def closed(position: Position, end: Exit, evidence: Evidence) -> Outcome:
    """Return the outcome of a position that ends in the last candle of its evidence."""
    plan, market = position.plan, position.market
    exit_at = _exit_at(position, end, evidence.candles[-1])
    due = funding_due(market.funding, position.filled_at, exit_at)
    funding = funding_paid(plan, due)
    at_target = end.kind is OutcomeKind.TARGET
    result = settle(plan, position.fill_raw, end.raw, at_target=at_target, funding=funding)
    worst = best = result
    if evidence.unordered:
        stopped, reached = _either_way(plan, position.fill_raw, funding)
        worst, best = min(result, stopped, key=_net), max(result, reached, key=_net)
    outcome = Outcome(
        kind=end.kind,
        filled_at=position.filled_at,
        fill_price=position.fill_raw,
        exit_at=exit_at,
        exit_price=end.raw,
        gross_r=result.gross_r,
        cost_r=result.cost_r,
        net_r=result.net_r,
        ambiguous=evidence.unordered,
        worst_net_r=worst.net_r,
        best_net_r=best.net_r,
        funding_evidence=due,
        delisted_at=market.delisted_at if end.kind is OutcomeKind.DELISTED else None,
    )
    return witnessed(outcome, evidence)


def stopped_at_entry(position: Position) -> Outcome:
    """Return the outcome where the first price is beyond the stop: filled at E, stopped at S."""
    as_planned = replace(position, fill_raw=position.plan.entry)
    row = position.fill_row
    seen_at = None if row is None else position.market.trades[row].time
    end = Exit(kind=OutcomeKind.STOP, raw=position.plan.stop, at=seen_at)
    evidence = Evidence(candles=(position.entry_candle,), sources=position.sources)
    return closed(as_planned, end, evidence)


def gap(plan: Plan, fill_raw: Decimal, filled_at: int | None, evidence: Evidence) -> Outcome:
    """Return the outcome where candles are missing for good: a stop at S, for the headline."""
    stopped, reached = _either_way(plan, fill_raw, Decimal(0))
    outcome = Outcome(
        kind=OutcomeKind.UNRESOLVED_GAP,
        filled_at=filled_at,
        fill_price=fill_raw,
        exit_price=plan.stop,
        gross_r=stopped.gross_r,
        cost_r=stopped.cost_r,
        net_r=stopped.net_r,
        ambiguous=True,
        worst_net_r=stopped.net_r,
        best_net_r=reached.net_r,
    )
    return witnessed(outcome, evidence)


def witnessed(outcome: Outcome, evidence: Evidence) -> Outcome:
    """Return the outcome with its evidence."""
    return replace(
        outcome,
        evidence=evidence.candles,
        finer_evidence=evidence.sources.finer_rows,
        trade_evidence=evidence.sources.trade_rows,
        quote_evidence=evidence.sources.quote,
    )


def _exit_at(position: Position, end: Exit, last: Candle) -> int:
    if end.at is not None:
        return end.at
    return last.open_time + (0 if end.kind is OutcomeKind.EXPIRED else position.market.step_ms)


def _either_way(plan: Plan, fill_raw: Decimal, funding: Decimal) -> tuple[Result, Result]:
    stopped = settle(plan, fill_raw, plan.stop, at_target=False, funding=funding)
    reached = settle(plan, fill_raw, plan.target, at_target=True, funding=funding)
    return stopped, reached


def _net(result: Result) -> Decimal:
    return result.net_r
