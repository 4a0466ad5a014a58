"""The fill of a market entry: what a reader met who could trade from an instant on.

The first trade at or after it, if the tape reaches back to it; else a stored quote; else the open
of the first finer candle at or after it; else the open of the candle that contains it.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from signalbot.domain.candles import Candle
from signalbot.domain.side import Side
from signalbot.outcomes.position import Market
from signalbot.outcomes.sources import Sources, finer_sources
from signalbot.outcomes.tape import sources_of, taped

_open_time = attrgetter("open_time")
_time = attrgetter("time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Where a market order was filled.

    Attributes
    ----------
    since : int
        Instant of it, from which prices count.
    raw : Decimal or None
        Price before slippage; None for the open of the candle that contains `since`.
    row : int or None
        Row of the tape, if a trade gave it.
    """

    since: int
    raw: Decimal | None = None
    row: int | None = None
    sources: Sources = field(default_factory=Sources)


def market_fill(market: Market, side: Side, starts_at: int) -> Fill | None:
    """Return the fill of an order from `starts_at` on, None while it has to be waited for."""
    known = taped(market)
    row = bisect_left(market.trades, starts_at, key=_time)
    if row < len(market.trades) and known.start <= starts_at:
        trade = market.trades[row]
        return Fill(since=trade.time, raw=trade.price, row=row, sources=sources_of(market, [row]))
    if starts_at in known:
        return None
    if market.quote is not None:
        since, raw = max(market.quote.time, starts_at), market.quote.price_for(side)
        return Fill(since=since, raw=raw, sources=Sources(quote=market.quote))
    finer = _finer_at(market, starts_at)
    if finer is not None:
        return Fill(since=finer.open_time, raw=finer.open, sources=finer_sources((finer,)))
    return None if _awaits_finer(market, starts_at) else Fill(since=starts_at)


def _finer_at(market: Market, starts_at: int) -> Candle | None:
    # the first finer candle that opens at or after t0, if the finer series covers that instant
    row = bisect_left(market.finer, starts_at, key=_open_time)
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
