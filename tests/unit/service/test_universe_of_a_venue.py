"""From a venue's own answers to the pairs that are watched, through every part on the way."""

from typing import Any

from fakes.venue_markets import LISTED_AT, binance_symbol, parsed

from signalbot.domain.controls import Controls
from signalbot.domain.universe import Range, RankedBy, UniverseRules
from signalbot.market.ccxt_trading import trading_of
from signalbot.market.coin_names import by_symbol, coins_of, match_coin
from signalbot.market.listings import listings_of
from signalbot.service.choose_universe import choose_universe

DAY = 86_400_000
COINS = [
    {"id": "layer", "symbol": "layer", "current_price": 0.5, "market_cap": 1e8}
    | {"market_cap_rank": 310},
    {"id": "pepe", "symbol": "pepe", "current_price": 0.0005, "market_cap": 4e9}
    | {"market_cap_rank": 31},
]


def ticker(price: float, volume: float) -> dict[str, Any]:
    day = {"high": 1.098 * price, "low": price, "quoteVolume": volume}
    return day | {"bid": 0.9998 * price, "ask": 1.0002 * price, "indexPrice": price}


def test_of_five_entries_of_binance_two_are_small_coins() -> None:
    entries = [
        binance_symbol("LAYER"),
        binance_symbol("1000PEPE"),
        binance_symbol("TSLA", contractType="TRADIFI_PERPETUAL"),
        binance_symbol("龙虾"),
        binance_symbol("NEW", onboardDate=LISTED_AT + 25 * DAY),
    ]
    listings = listings_of("binanceusdm", parsed("binanceusdm", *entries))
    tickers = {each.symbol: ticker(0.5, 2e7) for each in listings.listed}
    trading = {each.symbol: trading_of(each, tickers[each.symbol]) for each in listings.listed}
    coins = by_symbol(coins_of(COINS))
    caps = {
        each.symbol: match_coin(each, trading[each.symbol].price, coins) for each in listings.listed
    }

    universe = choose_universe(
        listings,
        trading,
        caps,
        Controls(),
        UniverseRules(trade_rank=Range()),
        LISTED_AT + 30 * DAY,
    )

    assert [(each.listing.coin, each.size.by) for each in universe.chosen] == [
        ("LAYER", RankedBy.MARKET_CAP),
        ("龙虾", RankedBy.VOLUME),
    ]
    assert {each.symbol: each.reasons[0].note for each in universe.removed} == {
        "1000PEPE/USDT:USDT": "rank by market cap: 31, allowed: at least 101",
        "NEW/USDT:USDT": "days since its listing 5, allowed: at least 14",
    }
    assert [each.note for each in listings.excluded] == ["contractType is TRADIFI_PERPETUAL"]
