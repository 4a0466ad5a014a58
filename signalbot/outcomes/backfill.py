"""Candles that the venue did not give, built of what finer was kept.

A missing candle is built of a complete set of finer ones; else of the tape, if that covers it: of
its trades, or, where nothing was traded, flat at the last close. What cannot be built is missing.
"""

from bisect import bisect_left
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from signalbot.domain.candles import Candle
from signalbot.outcomes.position import Market
from signalbot.outcomes.tape import covers, rows_between, taped

_open_time = attrgetter("open_time")


def backfilled(market: Market, since: int, until: int) -> Market:
    """Return the market with every candle it lacks and that can be built.

    Looked at are those that open from `since`, the open of one, to `until`.
    """
    if not market.finer and not taped(market):
        return market
    step_ms, first = market.step_ms, bisect_left(market.candles, since, key=_open_time)
    stop = min(until + 1, _known_until(market) - step_ms + 1)
    last = bisect_left(market.candles, stop, lo=first, key=_open_time)
    steps = range(since, stop, step_ms)
    if last - first == len(steps):
        return market
    known = {candle.open_time: candle for candle in market.candles[first:last]}
    built = (known.get(open_time) or _built(market, open_time) for open_time in steps)
    found = (candle for candle in built if candle)
    return replace(market, candles=(*market.candles[:first], *found, *market.candles[last:]))


def _known_until(market: Market) -> int:
    ends = [taped(market).stop]
    ends += [market.candles[-1].open_time + market.step_ms] if market.candles else []
    ends += [market.finer[-1].open_time + market.finer_step_ms] if market.finer else []
    return max(ends)


def _built(market: Market, open_time: int) -> Candle | None:
    until = open_time + market.step_ms
    parts = _parts(market, open_time, until)
    if parts:
        return Candle(
            open_time=open_time,
            open=parts[0].open,
            high=max(part.high for part in parts),
            low=min(part.low for part in parts),
            close=parts[-1].close,
            volume=sum((part.volume for part in parts), Decimal(0)),
        )
    return _of_tape(market, open_time) if covers(market, open_time, until) else None


def _parts(market: Market, since: int, until: int) -> tuple[Candle, ...]:
    if not market.finer:
        return ()
    first = bisect_left(market.finer, since, key=_open_time)
    last = bisect_left(market.finer, until, lo=first, key=_open_time)
    complete = (last - first) * market.finer_step_ms == until - since
    return tuple(market.finer[first:last]) if complete else ()


def _of_tape(market: Market, open_time: int) -> Candle | None:
    rows = rows_between(market, open_time, open_time + market.step_ms)
    trades = [market.trades[row] for row in rows]
    prices = [trade.price for trade in trades] or _last_price(market, open_time)
    if not prices:
        return None
    return Candle(
        open_time=open_time,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        volume=sum((trade.size for trade in trades), Decimal(0)),
    )


def _last_price(market: Market, instant: int) -> list[Decimal]:
    # of the last candle or the last trade before it, whichever is later
    row = bisect_left(market.candles, instant, key=_open_time) - 1
    candles = [market.candles[row]] if row >= 0 else []
    before = rows_between(market, 0, instant)
    trades = [market.trades[before.stop - 1]] if before else []
    if candles and trades and trades[0].time >= candles[0].open_time + market.step_ms:
        candles = []
    return [candle.close for candle in candles] or [trade.price for trade in trades]
