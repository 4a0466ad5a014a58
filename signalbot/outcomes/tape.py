"""The tape: single trades, where they were kept, decide one after the other."""

from bisect import bisect_left
from collections.abc import Iterable

from signalbot.domain.candles import Candle
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.trade import Trade
from signalbot.outcomes.candle_verdict import (
    Exit,
    Verdict,
    is_beyond_stop,
    is_through_entry,
    is_through_target,
)
from signalbot.outcomes.position import Market, Position
from signalbot.outcomes.sources import Sources


def taped(market: Market) -> range:
    """Return the instants of which every trade is known; none without a tape."""
    known, trades = market.taped, market.trades
    if known is None:
        known = range(trades[0].time, trades[-1].time) if trades else range(0)
    if market.delisted_at is None or not trades:
        return known
    reaches_the_end = not market.candles or trades[-1].time >= market.candles[-1].open_time
    ended_at = -(-market.delisted_at // market.step_ms) * market.step_ms
    return range(known.start, max(known.stop, ended_at)) if reaches_the_end else known


def covers(market: Market, since: int, until: int) -> bool:
    """Return whether the tape holds every trade from `since` to before `until`."""
    known = taped(market)
    return known.start <= since and until <= known.stop


def rows_between(market: Market, since: int, until: int) -> range:
    """Return the rows of the tape with the trades from `since` to before `until`."""
    first = bisect_left(market.trades, since, key=_time)
    return range(first, bisect_left(market.trades, until, lo=first, key=_time))


def sources_of(market: Market, rows: Iterable[int]) -> Sources:
    """Return the trades in these rows as sources."""
    return Sources(trades={row: market.trades[row] for row in rows})


def limit_fill_row(position: Position) -> int | None:
    """Return the row of the first trade in the fill candle that goes through the entry."""
    market, opened = position.market, position.entry_candle.open_time
    closed = opened + market.step_ms
    if not covers(market, opened, closed):
        return None
    rows = rows_between(market, opened, closed)
    through = (row for row in rows if is_through_entry(position.plan, market.trades[row].price))
    return next(through, None)


def trades_inside(position: Position, candle: Candle) -> range:
    """Return the rows of one candle's trades from the fill on; none if some before are unknown."""
    market, since = position.market, candle.open_time
    if since == position.entry_candle.open_time:
        if position.fill_row is None:  # a tape that did not give the fill does not reach back to it
            return range(0)
        since = market.trades[position.fill_row].time
    rows = rows_between(market, since, candle.open_time + market.step_ms)
    reaches_back = taped(market).start <= since
    return range(max(rows.start, position.fill_row or 0), rows.stop if reaches_back else 0)


def ordered_by_trades(position: Position, candle: Candle, rows: range) -> Verdict | None:
    """Return what these trades of one candle decide, one after the other.

    None if they end before the candle does without a decision: the last trade is the close, or
    some are missing.
    """
    plan, market = position.plan, position.market
    for row in rows:
        trade = market.trades[row]
        if trade.time >= position.expires_at:
            return Verdict()
        if is_beyond_stop(plan, trade.price):
            stopped = Exit(kind=OutcomeKind.STOP, raw=trade.price, at=trade.time)
            return Verdict(exit=stopped)
        if is_through_target(plan, trade.price):
            return Verdict(exit=Exit(kind=OutcomeKind.TARGET, raw=plan.target, at=trade.time))
    is_whole = taped(market).stop >= candle.open_time + market.step_ms
    return Verdict() if is_whole and market.trades[rows[-1]].price == candle.close else None


def _time(trade: Trade) -> int:
    return trade.time
