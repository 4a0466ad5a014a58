"""One websocket of 1m candles that is kept alive: whatever breaks it, it comes back.

A pipe that is half open says nothing and breaks nothing; only its silence tells. So the loudest
pair, BTC, is on every socket, and a socket without a word for `SILENCE_S` is given up.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import ccxt

PAIRS_A_SOCKET = 150
"""Names in one frame: Binance ignores frames of more than 4,096 bytes without a word."""

SILENCE_S = 7.0
LIFETIME_S = 23 * 3_600.0
"""Venues end a websocket after 24 hours; it is renewed before."""

LOOK_EVERY_S = 0.5
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0
_log = logging.getLogger(__name__)


class CandleStream:
    """The candles of some pairs of one venue.

    Parameters
    ----------
    client
        A ccxt.pro client of its own whose parser hands the candles on; closed with the stream.
    symbols : sequence of str
        At most `PAIRS_A_SOCKET`.
    resumed : callable
        Called when it listens, also for the first time: what was missed can be asked for then.

    Attributes
    ----------
    breaks : int
        How often it broke or was given up.
    is_listening : bool
        Whether it was heard since it was opened last.
    trouble : str or None
        Why it is not listening.
    """

    def __init__(
        self,
        client: Any,
        symbols: Sequence[str],
        resumed: Callable[[], None],
        *,
        silence_s: float = SILENCE_S,
        lifetime_s: float = LIFETIME_S,
    ) -> None:
        self._client = client
        self._symbols = symbols
        self._resumed = resumed
        self._silence_s = silence_s
        self._lifetime_s = lifetime_s
        self._dice = random.Random()  # noqa: S311 - spreads waits, decides nothing
        self.breaks = 0
        self.is_listening = False
        self.trouble: str | None = None

    def leave_out(self, symbol: str) -> None:
        """Ask for a pair no more from the next connection on."""
        self._symbols = [each for each in self._symbols if each != symbol]

    async def run(self) -> None:
        """Listen until cancelled."""
        failed_in_a_row = 0
        try:
            while True:
                listened = await self._listen()
                failed_in_a_row = 0 if listened else failed_in_a_row + 1
                self.breaks += 1
                longest = min(FIRST_WAIT_S * 2**failed_in_a_row, LONGEST_WAIT_S)
                await asyncio.sleep(longest * self._dice.uniform(0.5, 1.0))
        finally:
            await self._give_up()
            await self._client.close()

    async def _listen(self) -> bool:
        """Listen until it breaks; return whether anything was heard."""
        loop = asyncio.get_running_loop()
        began, heard_at, seen = loop.time(), loop.time(), None
        self.is_listening = False
        watching = asyncio.create_task(self._watch())
        try:
            while loop.time() - began < self._lifetime_s:
                done, _ = await asyncio.wait({watching}, timeout=LOOK_EVERY_S)
                if done:
                    self.trouble = str(watching.exception() or "the websocket ended")[:160]
                    self._leave_out_unknown(self.trouble)
                    return self.is_listening
                newest = self._last_message_at()
                if newest != seen:
                    seen, heard_at = newest, loop.time()
                    if newest is not None and not self.is_listening:
                        self.is_listening, self.trouble = True, None
                        self._resumed()
                if loop.time() - heard_at > self._silence_s:
                    self.trouble = f"no word for {self._silence_s:g} s"
                    return self.is_listening
            return self.is_listening
        finally:
            if self.trouble:
                _log.warning("candles of %d pairs: %s", len(self._symbols), self.trouble)
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await watching
            await self._give_up()

    def _leave_out_unknown(self, said: str) -> None:
        # Bybit gives nothing at all to whoever asks for a pair that it does not know, and names it
        for symbol in self._symbols:
            if said.endswith(f".{self._client.markets[symbol]['id']}"):
                self.leave_out(symbol)

    async def _watch(self) -> None:
        pairs = [[symbol, "1m"] for symbol in self._symbols]
        while True:
            # with the parser replaced it returns when the connection fails, by its error
            with contextlib.suppress(ccxt.UnsubscribeError):
                await self._client.watch_ohlcv_for_symbols(pairs)

    def _last_message_at(self) -> int | None:
        times = [each.last_message_at for each in self._client.clients.values()]
        return max((each for each in times if each is not None), default=None)

    async def _give_up(self) -> None:
        # a half-open pipe does not answer the farewell either, so nobody waits for that
        for client in list(self._client.clients.values()):
            connection = client.connection
            response = getattr(connection, "_response", None)
            if response is not None:
                response.close()
            with contextlib.suppress(aiohttp.ClientError, ccxt.BaseError, OSError, TimeoutError):
                await asyncio.wait_for(client.close(), 1.0)
        self._client.clients.clear()
