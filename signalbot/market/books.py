"""Order books and trades of the few pairs that matter now: candidates, and alerts just published.

They are asked for when they are needed and forgotten afterwards.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from signalbot.domain.book import Book, Level
from signalbot.domain.flow import Flow
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.errors import InputError, UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.ccxt_numbers import Bounds, checked

LEVELS = 20
KEPT_MS = 10 * MINUTE_MS
MOST_AT_ONCE = 20
"""Candidates of one minute whose books are asked for; more of them are a market gone wild."""

MOST_TRADES = 1_000
"""Trades of a pair that are asked for; Binance wants weight 20 for them."""

_PRICE: Bounds = (Decimal("1e-15"), Decimal("1e12"))
_AMOUNT: Bounds = (Decimal(0), Decimal("1e18"))
_log = logging.getLogger(__name__)


def book_of(symbol: str, answer: Mapping[str, Any], contract_size: Decimal, now: int) -> Book:
    """Return what ccxt's `fetch_order_book` gave, in base units.

    Parameters
    ----------
    contract_size : Decimal
        Base units in one of what the venue counts.
    now : int
        When it was asked for, ms UTC: not every venue says when it was so.

    Raises
    ------
    InputError
        If a side is missing (ccxt makes an empty book of half an answer), crossed, or out of
        order, or a number is one that nobody would believe.
    """
    bids, asks = (_side(answer, side, contract_size, symbol) for side in ("bids", "asks"))
    if bids[0][0] >= asks[0][0]:
        raise InputError("bids", bids[0][0], f"below the best ask {asks[0][0]}", symbol)
    for side, levels in (("bids", bids), ("asks", tuple(reversed(asks)))):
        if any(after[0] >= before[0] for before, after in pairwise(levels)):
            raise InputError(side, "out of order", "the best price first", symbol)
    stamp = answer.get("timestamp")
    return Book(symbol=symbol, time=stamp if type(stamp) is int else now, bids=bids, asks=asks)


def flow_of(symbol: str, rows: object, contract_size: Decimal, since: int) -> Flow:
    """Return what takers traded since an instant, from ccxt's `fetch_trades`.

    A trade that is told wrongly, or without its side, is left out.
    """
    taken = {"buy": Decimal(0), "sell": Decimal(0)}
    for row in rows if isinstance(rows, list) else []:
        time, side = row.get("timestamp"), row.get("side")
        if type(time) is not int or time < since or side not in taken:
            continue
        with contextlib.suppress(InputError):
            price = checked(row.get("price"), _PRICE, "price", symbol)
            amount = checked(row.get("amount"), _AMOUNT, "amount", symbol)
            taken[side] += price * amount * contract_size
    return Flow(since=since, bought=taken["buy"], sold=taken["sell"])


class Books:
    """The books of one venue that are looked at, with the trades of the minute.

    Parameters
    ----------
    contract_size : callable
        Gives the base units of one contract where the venue counts in contracts, else 1.
    clock : callable
        Time in ms UTC.

    Attributes
    ----------
    failed : int
        Books that did not come, or were none.
    """

    def __init__(
        self, calls: Calls, contract_size: Callable[[str], Decimal], clock: Callable[[], int]
    ) -> None:
        self._calls = calls
        self._contract_size = contract_size
        self._clock = clock
        self._books: dict[str, tuple[int, Book, Flow | None]] = {}
        self._asked: dict[str, asyncio.Task[None]] = {}
        self.failed = 0

    def ask(self, symbols: Collection[str]) -> None:
        """Begin to fetch books; those that are on their way are not asked for again."""
        for symbol in symbols:
            if symbol not in self._asked and len(self._asked) < MOST_AT_ONCE:
                task = asyncio.create_task(self._fetch(symbol))
                self._asked[symbol] = task
                task.add_done_callback(partial(self._forget, symbol))

    async def asked_for(self, within_s: float) -> None:
        """Wait until every book that was asked for is there, so long at most."""
        if self._asked and within_s > 0:
            await asyncio.wait(list(self._asked.values()), timeout=within_s)

    async def fetch(self, symbol: str) -> Book | None:
        """Return the book of a pair as it is now; None if it cannot be had."""
        asked_at = self._clock()
        try:
            answer = await self._calls("fetch_order_book", symbol, LEVELS)
            book = book_of(symbol, answer, self._contract_size(symbol), asked_at)
        except (InputError, UnavailableError) as error:
            self.failed += 1
            _log.warning("no book of %s: %s", symbol, error)
            return None
        return book

    def book(self, symbol: str, close_time: int) -> Book | None:
        """Return the book that was asked for after a close; None where there is none."""
        found = self._books.get(symbol)
        return found[1] if found is not None and found[0] >= close_time else None

    def flow(self, symbol: str, close_time: int) -> Flow | None:
        """Return what takers traded in the minute before that close and since."""
        found = self._books.get(symbol)
        return found[2] if found is not None and found[0] >= close_time else None

    async def close(self) -> None:
        """Ask for no more."""
        for task in list(self._asked.values()):
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    def _forget(self, symbol: str, task: asyncio.Task[None]) -> None:
        self._asked.pop(symbol, None)

    async def _fetch(self, symbol: str) -> None:
        asked_at = self._clock()
        book = await self.fetch(symbol)
        if book is None:
            return
        kept = {each: found for each, found in self._books.items() if found[0] > asked_at - KEPT_MS}
        self._books = {**kept, symbol: (asked_at, book, None)}
        flow = await self._flow(symbol, asked_at // MINUTE_MS * MINUTE_MS - MINUTE_MS)
        self._books = {**self._books, symbol: (asked_at, book, flow)}

    async def _flow(self, symbol: str, since: int) -> Flow | None:
        try:
            rows = await self._calls("fetch_trades", symbol, since, MOST_TRADES)
        except UnavailableError as error:
            _log.warning("no trades of %s: %s", symbol, error)
            return None
        return flow_of(symbol, rows, self._contract_size(symbol), since)


def _side(
    answer: Mapping[str, Any], side: str, contract_size: Decimal, symbol: str
) -> tuple[Level, ...]:
    rows = answer.get(side)
    if not isinstance(rows, list) or not rows:
        raise InputError(side, rows, "at least one level", symbol)
    return tuple(_level(row, side, contract_size, symbol) for row in rows[:LEVELS])


def _level(row: object, side: str, contract_size: Decimal, symbol: str) -> Level:
    if not isinstance(row, list | tuple) or len(row) < 2:
        raise InputError(side, row, "a price and an amount", symbol)
    price = checked(row[0], _PRICE, side, symbol)
    return price, checked(row[1], _AMOUNT, side, symbol) * contract_size
