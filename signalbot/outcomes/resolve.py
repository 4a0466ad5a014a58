"""The one place that decides what became of an alert (docs/assumptions.md, "Outcomes").

A pure function of the plan, the time of its publication and the market known so far. It may be
asked again with every new candle: until the market decides, the answer is OPEN, and a decision
does not change when more of it follows.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.backfill import backfilled
from signalbot.outcomes.candle_verdict import NOTHING, Exit, Place, Verdict, judge
from signalbot.outcomes.closing import OPEN, Evidence, closed, gap
from signalbot.outcomes.delisting import ended_by_delisting
from signalbot.outcomes.entry import enter
from signalbot.outcomes.finer import finer_inside, ordered
from signalbot.outcomes.position import Market, Position
from signalbot.outcomes.sources import Sources, finer_sources
from signalbot.outcomes.tape import ordered_by_trades, sources_of, trades_inside


def resolve(plan: Plan, published_at: int, market: Market) -> Outcome:
    """Return what became of an alert, as far as this market tells."""
    starts_at, step_ms = plan.starts_at(published_at), market.step_ms
    until = plan.expires_at(published_at) + step_ms
    whole = backfilled(market, starts_at - starts_at % step_ms, until)
    entered = enter(plan, published_at, whole)
    return entered if isinstance(entered, Outcome) else _follow(entered)


def _follow(position: Position) -> Outcome:
    candles, first = position.market.candles, position.entry_row
    evidence = Evidence(candles=(), sources=position.sources)
    for row in range(first, len(candles)):
        candle = candles[row]
        expected = candles[first].open_time + (row - first) * position.market.step_ms
        if candle.open_time != expected:
            evidence = replace(evidence, candles=tuple(candles[first:row]))
            return gap(position.plan, position.fill_raw, position.filled_at, evidence)
        verdict, used = _verdict(position, candle, is_entry=row == first)
        if verdict is NOTHING:
            continue
        evidence = Evidence(
            candles=tuple(candles[first : row + 1]),
            sources=evidence.sources.joined(used),
            unordered=evidence.unordered or verdict.unordered,
        )
        if verdict.exit is not None:
            return closed(position, verdict.exit, evidence)
    return ended_by_delisting(position, evidence) or OPEN


def _verdict(position: Position, candle: Candle, *, is_entry: bool) -> tuple[Verdict, Sources]:
    if candle.open_time >= position.expires_at:
        expired = Exit(kind=OutcomeKind.EXPIRED, raw=_expiry_price(position, candle))
        return Verdict(exit=expired), Sources()
    place = _place(position, candle, is_entry=is_entry)
    verdict = judge(position.plan, candle, place)
    if verdict == NOTHING:
        return NOTHING, Sources()
    is_sure = not verdict.unordered or place in (Place.HELD, Place.LIMIT_FILL)
    for order, used in _orders(position, candle, is_in_doubt=verdict.unordered):
        # what shows no exit where the candle has one contradicts it, and decides nothing
        if order.exit is not None or verdict.exit is None or not is_sure:
            return order, used
    return verdict, Sources()


def _orders(
    position: Position, candle: Candle, *, is_in_doubt: bool
) -> Iterator[tuple[Verdict, Sources]]:
    rows = trades_inside(position, candle)
    by_trades = ordered_by_trades(position, candle, rows) if rows else None
    if by_trades is not None:
        yield by_trades, sources_of(position.market, rows)
    inside = finer_inside(position, candle) if is_in_doubt else ()
    if inside:
        yield ordered(position, inside), finer_sources(inside)


def _place(position: Position, candle: Candle, *, is_entry: bool) -> Place:
    ends_in_it = position.expires_at < candle.open_time + position.market.step_ms
    if is_entry:
        by_limit = position.plan.entry_kind is EntryKind.LIMIT
        return Place.LIMIT_FILL if by_limit and not ends_in_it else Place.ENTRY
    return Place.EXPIRY if ends_in_it else Place.HELD


def _expiry_price(position: Position, candle: Candle) -> Decimal:
    best = min if position.plan.side.sign > 0 else max  # never better than the resting target
    return best(candle.open, position.plan.target)
