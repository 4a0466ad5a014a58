"""Closed candles of a venue by REST: to begin with, and where the websocket left something out."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.market.calls import Calls
from signalbot.market.candle_frames import believable

FEW, MOST = 499, 1_000
"""Rows in one answer: Binance wants weight 2 for the first and 5 for the second."""

SETTLED_MS = 2_500
"""So long after its end a candle is believed to be final: Binance closes one 2.0 s late."""


async def closed_candles(calls: Calls, symbol: str, since: int, until: int, now: int) -> Candles:
    """Return the candles of a pair that open in [since, until) and are final `now`.

    Parameters
    ----------
    since, until, now : int
        ms UTC.

    Raises
    ------
    UnavailableError
        If the venue does not give them.
    """
    final = min(until, (now - SETTLED_MS) // MINUTE_MS * MINUTE_MS)
    rows: list[Any] = []
    start = since
    while start < final:
        wanted = (final - start) // MINUTE_MS
        limit = min(wanted, FEW if wanted <= FEW else MOST)
        answer = await calls("fetch_ohlcv", symbol, "1m", start, limit)
        page = _in_order(answer, start, final)
        rows += page
        reached = start + limit * MINUTE_MS
        start = max(reached, int(page[-1][0]) + MINUTE_MS) if page else reached
    return _candles(rows)


def _in_order(answer: object, since: int, until: int) -> list[Any]:
    # what a venue gives twice, out of order or unasked is its affair; what is none is left out
    rows = answer if isinstance(answer, list) else []
    good = {int(row[0]): row for row in rows if _is_candle(row)}
    return [good[at] for at in sorted(good) if since <= at < until]


def _is_candle(row: object) -> bool:
    if not isinstance(row, list | tuple) or len(row) < 6:
        return False
    if type(row[0]) is not int or row[0] % MINUTE_MS:
        return False
    values = row[1:6]
    if not all(type(value) in (int, float) for value in values):
        return False
    return believable((values[0], values[1], values[2], values[3], values[4]))


def _candles(rows: Iterable[Any]) -> Candles:
    table = np.array([row[:6] for row in rows], dtype=np.float64).reshape(-1, 6)
    return Candles(
        timeframe=M1,
        open_time=table[:, 0].astype(np.int64),
        **{field: table[:, 1 + index].copy() for index, field in enumerate(FIELDS)},
    )
