"""The one place that decides what became of an alert (docs/assumptions.md, "Outcomes").

A pure function of the plan, the time of its publication and the candles known so far. It may be
asked again with every new candle: until the candles decide, the answer is OPEN, and a decision
does not change when more candles follow.
"""

from decimal import Decimal

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.candle_verdict import Exit, Place, Verdict, judge
from signalbot.outcomes.closing import OPEN, Evidence, closed, gap
from signalbot.outcomes.entry import enter
from signalbot.outcomes.finer import finer_inside, ordered
from signalbot.outcomes.position import Market, Position


def resolve(plan: Plan, published_at: int, market: Market) -> Outcome:
    """Return what became of an alert, as far as these candles tell."""
    entered = enter(plan, published_at, market)
    return entered if isinstance(entered, Outcome) else _follow(entered)


def _follow(position: Position) -> Outcome:
    candles, first = position.market.candles, position.entry_row
    unordered = False
    finer = position.finer_fill
    for row in range(first, len(candles)):
        candle = candles[row]
        expected = candles[first].open_time + (row - first) * position.market.step_ms
        if candle.open_time != expected:
            known = Evidence(candles=tuple(candles[first:row]), finer=finer)
            return gap(position.plan, position.fill_raw, position.filled_at, known)
        verdict, used = _verdict(position, candle, is_entry=row == first)
        finer = tuple(dict.fromkeys((*finer, *used)))
        unordered = unordered or verdict.unordered
        if verdict.exit is not None:
            rows = tuple(candles[first : row + 1])
            evidence = Evidence(candles=rows, finer=finer, unordered=unordered)
            return closed(position, verdict.exit, evidence)
    return OPEN


def _verdict(
    position: Position, candle: Candle, *, is_entry: bool
) -> tuple[Verdict, tuple[Candle, ...]]:
    if candle.open_time >= position.expires_at:
        expired = Exit(kind=OutcomeKind.EXPIRED, raw=_expiry_price(position, candle))
        return Verdict(exit=expired), ()
    place = _place(position, candle, is_entry=is_entry)
    verdict = judge(position.plan, candle, place)
    inside = finer_inside(position, candle) if verdict.unordered else ()
    if not inside:
        return verdict, ()
    order = ordered(position, inside)
    ends = verdict.exit is not None and place in (Place.HELD, Place.LIMIT_FILL)
    if ends and order.exit is None:  # finer candles that contradict the candle decide nothing
        return verdict, ()
    return order, inside


def _place(position: Position, candle: Candle, *, is_entry: bool) -> Place:
    ends_in_it = position.expires_at < candle.open_time + position.market.step_ms
    if is_entry:
        by_limit = position.plan.entry_kind is EntryKind.LIMIT
        return Place.LIMIT_FILL if by_limit and not ends_in_it else Place.ENTRY
    return Place.EXPIRY if ends_in_it else Place.HELD


def _expiry_price(position: Position, candle: Candle) -> Decimal:
    best = min if position.plan.side.sign > 0 else max  # never better than the resting target
    return best(candle.open, position.plan.target)
