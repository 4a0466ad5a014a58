"""The end of a position whose contract the venue stopped trading."""

from dataclasses import replace

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.candle_verdict import Exit
from signalbot.outcomes.closing import Evidence, closed
from signalbot.outcomes.position import Position
from signalbot.outcomes.sources import Sources
from signalbot.outcomes.tape import covers, rows_between, sources_of


def ended_by_delisting(position: Position, evidence: Evidence) -> Outcome | None:
    """Return the outcome of a position still open after the last candle; None while more follow.

    It is closed by the last trade, or at the last close where no tape reaches to the end.
    """
    market = position.market
    if market.delisted_at is None:
        return None
    last = market.candles[-1]
    end, used = Exit(kind=OutcomeKind.DELISTED, raw=last.close), Sources()
    rows = _last_trades(position)
    if rows:
        trade = market.trades[rows[-1]]
        end, used = replace(end, raw=trade.price, at=trade.time), sources_of(market, rows)
    seen = replace(
        evidence,
        candles=tuple(market.candles[position.entry_row :]),
        sources=evidence.sources.joined(used),
    )
    return closed(position, end, seen)


def _last_trades(position: Position) -> range:
    """Return the rows of the last trade and of those before it in its candle, from the fill on."""
    market = position.market
    opened = market.candles[-1].open_time
    closed_at = opened + market.step_ms
    held = rows_between(market, position.filled_at, closed_at)
    if not held or not covers(market, opened, closed_at):
        return range(0)
    last = market.trades[held[-1]].time
    since = rows_between(market, last - last % market.step_ms, closed_at).start
    return range(max(since, position.fill_row or 0), held.stop)
