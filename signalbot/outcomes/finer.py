"""The order of prices inside one candle, as finer candles tell it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.candle_verdict import Exit, Place, Verdict, judge, trades_through_entry
from signalbot.outcomes.position import Position


def finer_inside(position: Position, candle: Candle) -> tuple[Candle, ...]:
    """Return the finer candles of one candle from the fill on; none unless they cover it whole."""
    market = position.market
    if not market.finer:
        return ()
    since = max(candle.open_time, position.filled_from)
    first = since - since % market.finer_step_ms
    last = candle.open_time + market.step_ms
    inside = tuple(row for row in market.finer if first <= row.open_time < last)
    if len(inside) * market.finer_step_ms != last - first:
        return ()
    return inside if _since_fill(position, inside) else ()


def ordered(position: Position, inside: Sequence[Candle]) -> Verdict:
    """Return what these finer candles of one candle decide, one after the other."""
    unordered = False
    held = _since_fill(position, inside)
    for candle in held:
        if candle.open_time >= position.expires_at:
            break
        verdict = judge(position.plan, candle, _place(position, candle, held[0]))
        unordered = unordered or verdict.unordered
        if verdict.exit is not None:
            return Verdict(exit=_at_level(position.plan, verdict.exit), unordered=unordered)
    return Verdict(unordered=unordered)


def _since_fill(position: Position, inside: Sequence[Candle]) -> tuple[Candle, ...]:
    if not _holds_limit_fill(position, inside[0]):
        return tuple(inside)
    return tuple(dropwhile(lambda row: not trades_through_entry(position.plan, row), inside))


def _holds_limit_fill(position: Position, finer: Candle) -> bool:
    opened = position.entry_candle.open_time
    by_limit = position.plan.entry_kind is EntryKind.LIMIT
    return by_limit and opened <= finer.open_time < opened + position.market.step_ms


def _at_level(plan: Plan, end: Exit) -> Exit:
    # finer candles order events, they do not move prices: a finer open beyond the stop does not
    return replace(end, raw=plan.stop) if end.kind is OutcomeKind.STOP else end


def _place(position: Position, candle: Candle, first: Candle) -> Place:
    ends_in_it = position.expires_at < candle.open_time + position.market.finer_step_ms
    if candle is first and _holds_limit_fill(position, candle):
        return Place.ENTRY if ends_in_it else Place.LIMIT_FILL
    if candle.open_time < position.filled_from:  # a quote in the midst of it was the fill
        return Place.ENTRY
    return Place.EXPIRY if ends_in_it else Place.HELD
