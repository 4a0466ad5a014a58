"""When it was heard that a pair's candle closed, minute by minute."""

import asyncio
from collections.abc import Mapping

from signalbot.domain.timeframe import MINUTE_MS

KEPT_MS = 5 * MINUTE_MS


class Closings:
    """The closes of the last minutes.

    Attributes
    ----------
    news : asyncio.Event
        Set with every close; whoever waits for it clears it.
    """

    def __init__(self) -> None:
        self._heard: dict[int, dict[str, float]] = {}
        self.news = asyncio.Event()

    def put(self, symbol: str, close_time: int, heard_at: float) -> None:
        """Note a close, and when it was heard, in seconds of the event loop's clock."""
        heard = self._heard.get(close_time)
        if heard is None:
            newest = max([close_time, *self._heard])
            if close_time <= newest - KEPT_MS:
                return  # history that is asked for at the start
            heard = {}
            self._heard[close_time] = heard
            self._heard = {at: each for at, each in self._heard.items() if at > newest - KEPT_MS}
        heard.setdefault(symbol, heard_at)
        self.news.set()

    def at(self, close_time: int) -> Mapping[str, float]:
        """Return which pairs closed then, and when each was heard."""
        return self._heard.get(close_time, {})
