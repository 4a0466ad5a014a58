"""The pairs of the local Binance, chosen with market caps of a local CoinGecko, or without."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.coingecko import CoinGecko, page, row
from fakes.local_venue import BEGINS, local_venue

from signalbot.app.choosing import market_caps, universe_of
from signalbot.config import load_settings
from signalbot.domain.controls import IN, OUT, PAIR, Controls
from signalbot.domain.market_cap import CapTable
from signalbot.domain.survey import Survey
from signalbot.domain.universe import Range, RankedBy, RemovalCode, Universe, UniverseRules
from signalbot.market.calls import Calls
from signalbot.market.survey import survey

ANY = UniverseRules(
    quote_volume=Range(),
    move=Range(),
    spread_share=Range(),
    tick_share=Range(),
    age_days=Range(),
    trade_rank=Range(),
)


@pytest.fixture(scope="module")
def looked_at() -> Survey:
    async def run() -> Survey:
        async with local_venue() as venue:
            return await survey("binanceusdm", Calls("binanceusdm", venue.client), BEGINS)

    return asyncio.run(run())


def caps_of(folder: Path, *rows: object, now: int = BEGINS) -> CapTable:
    async def run() -> CapTable:
        async with CoinGecko(page(list(rows))).serving() as server:
            environ = {
                "COINGECKO_URL": server.url,
                "COINGECKO_API_KEY": "CG-own",
                "DATABASE_URL": f"sqlite:///{folder}/bot.db",
            }
            table = await market_caps(load_settings(environ, None)).table(now)
            assert server.asked[0].headers["x-cg-demo-api-key"] == "CG-own"
            return table

    return asyncio.run(run())


def chosen(looked_at: Survey, caps: CapTable, controls: Controls | None = None) -> Universe:
    return universe_of(looked_at, caps, {}, controls or Controls(), ANY)


def test_large_coins_fall_by_their_market_cap(looked_at: Survey, tmp_path: Path) -> None:
    (first, second, *_) = (each for each in looked_at.listings.listed if each.coin != "BTC")
    prices = {each: str(looked_at.trading[each.symbol].price) for each in (first, second)}
    caps = caps_of(
        tmp_path,
        row(100, symbol=first.coin.lower(), current_price=prices[first]),
        row(101, symbol=second.coin.lower(), current_price=prices[second]),
    )
    universe = chosen(looked_at, caps)

    (removal,) = universe.removed
    assert removal.symbol == first.symbol
    assert [reason.code for reason in removal.reasons] == [RemovalCode.SIZE_RANK]
    by = {each.listing.symbol: each.size.by for each in universe.chosen}
    assert by.pop(second.symbol) is RankedBy.MARKET_CAP
    assert set(by.values()) == {RankedBy.VOLUME}
    assert (tmp_path / "bot.caps.json").exists()


def test_another_coin_of_the_name_says_nothing(looked_at: Survey, tmp_path: Path) -> None:
    caps = caps_of(tmp_path, row(1, symbol="btc", current_price=1.0))

    assert {each.size.by for each in chosen(looked_at, caps).chosen} == {RankedBy.VOLUME}


def test_a_person_knows_better_than_a_name(looked_at: Survey, tmp_path: Path) -> None:
    price = str(looked_at.trading["BTC/USDT:USDT"].price)
    caps = caps_of(tmp_path, row(1, id="bitcoin", symbol="xbt", current_price=price))
    universe = universe_of(looked_at, caps, {"BTC": "bitcoin"}, Controls(), ANY)

    assert [removal.symbol for removal in universe.removed] == ["BTC/USDT:USDT"]


def test_without_market_caps_all_are_ranked_by_trade(looked_at: Survey) -> None:
    universe = chosen(looked_at, CapTable(trouble="CoinGecko did not answer"))

    assert len(universe.chosen) == len(looked_at.listings.listed)
    assert {each.size.by for each in universe.chosen} == {RankedBy.VOLUME}


def test_whoever_wants_verified_coins_alone_gets_no_other(looked_at: Survey) -> None:
    strict = replace(ANY, unknown_cap_is_small=False)

    assert universe_of(looked_at, CapTable(), {}, Controls(), strict).chosen == ()


def test_admins_have_the_last_word(looked_at: Survey) -> None:
    first, second, *_ = sorted(each.symbol for each in looked_at.listings.listed)
    controls = Controls(values={f"{PAIR}{first}": OUT, f"{PAIR}{second}": IN})
    strict = replace(ANY, quote_volume=Range(low=Decimal(10**11)))
    universe = universe_of(looked_at, CapTable(), {}, controls, strict)

    assert universe.symbols == (second,)
    reasons = {each.symbol: each.reasons[0].code for each in universe.removed}
    assert reasons[first] is RemovalCode.PAIR_OFF


def test_a_venue_that_tells_no_prices_has_no_pairs(looked_at: Survey) -> None:
    silent = replace(looked_at, trading={}, funding={})

    assert chosen(silent, CapTable()).chosen == ()
