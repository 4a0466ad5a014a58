"""How an alert is entered: at the market, or by a limit that must be traded through."""

from bisect import bisect_left
from collections.abc import Sequence

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.candle_verdict import (
    is_beyond_stop,
    is_too_late,
    trades_through_entry,
)
from signalbot.outcomes.closing import OPEN, Evidence, gap, stopped_at_entry
from signalbot.outcomes.position import Market, Position


def enter(plan: Plan, published_at: int, market: Market) -> Outcome | Position:
    """Return the filled position, or the outcome of an alert that has none (yet)."""
    starts_at = published_at + plan.latency_s * 1000
    expires_at = published_at + plan.max_hold_min * MINUTE_MS
    by_kind = _at_market if plan.entry_kind is EntryKind.MARKET else _by_limit
    return by_kind(plan, market, starts_at, expires_at)


def _at_market(plan: Plan, market: Market, starts_at: int, expires_at: int) -> Outcome | Position:
    if _awaits_finer(market, starts_at):
        return OPEN
    finer = _finer_at(market, starts_at)
    filled_from = finer.open_time if finer else starts_at
    entry_open = filled_from - filled_from % market.step_ms
    row = _row_at(market.candles, entry_open)
    if row is None:
        return _missing(plan, market, entry_open, starts_at)
    entry_candle = market.candles[row]
    position = Position(
        plan=plan,
        market=market,
        entry_row=row,
        fill_raw=(finer or entry_candle).open,
        filled_at=starts_at,
        filled_from=filled_from,
        expires_at=expires_at,
        finer_fill=(finer,) if finer else (),
    )
    if is_beyond_stop(plan, position.fill_raw):
        return stopped_at_entry(position)
    if is_too_late(plan, position.fill_raw):
        return Outcome(
            kind=OutcomeKind.VOID_LATE,
            filled_at=starts_at,
            fill_price=position.fill_raw,
            evidence=(entry_candle,),
            finer_evidence=position.finer_fill,
        )
    return position


def _finer_at(market: Market, starts_at: int) -> Candle | None:
    # the first finer candle that opens at or after t0, if the finer series covers that instant
    row = bisect_left(market.finer, starts_at, key=lambda candle: candle.open_time)
    if row < len(market.finer):
        candle = market.finer[row]
        if candle.open_time - starts_at < market.finer_step_ms:
            return candle
    return None


def _awaits_finer(market: Market, starts_at: int) -> bool:
    # the first finer candle at or after t0 may open with a candle that has not closed yet
    if not (market.finer and market.candles):
        return False
    opens_at = -(-starts_at // market.finer_step_ms) * market.finer_step_ms
    return opens_at >= market.candles[-1].open_time + market.step_ms


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
            return Position(
                plan=plan,
                market=market,
                entry_row=row,
                fill_raw=plan.entry,
                filled_at=open_time + market.step_ms,
                filled_from=open_time,
                expires_at=expires_at,
            )
        waited.append(candle)
        open_time += market.step_ms
    return Outcome(kind=OutcomeKind.NOT_FILLED, evidence=tuple(waited))


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
    return OPEN


def _row_at(candles: Sequence[Candle], open_time: int) -> int | None:
    row = bisect_left(candles, open_time, key=lambda candle: candle.open_time)
    return row if row < len(candles) and candles[row].open_time == open_time else None
