"""Watch BTC's perpetual beside its candles.

Funding and open interest come by REST, liquidations by websocket where the venue tells everybody.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import ccxt

from signalbot.domain.btc_market import BtcMarket
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.errors import InputError, UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.candle_grid import BTC
from signalbot.market.ccxt_numbers import Bounds, checked, optional_number

LIQUIDATIONS_MS = 5 * MINUTE_MS
RETRY_S = 5.0
_RATE: Bounds = (Decimal("-0.1"), Decimal("0.1"))
_AMOUNT: Bounds = (Decimal(0), Decimal("1e12"))
_TIME: Bounds = (Decimal(0), Decimal("4e12"))
_log = logging.getLogger(__name__)


class BtcWatch:
    """BTC's perpetual on one venue.

    Parameters
    ----------
    stream
        A ccxt.pro client of its own.
    clock : callable
        Time in ms UTC.

    Attributes
    ----------
    newest : BtcMarket or None
        What was seen last.
    """

    def __init__(self, calls: Calls, stream: Any, clock: Callable[[], int]) -> None:
        self._calls = calls
        self._stream = stream
        self._clock = clock
        self._interest: deque[tuple[int, Decimal]] = deque()
        self._liquidated: deque[tuple[int, str, Decimal]] = deque()
        self._hears_liquidations = False
        self.newest: BtcMarket | None = None

    async def look(self) -> None:
        """Look at it once; what does not come is not known."""
        now = self._clock()
        funding = await self._asked("fetch_funding_rate")
        interest = await self._asked("fetch_open_interest")
        amount = _number(interest, "openInterestAmount", _AMOUNT)
        longs, shorts = self._liquidations(now)
        due = _number(funding, "fundingTimestamp", _TIME)
        self.newest = BtcMarket(
            at=now,
            funding_rate=_number(funding, "fundingRate", _RATE),
            funding_at=None if due is None else int(due),
            open_interest=amount,
            open_interest_change=None if amount is None else self._change(now, amount),
            long_liquidated=longs,
            short_liquidated=shorts,
        )

    async def run(self) -> None:
        """Listen to liquidations until cancelled; returns where the venue does not tell them."""
        while True:
            try:
                self._note(await self._stream.watch_liquidations(BTC))
                self._hears_liquidations = True
            except (ccxt.NotSupported, AttributeError):
                return
            except (ccxt.BaseError, OSError, LookupError, TypeError, ValueError) as error:
                _log.warning("liquidations of BTC: %s", str(error)[:160])
                self._hears_liquidations = False
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._stream.close(), 1.0)
                await asyncio.sleep(RETRY_S)

    async def _asked(self, method: str) -> Mapping[str, Any]:
        try:
            answer = await self._calls(method, BTC)
        except UnavailableError:
            return {}
        return answer if isinstance(answer, Mapping) else {}

    def _change(self, now: int, amount: Decimal) -> Decimal | None:
        self._interest.append((now, amount))
        while self._interest[0][0] < now - HOUR_MS - LIQUIDATIONS_MS:
            self._interest.popleft()
        at, before = self._interest[0]
        return amount / before - 1 if at <= now - HOUR_MS and before else None

    def _note(self, liquidations: object) -> None:
        for each in liquidations if isinstance(liquidations, list) else []:
            amount, price = (each.get(key) for key in ("contracts", "price"))
            with contextlib.suppress(InputError):
                worth = checked(amount, _AMOUNT, "contracts", BTC) * checked(
                    price, _AMOUNT, "price", BTC
                )
                self._liquidated.append((self._clock(), str(each.get("side")), worth))

    def _liquidations(self, now: int) -> tuple[Decimal | None, Decimal | None]:
        while self._liquidated and self._liquidated[0][0] < now - LIQUIDATIONS_MS:
            self._liquidated.popleft()
        if not (self._hears_liquidations or self._liquidated):
            return None, None
        # a long is closed by force with an order to sell
        sold = sum((worth for _, side, worth in self._liquidated if side == "sell"), Decimal(0))
        bought = sum((worth for _, side, worth in self._liquidated if side == "buy"), Decimal(0))
        return sold, bought


def _number(row: Mapping[str, Any], path: str, bounds: Bounds) -> Decimal | None:
    try:
        return optional_number(row, path, bounds, BTC)
    except InputError:
        return None
