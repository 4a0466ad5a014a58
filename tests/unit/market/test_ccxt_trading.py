"""What one ticker of each venue tells, in USDT and fractions of the price."""

from decimal import Decimal
from typing import Any

import pytest
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bitget_contract,
    bybit_instrument,
    mexc_contract,
    only,
    weex_contract,
)

from signalbot.domain.listing import Listing
from signalbot.domain.universe import Trading
from signalbot.market.ccxt_trading import trading_of

ONE_OF_EACH = {
    "binanceusdm": only("binanceusdm", binance_symbol()),
    "bybit": only("bybit", bybit_instrument()),
    "bingx": only("bingx", bingx_contract()),
    "weex": only("weex", weex_contract()),
    "mexc": only("mexc", mexc_contract()),  # ten coins a contract
    "bitget": only("bitget", bitget_contract()),
}
LISTINGS = list(ONE_OF_EACH.values())


def ticker(**changes: Any) -> dict[str, Any]:
    usual = {
        "symbol": "LAYER/USDT:USDT",
        "last": 0.501,
        "indexPrice": 0.5,
        "markPrice": 0.5005,
        "bid": 0.4999,
        "ask": 0.5001,
        "high": 0.549,
        "low": 0.5,
        "quoteVolume": 20_000_000.0,
        "info": {"openInterestValue": "3000000", "holdingAmount": "4000000", "holdVol": 500_000},
    }
    return usual | changes


def test_a_ticker_with_everything() -> None:
    # a day's range of 9.8 % over sqrt(96) = 9.798 quarters of an hour
    assert trading_of(ONE_OF_EACH["bybit"], ticker()) == Trading(
        price=Decimal("0.5"),
        quote_volume=Decimal(20_000_000),
        open_interest=Decimal(3_000_000),
        spread=Decimal("0.0004"),
        depth=None,
        move=Decimal("0.0100020831164"),
    )


@pytest.mark.parametrize(
    ("venue", "value"),
    [
        ("bybit", 3_000_000),  # USDT as they are
        ("bitget", 2_000_000),  # 4,000,000 coins at 0.5
        ("mexc", 2_500_000),  # 500,000 contracts of ten coins at 0.5
        ("binanceusdm", None),
        ("bingx", None),
        ("weex", None),
    ],
)
def test_open_interest_is_counted_in_three_ways(venue: str, value: int | None) -> None:
    assert trading_of(ONE_OF_EACH[venue], ticker()).open_interest == value


def test_binance_has_bid_and_ask_in_another_call() -> None:
    without = ticker(bid=None, ask=None)

    assert trading_of(ONE_OF_EACH["binanceusdm"], without).spread is None
    quotes = {"bid": 0.499, "ask": 0.501}
    assert trading_of(ONE_OF_EACH["binanceusdm"], without, quotes).spread == Decimal("0.004")


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({}, "0.5"),
        ({"indexPrice": None}, "0.5005"),
        ({"indexPrice": None, "markPrice": None, "info": {"fairPrice": 0.502}}, "0.502"),
        ({"indexPrice": 0, "markPrice": "", "info": None}, "0.501"),
    ],
)
def test_the_index_price_comes_first(changes: dict[str, Any], price: str) -> None:
    assert trading_of(ONE_OF_EACH["mexc"], ticker(**changes)).price == Decimal(price)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quoteVolume": None}, "quote_volume"),
        ({"quoteVolume": -1}, "quote_volume"),
        ({"quoteVolume": float("nan")}, "quote_volume"),
        ({"bid": None}, "spread"),
        ({"ask": 0}, "spread"),
        ({"bid": 0.51, "ask": 0.5}, "spread"),
        ({"high": None}, "move"),
        ({"low": 0.549}, "move"),
        ({"info": "text"}, "open_interest"),
    ],
)
def test_what_is_said_wrongly_is_unknown(changes: dict[str, Any], field: str) -> None:
    found = trading_of(ONE_OF_EACH["bybit"], ticker(**changes))

    assert getattr(found, field) is None
    assert found.price == Decimal("0.5")


@pytest.mark.parametrize("listing", LISTINGS)
def test_without_a_price_little_is_known(listing: Listing) -> None:
    bare = ticker(last=None, indexPrice=None, markPrice=None)

    assert trading_of(listing, bare) == Trading(quote_volume=Decimal(20_000_000))
    assert trading_of(listing, {}) == Trading()
