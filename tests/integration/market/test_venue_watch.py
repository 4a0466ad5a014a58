"""Candles of a venue, watched by real ccxt over real sockets."""

import asyncio
from typing import Any

import pytest
from fakes.watched_venue import BEGINS, WatchedVenue, until, watched_venue

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.market import candle_stream, venue_watch
from signalbot.market.candle_grid import BTC
from signalbot.sandbox.exchange.faults import Fault, FaultKind

FIRST = BEGINS - 30_000
"""Open time of the minute in which everything begins."""


def run(scenario: Any, **venue: Any) -> None:
    async def do() -> None:
        async with watched_venue(**venue) as watched:
            await scenario(watched)

    asyncio.run(do())


async def listening(venue: WatchedVenue) -> None:
    await until(lambda: len(venue.server.pushing.wanted()) >= len(venue.market.series))


async def pass_minutes(venue: WatchedVenue, minutes: int) -> None:
    """Let minutes pass one by one, each until all of its candles are there."""
    for _ in range(minutes):
        venue.clock.advance(MINUTE_MS)
        last = venue.clock() // MINUTE_MS * MINUTE_MS
        await until(
            lambda last=last: len(venue.watch.closings.at(last)) == len(venue.market.series)
        )


class TestFollowing:
    @pytest.mark.parametrize("name", ["binanceusdm", "bybit"])
    def test_what_lies_before_comes_by_rest_and_what_closes_by_websocket(self, name):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=120)
            assert venue.missing(FIRST - 120 * MINUTE_MS, FIRST) == []
            await listening(venue)
            await pass_minutes(venue, 5)

            until_ = FIRST + 5 * MINUTE_MS
            assert venue.missing(FIRST - 120 * MINUTE_MS, until_) == []
            assert venue.wrong(FIRST - 120 * MINUTE_MS, until_) == []
            assert len(venue.watch.counts.late_ms) == 5 * len(venue.market.series)
            assert max(venue.watch.counts.late_ms) <= 2_000

        run(scenario, venue=name)

    def test_each_candle_is_handed_to_the_store_once(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=60)
            await listening(venue)
            await pass_minutes(venue, 3)
            await venue.watch.repair()
            fresh = venue.watch.take_fresh()

            keys = [row[:2] for row in fresh]
            assert len(keys) == len(set(keys)) == 63 * len(venue.market.series)
            assert venue.watch.take_fresh() == []

        run(scenario)

    def test_candles_that_could_not_be_stored_are_handed_out_again_and_first(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=3)
            fresh = venue.watch.take_fresh()
            venue.clock.advance(2 * MINUTE_MS)
            await venue.watch.repair()
            venue.watch.give_back(fresh)
            again = venue.watch.take_fresh()

            assert again[: len(fresh)] == fresh
            assert len(again) > len(fresh)

        run(scenario)

    def test_who_is_followed_already_gets_no_second_websocket(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=3)
            await listening(venue)
            await venue.follow(minutes=3)

            assert len(venue.clients) == 1

        run(scenario)

    def test_a_minute_that_runs_is_never_a_candle(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=10)
            await listening(venue)
            venue.clock.advance(20_000)
            await until(lambda: venue.watch.counts.frames > 5)

            assert not any(venue.grids.of(each).has(each, FIRST) for each in venue.market.series)

        run(scenario)


class TestRepair:
    def test_what_the_websocket_loses_comes_by_rest(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=10)
            await listening(venue)
            name = venue.pairs[0].partition("/")[0].lower() + "usdt@kline_1m"
            venue.server.control.add_fault(Fault(kind=FaultKind.LOSE, target=name, closed=True))
            venue.clock.advance(2 * MINUTE_MS)
            second = FIRST + 2 * MINUTE_MS
            await until(
                lambda: len(venue.watch.closings.at(second)) == len(venue.market.series) - 1
            )
            assert len(venue.missing(FIRST, second)) == 2
            venue.clock.advance(3_000)
            await venue.watch.repair()

            assert venue.missing(FIRST, second) == []
            assert venue.wrong(FIRST, second) == []

        run(scenario)

    def test_what_the_venue_does_not_have_either_is_a_gap_and_told(self):
        async def scenario(venue: WatchedVenue) -> None:
            symbol = venue.pairs[0]
            await venue.follow(minutes=10)
            await listening(venue)
            name = symbol.partition("/")[0].lower() + "usdt@kline_1m"
            venue.server.control.add_fault(Fault(kind=FaultKind.LOSE, target=name, closed=True))
            venue.server.control.add_fault(Fault(kind=FaultKind.SKIP, target="klines", share=1.0))
            venue.clock.advance(MINUTE_MS + 3_000)
            await until(lambda: len(venue.watch.closings.at(FIRST + MINUTE_MS)) >= 3)
            for _ in range(4):
                await venue.watch.repair()

            assert venue.watch.gaps == {symbol: [FIRST]}

        run(scenario)

    def test_a_minute_that_runs_on_the_venue_is_not_taken_by_a_clock_of_ours_that_is_ahead(self):
        async def scenario(venue: WatchedVenue) -> None:
            venue.clock.advance(25_000)
            await venue.follow(minutes=10)
            assert venue.missing(FIRST - 10 * MINUTE_MS, FIRST) == []
            assert len(venue.missing(FIRST, FIRST + MINUTE_MS)) == len(venue.market.series)

        run(scenario, ahead_ms=20_000)

    def test_nothing_is_repaired_while_the_venue_does_not_tell_the_time(self):
        async def scenario(venue: WatchedVenue) -> None:
            fault = Fault(kind=FaultKind.REPLY, target="time", status=200, body='{"code":0}')
            venue.server.control.add_fault(fault)
            await venue.follow(minutes=2)
            assert len(venue.missing(FIRST - MINUTE_MS, FIRST)) == len(venue.market.series)

            venue.server.control.lift_faults()
            await venue.watch.repair()
            assert venue.missing(FIRST - MINUTE_MS, FIRST) == []

        run(scenario)

    def test_what_lies_between_two_minutes_far_apart_is_not_asked_for_again(self):
        async def scenario(venue: WatchedVenue) -> None:
            symbol = venue.pairs[0]
            since = FIRST - 150 * MINUTE_MS
            truth = venue.market.series[symbol].between(since + MINUTE_MS, FIRST - MINUTE_MS)
            venue.grids.pairs.add([symbol])
            venue.watch.remember(symbol, truth)
            limits: list[int] = []
            fetch = venue.calls.client.fetch_ohlcv

            def noted(*args: Any) -> Any:
                limits.append(args[3])
                return fetch(*args)

            venue.calls.client.fetch_ohlcv = noted
            await venue.watch.follow({symbol: since})
            assert venue.grids.pairs.missing(symbol, since, FIRST) == []
            assert limits == [1, 1]

        run(scenario)

    def test_what_a_contract_no_longer_trades_is_not_asked_for(self):
        async def scenario(venue: WatchedVenue) -> None:
            symbol = venue.pairs[0]
            await venue.follow(minutes=10)
            venue.watch.end(symbol, FIRST)
            venue.clock.advance(3 * MINUTE_MS)
            await venue.watch.repair()
            assert {each for each, _ in venue.missing(FIRST, FIRST + 2 * MINUTE_MS)} == {symbol}

            venue.watch.resume(symbol)
            await venue.watch.repair()
            assert venue.missing(FIRST, FIRST + 2 * MINUTE_MS) == []

        run(scenario)


class TestRenewal:
    def test_on_fresh_websockets_the_named_ones_go_on_without_a_gap(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=10)
            await listening(venue)
            await pass_minutes(venue, 1)
            kept = venue.pairs[:2]
            venue.clock.advance(20_000)
            before = venue.server.connections
            renewing = asyncio.create_task(venue.watch.renew([BTC, *kept]))
            while not renewing.done():
                venue.clock.advance(1_000)
                await asyncio.sleep(0.05)
            await renewing
            assert set(venue.watch.followed) == {BTC, *kept}
            await until(lambda: len(venue.server.pushing.wanted()) == 3)
            assert venue.server.connections == before == 1
            first = venue.clock() // MINUTE_MS * MINUTE_MS
            venue.clock.advance(MINUTE_MS)
            closed = venue.clock() // MINUTE_MS * MINUTE_MS
            await until(lambda: {BTC, *kept} <= set(venue.watch.closings.at(closed)))

            assert first < closed
            assert venue.watch.breaks == 0

        run(scenario)


class TestBreaks:
    def test_a_websocket_that_breaks_comes_back_and_nothing_is_missing(self, monkeypatch):
        monkeypatch.setattr(candle_stream, "FIRST_WAIT_S", 0.05)

        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=10)
            await listening(venue)
            await pass_minutes(venue, 1)
            venue.server.control.drop()
            await until(lambda: venue.watch.breaks >= 1)
            await listening(venue)
            await pass_minutes(venue, 2)
            venue.clock.advance(3_000)
            await venue.watch.repair()

            assert venue.missing(FIRST, FIRST + 3 * MINUTE_MS) == []
            assert venue.wrong(FIRST, FIRST + 3 * MINUTE_MS) == []

        run(scenario)

    @pytest.mark.parametrize("is_known", [True, False])
    @pytest.mark.parametrize("name", ["binanceusdm", "bybit"])
    def test_a_contract_that_is_gone_keeps_no_other_from_coming_back(
        self, monkeypatch, name, is_known
    ):
        monkeypatch.setattr(candle_stream, "FIRST_WAIT_S", 0.05)

        async def scenario(venue: WatchedVenue) -> None:
            symbol = venue.pairs[0]
            await venue.follow(minutes=3)
            await listening(venue)
            venue.server.control.rename(symbol.partition("/")[0] + "USDT", "OTHERWISE")
            if is_known:
                venue.watch.end(symbol, FIRST)
            venue.server.control.drop()
            others = len(venue.market.series) - 1
            await until(lambda: len(venue.server.pushing.wanted()) == 0)
            await until(lambda: len(venue.server.pushing.wanted()) >= others)
            venue.clock.advance(MINUTE_MS)
            heard = venue.watch.closings
            await until(lambda: len(heard.at(FIRST + MINUTE_MS)) == others)

        run(scenario, venue=name)

    def test_frames_that_are_no_candles_are_counted_and_nothing_ends(self):
        async def scenario(venue: WatchedVenue) -> None:
            await venue.follow(minutes=10)
            await listening(venue)
            for kind in (FaultKind.GARBLE, FaultKind.CUT, FaultKind.REPEAT, FaultKind.LATE):
                venue.server.control.add_fault(Fault(kind=kind, probability=0.2, seed=3))
            venue.clock.advance(3 * MINUTE_MS)
            await until(lambda: venue.watch.counts.frames > 60)
            venue.server.control.lift_faults()
            venue.clock.advance(3_000)
            await venue.watch.repair()

            assert venue.missing(FIRST, FIRST + 3 * MINUTE_MS) == []
            assert venue.wrong(FIRST, FIRST + 3 * MINUTE_MS) == []

        run(scenario)


def test_a_half_open_websocket_is_given_up_for_its_silence(monkeypatch):
    monkeypatch.setattr(
        candle_stream.CandleStream.__init__, "__kwdefaults__", {"silence_s": 0.6, "lifetime_s": 1e6}
    )
    monkeypatch.setattr(candle_stream, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(candle_stream, "FIRST_WAIT_S", 0.05)

    async def scenario(venue: WatchedVenue) -> None:
        await venue.follow(minutes=10)
        await listening(venue)
        before = venue.server.connections
        venue.server.control.mute()
        await until(lambda: venue.watch.breaks >= 1)
        await until(lambda: BTC in venue.watch.closings.at(venue.clock() // MINUTE_MS * MINUTE_MS))
        assert before >= 1

    run(scenario, speed=60.0)


def test_where_no_message_says_that_a_candle_is_closed_all_are_asked_for(monkeypatch):
    monkeypatch.setattr(venue_watch, "reader_of", lambda venue: None)

    async def scenario(venue: WatchedVenue) -> None:
        await venue.follow(minutes=30)
        venue.clock.advance(32_000)
        await venue.watch.repair()
        assert venue.watch.closings.at(FIRST + MINUTE_MS) == {}  # it may still change
        venue.clock.advance(1_000)
        await venue.watch.repair()

        assert len(venue.watch.closings.at(FIRST + MINUTE_MS)) == len(venue.market.series)
        assert venue.wrong(FIRST - 30 * MINUTE_MS, FIRST + MINUTE_MS) == []
        assert venue.server.connections == 0

    run(scenario)
