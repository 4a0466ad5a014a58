"""What requests weigh, and the limit of a minute: 429 first, 418 for whoever does not stop.

Weights are those of the venue's documentation; the client of ccxt has the same.
"""

from collections.abc import Mapping

from signalbot.domain.timeframe import MINUTE_MS

LIMIT = 2_400
"""Weight that one address may ask for within a minute of the venue's clock."""

PATIENCE = 10
"""Requests above the limit before the address is banned; the venue does not say how many."""

BAN_MS = 120_000

FUNDING = ("fundingRate", "fundingInfo")
FUNDING_LIMIT = 500
FUNDING_WINDOW_MS = 5 * MINUTE_MS
"""The endpoints of funding weigh nothing; they share so many requests in so long."""

_LISTED = {"aggTrades": 20, "ticker/24hr": 40, "ticker/bookTicker": 5}
_OF_ONE = {"ticker/24hr": 1, "ticker/bookTicker": 2}
_BY_LIMIT = {
    "klines": ((99, 1), (499, 2), (1_000, 5), (1_500, 10)),
    "depth": ((50, 2), (100, 5), (500, 10), (1_000, 20)),
}
_USUAL = {"klines": 500, "depth": 500}


def weight_of(endpoint: str, query: Mapping[str, str]) -> int:
    """Return the weight of a request."""
    if endpoint in _BY_LIMIT:
        text = query.get("limit", "")
        limit = int(text) if text.isascii() and text.isdigit() else _USUAL[endpoint]
        steps = _BY_LIMIT[endpoint]
        return next((weight for most, weight in steps if limit <= most), steps[-1][1])
    if "symbol" in query and endpoint in _OF_ONE:
        return _OF_ONE[endpoint]
    return _LISTED.get(endpoint, 1)


class Allowance:
    """The weight used in the running minute, or another window, and the ban."""

    def __init__(self, limit: int = LIMIT, window_ms: int = MINUTE_MS) -> None:
        self.limit = limit
        self.window_ms = window_ms
        self.used = 0
        self._window = 0
        self._excess = 0
        self._banned_until = 0

    def take(self, weight: int, now: int) -> tuple[int, int] | None:
        """Count a request; return status and seconds to wait if it must be refused."""
        if now < self._banned_until:
            return 418, _seconds(self._banned_until - now)
        window = now - now % self.window_ms
        if window != self._window:
            self._window, self.used, self._excess = window, 0, 0
        self.used += weight
        if self.used <= self.limit:
            return None
        self._excess += 1
        if self._excess > PATIENCE:
            self._banned_until = now + BAN_MS
            return 418, _seconds(BAN_MS)
        return 429, _seconds(window + self.window_ms - now)


def _seconds(ms: int) -> int:
    return -(-ms // 1_000)
