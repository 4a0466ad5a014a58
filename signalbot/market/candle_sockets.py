"""The websockets of a venue's candles: as many as its pairs need, all anew when pairs change."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from signalbot.market.candle_grid import BTC
from signalbot.market.candle_stream import PAIRS_A_SOCKET, CandleStream

HEARD_WITHIN_S = 20.0
"""Longest wait for a fresh websocket before the old one is closed all the same."""


class CandleSockets:
    """The websockets of one venue.

    Parameters
    ----------
    new_client : callable
        Makes a client whose parser hands the candles on.
    resumed : callable
        Called whenever one of them begins to be heard.
    """

    def __init__(self, new_client: Callable[[], Any], resumed: Callable[[], None]) -> None:
        self._new_client = new_client
        self._resumed = resumed
        self._broken = 0
        self._streams: dict[asyncio.Task[None], CandleStream] = {}

    @property
    def breaks(self) -> int:
        """How often one broke."""
        return self._broken + sum(stream.breaks for stream in self._streams.values())

    def troubles(self) -> list[str]:
        """Return what is wrong with them now."""
        found = {stream.trouble for stream in self._streams.values()}
        return sorted(each for each in found if each is not None)

    def open(self, symbols: Sequence[str]) -> list[CandleStream]:
        """Open websockets for pairs, with BTC on each; BTC alone if there are none."""
        size = PAIRS_A_SOCKET - 1
        opened = []
        for first in range(0, max(len(symbols), 1), size):
            chunk = [BTC, *symbols[first : first + size]]
            stream = CandleStream(self._new_client(), chunk, self._resumed)
            self._streams[asyncio.create_task(stream.run(), name=f"candles {first}")] = stream
            opened.append(stream)
        return opened

    async def renew(self, symbols: Sequence[str]) -> None:
        """Open them anew for pairs, and close the old ones once the new ones are heard."""
        old = dict(self._streams)
        fresh = self.open(symbols)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARD_WITHIN_S):
                while not all(stream.is_listening for stream in fresh):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        for task, stream in old.items():
            del self._streams[task]
            self._broken += stream.breaks
            task.cancel()
        await asyncio.gather(*old, return_exceptions=True)

    def leave_out(self, symbol: str) -> None:
        """Ask for a contract that is gone no more."""
        for stream in self._streams.values():
            stream.leave_out(symbol)

    async def close(self) -> None:
        """Close all of them."""
        for task in self._streams:
            task.cancel()
        await asyncio.gather(*self._streams, return_exceptions=True)
        self._streams.clear()
