"""A live market of one venue: opened, gone on with, and looked at again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.live_bot import LiveBot, NotedServer, live_bot, noted_server
from fakes.made_alert import made_alert
from fakes.watched_venue import until

from signalbot.analysis.btc_context import BtcRules, btc_context
from signalbot.app.market_view import WorldView
from signalbot.domain.alert import Alert, EntryKind
from signalbot.domain.controls import Controls
from signalbot.domain.panel import build_panel
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, M1, MINUTE_MS
from signalbot.market.candle_grid import BTC
from signalbot.market.rest_candles import FEW
from signalbot.record.bodies import alert_body, published_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate
from signalbot.service.recording import Recording
from signalbot.service.replay import minutes
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan
from signalbot.storage.candle_store import CandleStore
from signalbot.storage.ledger import SqlLedger

DAYS = 9
BEGINS = NEW_YEAR_2026 + 8 * DAY_MS + 30_000
FIRST = BEGINS - 30_000
"""Open time of the minute in which everything begins."""

PUBLISHED = BEGINS
HOLD_MIN = 5


@pytest.fixture(scope="module")
def market() -> GeneratedMarket:
    return generate(5, 4, DAYS * DAY_MS // MINUTE_MS)


def run(
    folder: Path, market: GeneratedMarket, scenario: Callable[[LiveBot], Awaitable[None]]
) -> None:
    async def do() -> None:
        async with live_bot(folder, market, BEGINS, 0) as bot:
            await scenario(bot)
        assert bot.crashes == []

    asyncio.run(do())


def pairs(market: GeneratedMarket) -> list[str]:
    return sorted(each for each in market.series if each != BTC)


def entries(bot: LiveBot, kind: EntryType) -> list[Entry]:
    ledger = SqlLedger(bot.engine, demonstration_signer())
    return [each for each in ledger.entries() if each.type is kind]


def klines(server: NotedServer) -> list[tuple[str, int]]:
    return [(each.symbol, each.limit) for each in server.asked if each.endpoint == "klines"]


async def listening(bot: LiveBot) -> None:
    await until(lambda: len(bot.server.pushing.wanted()) >= len(bot.source.series))


class TestOpening:
    def test_the_chosen_pairs_are_followed_and_their_candles_are_there(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            await bot.open()

            assert sorted(bot.market.world.watched) == pairs(market)
            assert bot.market.stored(FIRST - FEW * MINUTE_MS, FIRST) == FEW * len(market.series)
            assert bot.market.troubles() == []
            assert bot.market.is_open

        run(tmp_path, market, scenario)

    def test_the_frozen_pairs_of_the_day_are_taken_as_they_are(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            frozen = pairs(market)[1:]
            await bot.open(frozen)

            assert list(bot.market.world.watched) == frozen
            assert bot.market.world.universe is not None  # for whoever asks why
            assert set(bot.market.world.universe.symbols) > set(frozen)

        run(tmp_path, market, scenario)

    def test_a_contract_that_was_listed_an_hour_ago_is_followed_and_never_matched(self, tmp_path):
        old = generate(3, 24, 2 * DAY_MS // MINUTE_MS)
        symbol, close = first_match(old, NEW_YEAR_2026 + 30 * HOUR_MS)
        young = old.series[symbol].between(close - HOUR_MS, None)

        async def matched_in(source: GeneratedMarket, folder: Path) -> list[str]:
            async with live_bot(folder, source, close - 30_000, 0) as bot:
                await bot.open()
                await listening(bot)
                await bot.pass_minutes()
                assert symbol in (await bot.decide(close)).matched
                return [match.symbol for match in bot.recorder.matched]

        for name in ("old", "young"):
            (tmp_path / name).mkdir()
        trimmed = replace(old, series={**old.series, symbol: young})
        assert symbol in asyncio.run(matched_in(old, tmp_path / "old"))
        assert symbol not in asyncio.run(matched_in(trimmed, tmp_path / "young"))

    def test_a_restart_reads_what_is_stored_and_asks_for_what_is_missing(self, tmp_path, market):
        async def scenario() -> None:
            async with noted_server(market, BEGINS, 0) as server:
                async with live_bot(tmp_path, market, BEGINS, 0, server=server) as bot:
                    await bot.open()
                server.control.advance(3 * MINUTE_MS)
                server.asked.clear()
                async with live_bot(tmp_path, market, BEGINS, 0, server=server) as bot:
                    await bot.open()
                    assert bot.market.stored(FIRST, FIRST + 3 * MINUTE_MS) == 3 * len(market.series)
                names = {each.partition("/")[0] + "USDT" for each in market.series}
                assert sorted(klines(server)) == sorted((name, 3) for name in names)

        asyncio.run(scenario())


class TestTheTurnOfTheDay:
    def test_the_new_pairs_are_frozen_at_the_turn_and_not_before(self, tmp_path, market):
        midnight = NEW_YEAR_2026 + 8 * DAY_MS
        everyone = pairs(market)

        async def scenario() -> None:
            async with live_bot(tmp_path, market, midnight - 150_000, 0) as bot:
                await bot.open(everyone[:1])
                await bot.pass_minutes(silent=2)
                await bot.market.choose_tomorrow(Controls())
                await listening(bot)
                await bot.pass_minutes()
                assert [each.body["symbols"] for each in entries(bot, EntryType.UNIVERSE)] == [
                    everyone[:1]
                ]
                assert list(bot.market.world.watched) == everyone[:1]

                await bot.pass_minutes()
                frozen = entries(bot, EntryType.UNIVERSE)
                assert [each.body["symbols"] for each in frozen] == [everyone[:1], everyone]
                assert frozen[1].body["day"] == "2026-01-09"
                assert sorted(bot.market.world.watched) == everyone

        asyncio.run(scenario())


class TestContractsThatGo:
    def test_an_open_alert_on_a_contract_that_is_delisted_ends_as_delisted(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            symbol = pairs(market)[0]
            await bot.pass_minutes(2)
            bot.server.control.delist(name_of(symbol))
            await bot.market.look_at_listings()
            await bot.pass_minutes(silent=1)

            (outcome,) = entries(bot, EntryType.OUTCOME)
            assert outcome.body["outcome"] == "DELISTED"
            assert outcome.body["evidence"]["delisted_at"] == "2026-01-09T00:02:00.000Z"

        with_open_alert(tmp_path, market, scenario)

    def test_one_that_is_called_otherwise_is_known_by_its_name_to_the_end_of_the_day(
        self, tmp_path, market
    ):
        async def scenario(bot: LiveBot) -> None:
            symbol = pairs(market)[0]
            await bot.open()
            await listening(bot)
            bot.server.control.rename(name_of(symbol), "OTHERWISE")
            await bot.market.look_at_listings()
            await bot.pass_minutes(silent=1)
            await bot.record(bot.recorder.watch, bot.clock.now())

            view = WorldView(bot.market.world, bot.clock.now)
            assert {*pairs(market), "OTHERWISE/USDT:USDT"} <= set(view.instruments())
            await bot.market.choose_tomorrow(Controls())
            assert symbol not in bot.market.world.next_watched

        run(tmp_path, market, scenario)

    def test_one_that_comes_back_is_followed_again(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            symbol = pairs(market)[0]
            base = symbol.partition("/")[0]
            await bot.open()
            await listening(bot)
            bot.server.control.rename(name_of(symbol), "OTHERWISE")
            await bot.market.look_at_listings()
            await bot.pass_minutes(silent=1)
            bot.server.control.rename("OTHERWISEUSDT", base)
            await bot.market.look_at_listings()
            await bot.market.watch.repair()

            assert bot.market.world.history.market(0, FIRST, FIRST).delisted_at is None
            await bot.market.flush()
            assert bot.market.stored(FIRST, FIRST + MINUTE_MS) == len(market.series)

        run(tmp_path, market, scenario)


class TestWhatAnOutcomeNeeds:
    def test_the_funding_that_falls_due_is_stored(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            symbol = pairs(market)[0]
            await bot.open()
            bot.server.control.set_funding(name_of(symbol), Decimal("-0.0012"))
            await bot.market.keep_funding()
            due = FIRST + 8 * HOUR_MS

            store = CandleStore(bot.store)
            assert store.funding(symbol, FIRST, due) == [(due, Decimal("-0.0012"))]
            store.close()

        run(tmp_path, market, scenario)

    def test_the_quote_that_a_follower_meets_is_stored_and_is_the_fill(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            symbol = pairs(market)[0]
            ((of, instant),) = bot.recorder.quotes_due(bot.clock.now())
            assert (of, instant) == (symbol, PUBLISHED + 10_000)
            bot.time.advance(10_000)
            await bot.market.keep_quote(of, instant)
            assert bot.recorder.quotes_due(bot.clock.now()) == []
            await bot.pass_minutes(HOLD_MIN + 2)

            (outcome,) = entries(bot, EntryType.OUTCOME)
            time, _, ask = outcome.body["evidence"]["quote"].split(",")
            assert int(time) == instant
            assert outcome.body["fill_price"] == ask
            assert outcome.body["outcome"] == "EXPIRED"

        with_open_alert(tmp_path, market, scenario)

    def test_a_quote_that_cannot_be_had_or_stored_breaks_nothing(self, tmp_path, market):
        async def scenario(bot: LiveBot) -> None:
            await bot.open()
            bot.market._store.close()
            await bot.market.keep_quote(pairs(market)[0], bot.clock.now())
            await bot.market.keep_quote("NOBODY/USDT:USDT", bot.clock.now())

        run(tmp_path, market, scenario)


def name_of(symbol: str) -> str:
    return symbol.partition("/")[0] + "USDT"


def first_match(market: GeneratedMarket, since: int) -> tuple[str, int]:
    """The first setup that fires from an instant on: whose, and at which close."""
    series = dict(market.series)
    btc = series.pop(BTC)
    panel = build_panel(dict(sorted(series.items())), M1)
    rules = Rules()
    setups = setups_for(M1, rules, BtcRules(), REFERENCE_PROFILE)
    closed = minutes(panel, scan(panel, setups), btc_context(btc, BtcRules()), 0, None)
    return next(
        (minute.matches[0].symbol, minute.close_time)
        for minute in closed
        if minute.close_time > since and minute.matches
    )


def open_alert(market: GeneratedMarket, symbol: str) -> Alert:
    """An alert that nothing decides but time, published as everything begins."""
    last = Decimal(str(market.series[symbol].between(FIRST - MINUTE_MS, FIRST).close[0]))
    contract = market.instruments[symbol]
    return made_alert(
        1,
        symbol=symbol,
        tick=contract.tick,
        entry=last,
        stop=(last * Decimal("0.8") // contract.tick) * contract.tick,
        target=(last * Decimal("1.2") // contract.tick) * contract.tick,
        entry_kind=EntryKind.MARKET,
        slippage_rate=Decimal(0),
        max_hold_min=HOLD_MIN,
        candle_close=FIRST,
    )


def with_open_alert(
    folder: Path, market: GeneratedMarket, scenario: Callable[[LiveBot], Awaitable[None]]
) -> None:
    """A bot that was started again while an alert was open."""

    async def do() -> None:
        async with noted_server(market, BEGINS, 0) as server:
            async with live_bot(folder, market, BEGINS, 0, server=server) as bot:
                recording = Recording(SqlLedger(bot.engine, demonstration_signer()), ())
                body = alert_body(open_alert(market, pairs(market)[0]))
                (entry,) = recording.append([Draft(type=EntryType.ALERT, ts=FIRST, body=body)])
                said = published_body(entry.seq, PUBLISHED, "1", 1)
                recording.append([Draft(type=EntryType.PUBLISHED, ts=PUBLISHED, body=said)])
            async with live_bot(folder, market, BEGINS, 0, server=server) as bot:
                await bot.open()
                await listening(bot)
                await scenario(bot)
            assert bot.crashes == []

    asyncio.run(do())
