"""Whatever is wrong around a live market is said in a clear sentence, and the bot goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.live_bot import DrivenClock, LiveBot, live_bot, noted_server
from fakes.watched_venue import until

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.domain.universe import UniverseRules
from signalbot.errors import UnavailableError
from signalbot.market import calls as calls_module
from signalbot.market.rest_candles import FEW
from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate

BEGINS = NEW_YEAR_2026 + DAY_MS + 30_000
FIRST = BEGINS - 30_000
SPEED = 60.0
RESTRICTED = '{"code":0,"msg":"Service unavailable from a restricted location"}'


@pytest.fixture(scope="module")
def market() -> GeneratedMarket:
    return generate(5, 4, 2 * DAY_MS // MINUTE_MS)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "FIRST_WAIT_S", 0.01)


def run(
    folder: Path,
    market: GeneratedMarket,
    scenario: Callable[[LiveBot], Awaitable[None]],
    speed: float = 0.0,
    **given: Any,
) -> None:
    async def do() -> None:
        async with live_bot(folder, market, BEGINS, speed, **given) as bot:
            await scenario(bot)
        assert bot.crashes == []

    asyncio.run(do())


def answer(bot: LiveBot, target: str | None, status: int, body: str) -> None:
    fault = Fault(kind=FaultKind.REPLY, target=target, status=status, body=body)
    bot.server.control.add_fault(fault)


async def opens_again(bot: LiveBot) -> None:
    bot.server.control.lift_faults()
    await bot.open()
    assert bot.market.troubles() == []


class TestAVenueThatCannotBeOpened:
    def test_it_serves_nobody_here(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            answer(bot, None, 451, RESTRICTED)
            with pytest.raises(UnavailableError):
                await bot.open()
            (trouble,) = bot.market.troubles()
            assert trouble.startswith("binanceusdm does not serve this address: ")
            assert len(bot.server.asked) == 1
            await opens_again(bot)

        run(tmp_path, market, scenario)

    def test_it_cannot_be_reached(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            await bot.server.stop()
            with pytest.raises(UnavailableError):
                await bot.open()
            (trouble,) = bot.market.troubles()
            assert trouble.startswith("binanceusdm did not answer fetch_time")
            await bot.server.start()
            await opens_again(bot)

        run(tmp_path, market, scenario)

    @pytest.mark.parametrize(
        "body",
        ["{}", "[]", "null", '{"symbols":[]}', '{"symbols":[{}]}', "<html>", '{"symbols":3}'],
    )
    def test_it_lists_nothing_that_could_be_read(self, tmp_path, market, body):
        async def scenario(bot: LiveBot) -> None:
            answer(bot, "exchangeInfo", 200, body)
            with pytest.raises(UnavailableError):
                await bot.open()
            assert "binanceusdm did" in bot.market.troubles()[0] or (
                bot.market.troubles()[0] == "binanceusdm does not list BTC/USDT:USDT"
            )
            await opens_again(bot)

        run(tmp_path, market, scenario)

    def test_it_does_not_list_btc(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            bot.server.control.rename("BTCUSDT", "OTHERWISE")
            with pytest.raises(UnavailableError):
                await bot.open()
            assert bot.market.troubles() == ["binanceusdm does not list BTC/USDT:USDT"]
            bot.server.control.rename("OTHERWISEUSDT", "BTC")
            await opens_again(bot)

        run(tmp_path, market, scenario)

    def test_no_pair_is_left_after_the_filters(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            with pytest.raises(UnavailableError):
                await bot.open()
            assert bot.market.troubles() == [
                "no pair of binanceusdm is left after the filters: `signalbot pairs` says why"
            ]

        run(tmp_path, market, scenario, rules=UniverseRules())


class TestWhileItIsWatched:
    @pytest.mark.parametrize("body", ["{}", "null", '{"symbols":[]}', "<html>"])
    def test_a_list_without_btc_delists_nobody(self, tmp_path, market, body):
        async def scenario(bot: LiveBot) -> None:
            await bot.open()
            await until(lambda: len(bot.server.pushing.wanted()) >= len(market.series))
            answer(bot, "exchangeInfo", 200, body)
            with pytest.raises(UnavailableError):
                await bot.market.look_at_listings()
            bot.server.control.lift_faults()
            await bot.pass_minutes(2)
            await bot.market.watch.repair()

            assert len(bot.market.world.contracts) == len(market.series) - 1
            assert bot.market.world.history.market(0, FIRST, FIRST).delisted_at is None
            assert bot.market.troubles() == []

        run(tmp_path, market, scenario)

    @pytest.mark.parametrize("off_ms", [-5_000, 5_000])
    def test_our_clock_is_wrong(self, tmp_path, market, off_ms):
        async def scenario() -> None:
            async with noted_server(market, BEGINS, 0) as server:
                clock = DrivenClock(server.control.clock)
                async with live_bot(tmp_path, market, BEGINS, 0, server=server, clock=clock) as bot:
                    await bot.open()
                    await until(lambda: len(server.pushing.wanted()) >= len(market.series))
                    clock.off_ms = off_ms
                    await bot.market.check_clock()
                    (trouble,) = bot.market.troubles()
                    assert (
                        trouble == f"our clock is {off_ms / 1_000:+.1f} s off that of binanceusdm"
                    )
                    await bot.pass_minutes(2)
                    clock.off_ms = 0
                    await bot.market.check_clock()
                    assert bot.market.troubles() == []

        asyncio.run(scenario())

    def test_an_answer_that_was_long_in_coming_does_not_tell_the_time(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            await bot.market.check_clock()
            measured = bot.market.skew_ms
            control = bot.server.control
            control.add_fault(Fault(kind=FaultKind.DELAY, target="time", times=1, delay_s=0.5))
            control.skew(60_000)
            await bot.market.check_clock()
            assert bot.market.skew_ms == measured
            await bot.market.check_clock()
            assert bot.market.skew_ms == pytest.approx(-60_000, abs=1_000)

        run(tmp_path, market, scenario, speed=10.0)

    def test_the_place_of_the_candles_is_full(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            file = bot.market._store._connection
            file.execute("PRAGMA max_page_count = 1")
            with pytest.raises(UnavailableError):
                await bot.open()
            assert bot.market.troubles() == ["the file of candles: database or disk is full"]
            file.execute("PRAGMA max_page_count = 1000000")
            await opens_again(bot)
            assert bot.market.stored(FIRST - FEW * MINUTE_MS, FIRST) == FEW * len(market.series)

        run(tmp_path, market, scenario)

    def test_the_file_of_candles_cannot_be_written(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            file, watch = bot.market._store._connection, bot.market.watch
            await bot.open()
            bot.run()
            await until(lambda: len(bot.recorder.minutes) >= 2)
            file.execute("PRAGMA query_only = 1")
            await until(lambda: "readonly" in " ".join(bot.market.troubles()))
            await until(lambda: bot.minutes.trouble is not None)
            assert bot.minutes.trouble.startswith("the file of candles: ")
            decided = len(bot.recorder.minutes)
            first = bot.time() // MINUTE_MS * MINUTE_MS
            await until(lambda: bot.time() > first + 3 * MINUTE_MS)
            assert len(bot.recorder.minutes) == decided

            file.execute("PRAGMA query_only = 0")
            await until(lambda: len(bot.recorder.minutes) >= decided + 2)
            assert bot.minutes.trouble is None
            assert bot.market.troubles() == []
            await watch.repair()
            await bot.market.flush()
            assert bot.market.stored(first, first + 3 * MINUTE_MS) == 3 * len(market.series)

        run(tmp_path, market, scenario, speed=SPEED)
