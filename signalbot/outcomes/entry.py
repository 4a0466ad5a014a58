"""How an alert is entered: at the market, or by a limit that must be traded through."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.candle_verdict import (
    is_beyond_stop,
    is_too_late,
    trades_through_entry,
)
from signalbot.outcomes.closing import OPEN, Evidence, gap, stopped_at_entry, witnessed
from signalbot.outcomes.fill import Fill, market_fill
from signalbot.outcomes.position import Market, Position
from signalbot.outcomes.tape import limit_fill_row, sources_of


def enter(plan: Plan, published_at: int, market: Market) -> Outcome | Position:
    """Return the filled position, or the outcome of an alert that has none (yet)."""
    starts_at, expires_at = plan.starts_at(published_at), plan.expires_at(published_at)
    if plan.entry_kind is EntryKind.LIMIT:
        return _by_limit(plan, market, starts_at, expires_at)
    fill = market_fill(market, plan.side, starts_at)
    if fill is None:
        return _not_entered(plan, market, ())
    if fill.since >= expires_at:
        return _void(fill, starts_at, ())
    return _at_market(plan, market, fill, starts_at, expires_at)


def _at_market(
    plan: Plan, market: Market, fill: Fill, starts_at: int, expires_at: int
) -> Outcome | Position:
    entry_open = fill.since - fill.since % market.step_ms
    row = _row_at(market.candles, entry_open)
    if row is None:
        return _missing(plan, market, entry_open, starts_at)
    entry_candle = market.candles[row]
    raw = entry_candle.open if fill.raw is None else fill.raw
    position = Position(
        plan=plan,
        market=market,
        entry_row=row,
        fill_raw=raw,
        filled_at=starts_at,
        filled_from=fill.since,
        expires_at=expires_at,
        fill_row=fill.row,
        sources=fill.sources,
    )
    if is_beyond_stop(plan, raw):
        return stopped_at_entry(position)
    if is_too_late(plan, raw):
        return _void(replace(fill, raw=raw), starts_at, (entry_candle,))
    return position


def _void(fill: Fill, starts_at: int, candles: tuple[Candle, ...]) -> Outcome:
    late = Outcome(kind=OutcomeKind.VOID_LATE, filled_at=starts_at, fill_price=fill.raw)
    return witnessed(late, Evidence(candles=candles, sources=fill.sources))


def _by_limit(plan: Plan, market: Market, starts_at: int, expires_at: int) -> Outcome | Position:
    open_time = -(-starts_at // market.step_ms) * market.step_ms
    until = min(starts_at + plan.entry_ttl_min * MINUTE_MS, expires_at)
    waited: list[Candle] = []
    while open_time < until:
        row = _row_at(market.candles, open_time)
        if row is None:
            return _missing(plan, market, open_time, None, waited)
        candle = market.candles[row]
        if trades_through_entry(plan, candle):
            return _timed_by_trade(
                Position(
                    plan=plan,
                    market=market,
                    entry_row=row,
                    fill_raw=plan.entry,
                    filled_at=open_time + market.step_ms,
                    filled_from=open_time,
                    expires_at=expires_at,
                )
            )
        waited.append(candle)
        open_time += market.step_ms
    return Outcome(kind=OutcomeKind.NOT_FILLED, evidence=tuple(waited))


def _timed_by_trade(position: Position) -> Position:
    row = limit_fill_row(position)
    if row is None:
        return position
    filled_at, sources = position.market.trades[row].time, sources_of(position.market, [row])
    return replace(position, filled_at=filled_at, fill_row=row, sources=sources)


def _missing(
    plan: Plan,
    market: Market,
    open_time: int,
    filled_at: int | None,
    before: Sequence[Candle] = (),
) -> Outcome:
    # a later candle tells that this one will not come
    if market.candles and market.candles[-1].open_time > open_time:
        return gap(plan, plan.entry, filled_at, Evidence(candles=tuple(before)))
    return _not_entered(plan, market, before)


def _not_entered(plan: Plan, market: Market, before: Sequence[Candle]) -> Outcome:
    if market.delisted_at is None:
        return OPEN
    by_limit = plan.entry_kind is EntryKind.LIMIT
    kind = OutcomeKind.NOT_FILLED if by_limit else OutcomeKind.VOID_LATE
    return Outcome(kind=kind, evidence=tuple(before), delisted_at=market.delisted_at)


def _row_at(candles: Sequence[Candle], open_time: int) -> int | None:
    row = bisect_left(candles, open_time, key=attrgetter("open_time"))
    return row if row < len(candles) and candles[row].open_time == open_time else None
