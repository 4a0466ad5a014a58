"""A name proves nothing: the price has to agree."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bybit_instrument,
    mexc_contract,
    only,
)
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.listing import Listing, Listings
from signalbot.domain.market_cap import Coin, CoinMatch
from signalbot.domain.survey import Survey
from signalbot.domain.universe import Trading
from signalbot.market.coin_names import by_symbol, coins_of, match_coin, match_coins


def row(coin_id: str, symbol: str, price: float, cap: float | None, **more: Any) -> dict[str, Any]:
    return {"id": coin_id, "symbol": symbol, "current_price": price, "market_cap": cap} | more


ROWS = [
    row("layer", "layer", 0.5, 1e8, market_cap_rank=310),
    row("pepe", "pepe", 0.00001, 4e9, market_cap_rank=31),
    row("shiba-inu", "shib", 0.00002, 1e10, market_cap_rank=15),
    row("beyondbit", "bb", 0.2, 5e8, market_cap_rank=120),
    row("bouncebit", "bb", 0.1, 4e7, market_cap_rank=600),
    row("bibi", "bb", 0.101, 2e6, market_cap_rank=2900),
    row("gas", "gas", 3.0, 2e8, market_cap_rank=250),
    row("official-trump", "trump", 8.0, 1.6e9, market_cap_rank=60),
    row("maga", "trump", 0.3, 2e7, market_cap_rank=900),
    row("thousandx", "1000x", 0.7, 1e6, market_cap_rank=3000),
]
COINS = by_symbol(coins_of(ROWS))
LAYER = only("binanceusdm", binance_symbol())


def named(listing: Listing, price: str) -> str | None:
    coin = match_coin(listing, Decimal(price), COINS).coin
    return coin and coin.coin_id


def test_name_and_price_agree() -> None:
    assert match_coin(LAYER, Decimal("0.51"), COINS) == CoinMatch(
        coin=Coin(
            coin_id="layer",
            symbol="LAYER",
            price=Decimal("0.5"),
            market_cap=Decimal(100_000_000),
            rank=310,
        ),
        note="layer at 0.5 agrees in price",
    )


@pytest.mark.parametrize(
    ("price", "found"),
    [("0.475", "layer"), ("0.525", "layer"), ("0.4749", None), ("0.5251", None)],
)
def test_within_5_per_cent_and_no_further(price: str, found: str | None) -> None:
    assert named(LAYER, price) == found


def test_of_several_with_one_name_the_largest_whose_price_agrees() -> None:
    bounce = only("binanceusdm", binance_symbol("BB"))

    assert named(bounce, "0.1005") == "bouncebit"
    assert named(bounce, "0.2") == "beyondbit"


def test_another_price_is_another_coin() -> None:
    match = match_coin(only("binanceusdm", binance_symbol("BB")), Decimal(7), COINS)

    assert match == CoinMatch(coin=None, note="of 3 called BB none has this price")
    assert not match.is_verified


def test_an_unknown_name_is_unverified() -> None:
    lobster = only("binanceusdm", binance_symbol("龙虾"))

    assert match_coin(lobster, Decimal(1), COINS).note == "no coin is called 龙虾"


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal(-1), Decimal("NaN")])
def test_without_a_price_nothing_is_verified(price: Decimal | None) -> None:
    match = match_coin(LAYER, price, COINS)

    assert match == CoinMatch(coin=None, note="no price of LAYER to compare")


class TestHowManyCoins:
    def test_the_price_of_1000pepe_is_that_of_a_thousand(self) -> None:
        pepe = only("binanceusdm", binance_symbol("1000PEPE"))

        assert named(pepe, "0.01") == "pepe"
        assert named(pepe, "0.00001") is None

    def test_mexc_quotes_one_pepe_whatever_a_contract_holds(self) -> None:
        assert named(only("mexc", mexc_contract("PEPE", contractSize=10**7)), "0.00001") == "pepe"

    def test_bybit_puts_the_number_behind(self) -> None:
        assert named(only("bybit", bybit_instrument("SHIB1000")), "0.02") == "shiba-inu"

    def test_a_number_may_be_part_of_the_name_after_all(self) -> None:
        assert named(only("binanceusdm", binance_symbol("1000X")), "0.7") == "thousandx"


class TestOtherNames:
    def test_the_name_is_the_venues_and_not_ccxts(self) -> None:
        gas = only("mexc", mexc_contract("GAS"))

        assert gas.instrument.coin == "GASDAO"
        assert named(gas, "3.01") == "gas"

    def test_bingx_calls_two_coins_trump(self) -> None:
        assert named(only("bingx", bingx_contract("TRUMP")), "0.3") == "maga"
        assert named(only("bingx", bingx_contract("TRUMPSOL")), "8") == "official-trump"

    def test_venues_call_one_coin_differently(self) -> None:
        assert named(only("mexc", mexc_contract("TRUMPOFFICIAL")), "8") == "official-trump"

    def test_somebody_who_knows_may_name_the_coin(self) -> None:
        match = match_coin(LAYER, Decimal("0.1"), COINS, {"LAYER": "bouncebit"})

        assert match.coin is not None
        assert match.coin.coin_id == "bouncebit"

    def test_whoever_names_it_the_price_still_decides(self) -> None:
        assert match_coin(LAYER, Decimal("0.5"), COINS, {"LAYER": "bouncebit"}).coin is None


class TestRows:
    @pytest.mark.parametrize(
        "bad",
        [
            None,
            "layer",
            [],
            {},
            row("", "layer", 1, 1),
            row("layer", "", 1, 1),
            row("layer", "l" * 201, 1, 1),
            row("lay\x1b[2J", "layer", 1, 1),
            row("layer", 7, 1, 1),  # type: ignore[arg-type]
            row("layer", "layer", 0, 1),
            row("layer", "layer", float("nan"), 1),
            row("layer", "layer", None, 1),  # type: ignore[arg-type]
            row("layer", "layer", 1, None),
            row("layer", "layer", 1, -1),
            row("layer", "layer", 1, 1, market_cap_rank=0),
        ],
    )
    def test_a_row_that_tells_too_little_is_left_out(self, bad: object) -> None:
        assert [coin.coin_id for coin in coins_of([bad, ROWS[0]])] == ["layer"]

    def test_a_rank_may_be_missing(self) -> None:
        (coin,) = coins_of([row("layer", "layer", 1, 1, market_cap_rank=None)])

        assert coin.rank is None

    @given(
        st.lists(st.none() | st.text() | st.dictionaries(st.sampled_from(list(ROWS[0])), st.text()))
    )
    def test_no_row_raises(self, rows: list[object]) -> None:
        assert len(coins_of(rows)) <= len(rows)


@given(
    prices=st.lists(st.decimals("0.001", "1000", places=3), min_size=1, max_size=8),
    price=st.decimals("0.001", "1000", places=3),
)
def test_whatever_is_found_agrees_and_none_larger_does(
    prices: list[Decimal], price: Decimal
) -> None:
    (usual,) = COINS["LAYER"]
    coins = [
        replace(usual, coin_id=str(i), price=each, market_cap=Decimal(i))
        for i, each in enumerate(prices)
    ]
    agreeing = [coin for coin in coins if abs(price / coin.price - 1) <= Decimal("0.05")]

    found = match_coin(LAYER, price, by_symbol(coins)).coin

    assert found == (agreeing[-1] if agreeing else None)


def test_each_contract_of_a_venue_has_its_coin() -> None:
    toy = only("binanceusdm", binance_symbol("TOY"))
    listings = Listings(venue="binanceusdm", listed=(LAYER, toy), excluded=())
    trading = {LAYER.symbol: Trading(price=Decimal("0.51"))}
    survey = Survey(listings=listings, trading=trading, at=0)
    coins = coins_of(ROWS)

    found = match_coins(survey, coins)
    assert found[LAYER.symbol] == match_coin(LAYER, Decimal("0.51"), COINS)
    assert found[LAYER.symbol].is_verified
    assert found[toy.symbol].note == "no price of TOY to compare"
    assert match_coins(survey, []) == {}
