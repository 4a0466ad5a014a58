"""Books and trades of candidates, by real ccxt against the local venue."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from fakes.watched_venue import WatchedVenue, watched_venue

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.market import calls as calls_module
from signalbot.market.books import MOST_AT_ONCE, Books
from signalbot.sandbox.exchange.faults import Fault, FaultKind


def run(scenario: Any, **venue: Any) -> None:
    async def do() -> None:
        async with watched_venue(**venue) as watched:
            books = Books(watched.calls, lambda symbol: Decimal(1), watched.clock)
            try:
                await scenario(watched, books)
            finally:
                await books.close()

    asyncio.run(do())


def test_what_was_asked_for_after_a_close_is_known_for_that_close_only():
    async def scenario(venue: WatchedVenue, books: Books) -> None:
        symbol = venue.pairs[0]
        close = venue.clock() // MINUTE_MS * MINUTE_MS
        books.ask([symbol, symbol])
        await books.asked_for(20)
        book, flow = books.book(symbol, close), books.flow(symbol, close)

        assert book is not None
        assert book.best_bid < book.best_ask
        assert flow is not None
        assert flow.since == close - MINUTE_MS
        assert flow.bought + flow.sold > 0
        assert books.book(symbol, close + MINUTE_MS) is None
        assert books.flow(symbol, close + MINUTE_MS) is None
        assert books.book(venue.pairs[1], close) is None

    run(scenario)


def test_a_market_gone_wild_is_not_asked_about_as_a_whole():
    async def scenario(venue: WatchedVenue, books: Books) -> None:
        books.ask(venue.pairs)
        await books.asked_for(20)
        known = [each for each in venue.pairs if books.book(each, 0) is not None]
        assert len(known) == MOST_AT_ONCE

    run(scenario, pairs=MOST_AT_ONCE + 5)


def test_half_an_answer_is_no_book_and_a_book_without_trades_is_one(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(calls_module, "FIRST_WAIT_S", 0.01)

    async def scenario(venue: WatchedVenue, books: Books) -> None:
        symbol = venue.pairs[0]
        venue.server.control.add_fault(Fault(kind=FaultKind.REPLY, target="aggTrades", status=503))
        books.ask([symbol])
        await books.asked_for(20)
        assert books.book(symbol, 0) is not None
        assert books.flow(symbol, 0) is None

        for body in ('{"lastUpdateId":1,"bids":[["1.0","2.0"]]', '{"bids":[],"asks":[]}'):
            venue.server.control.add_fault(
                Fault(kind=FaultKind.REPLY, target="depth", status=200, body=body)
            )
            assert await books.fetch(symbol) is None
            venue.server.control.lift_faults()
        assert books.failed == 2

    run(scenario)
