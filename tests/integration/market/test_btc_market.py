"""BTC's perpetual on the local venue, by real ccxt."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from fakes.watched_venue import WatchedVenue, until, watched_venue

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.market import calls as calls_module
from signalbot.market.btc_market import BtcWatch
from signalbot.market.candle_grid import BTC
from signalbot.market.venue_client import venue_client
from signalbot.sandbox.exchange.faults import Fault, FaultKind


def run(scenario: Any, **venue: Any) -> None:
    async def do() -> None:
        async with watched_venue(**venue) as watched:
            stream = venue_client("binanceusdm", watched.server.url)
            stream.set_markets_from_exchange(watched.calls.client)
            try:
                await scenario(watched, BtcWatch(watched.calls, stream, watched.clock))
            finally:
                await stream.close()

    asyncio.run(do())


def test_funding_and_open_interest_are_those_of_the_venue():
    async def scenario(venue: WatchedVenue, watch: BtcWatch) -> None:
        venue.server.control.set_funding("BTCUSDT", Decimal("0.0003"))
        await watch.look()
        seen = watch.newest

        assert seen is not None
        assert seen.funding_rate == Decimal("0.0003")
        assert seen.funding_at is not None
        assert 0 < seen.funding_at - venue.clock() <= 8 * 60 * MINUTE_MS
        assert seen.open_interest is not None
        assert seen.open_interest > 0
        assert (seen.open_interest_change, seen.long_liquidated) == (None, None)

    run(scenario)


def test_the_change_of_open_interest_is_against_an_hour_before():
    async def scenario(venue: WatchedVenue, watch: BtcWatch) -> None:
        for _ in range(7):
            await watch.look()
            venue.clock.advance(10 * MINUTE_MS + 1)
        await watch.look()
        assert watch.newest is not None
        assert watch.newest.open_interest_change is not None

    run(scenario)


def test_what_the_venue_does_not_say_is_not_known(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls_module, "FIRST_WAIT_S", 0.01)

    async def scenario(venue: WatchedVenue, watch: BtcWatch) -> None:
        for target in ("premiumIndex", "openInterest"):
            venue.server.control.add_fault(Fault(kind=FaultKind.REPLY, target=target, status=503))
        await watch.look()
        assert watch.newest is not None
        assert watch.newest.funding_rate is None
        assert watch.newest.open_interest is None

    run(scenario)


def test_liquidations_are_counted_by_side_for_five_minutes():
    async def scenario(venue: WatchedVenue, watch: BtcWatch) -> None:
        listening = asyncio.create_task(watch.run())
        await until(lambda: f"{BTC[:3].lower()}usdt@forceOrder" in venue.server.pushing.wanted())

        async def is_told() -> bool:
            await watch.look()
            seen = watch.newest
            return bool(seen and (seen.long_liquidated or seen.short_liquidated))

        async with asyncio.timeout(20):
            while not await is_told():
                venue.clock.advance(5 * MINUTE_MS)
                await asyncio.sleep(0.05)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    run(scenario)
