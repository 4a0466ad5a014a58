"""The venues' own tickers, through ccxt's own parsers."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest
from fakes.venue_markets import (
    binance_symbol,
    bitget_contract,
    mexc_contract,
    parsed,
    weex_contract,
)

from signalbot.domain.universe import Trading
from signalbot.market.ccxt_trading import trading_of
from signalbot.market.listings import listing_of

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))


def sample(venue: str, name: str) -> Any:
    path = SHARED / "data" / "ccxt_samples" / venue / f"async_support.{name}.json"
    if not path.is_file():
        pytest.skip("a venue's own answer needs the shared market data")
    return json.loads(path.read_text(encoding="utf-8"))


def trading(venue: str, market: Any, row: Any) -> Trading:
    (unified,) = parsed(venue, market)
    exchange = getattr(ccxt, venue)()
    exchange.set_markets([unified])
    return trading_of(listing_of(venue, unified), exchange.parse_ticker(row, unified))


def test_mexc_counts_open_interest_in_contracts() -> None:
    found = trading(
        "mexc",
        mexc_contract("ETH", contractSize=0.01, minVol=1, priceUnit=0.01),
        sample("mexc", "fetch_tickers.17")["data"][0],
    )

    assert found.price == Decimal("3581.08")
    assert found.quote_volume == Decimal("141331823.5755")
    assert found.open_interest == 5_832_946 * Decimal("0.01") * Decimal("3581.08")
    assert found.spread == 2 * Decimal("0.25") / Decimal("7162.75")
    assert found.move is not None
    assert round(found.move, 6) == Decimal("0.004996")  # (3588.7 - 3413.4) / 3581.08 / sqrt(96)


def test_bitget() -> None:
    found = trading(
        "bitget", bitget_contract("BTC"), sample("bitget", "fetch_tickers.24")["data"][0]
    )

    assert found.price == Decimal("104785.956168")
    assert found.quote_volume == Decimal("8276293391.45973")
    assert found.spread == 2 * Decimal("0.3") / Decimal("209475.7")
    assert found.open_interest == Decimal("7465.5938") * Decimal("104785.956168")


def test_weex_says_no_bid_and_ask() -> None:
    found = trading("weex", weex_contract("ETH"), sample("weex", "fetch_tickers.5")[0])

    assert found.price == Decimal("2082.75")
    assert found.quote_volume == Decimal("1310647345.19346")
    assert (found.spread, found.open_interest) == (None, None)


def test_binance_says_no_bid_and_ask_either() -> None:
    row = sample("binance", "parse_ticker.7")

    assert trading("binanceusdm", binance_symbol("S"), row) == Trading(
        price=Decimal("0.315"),
        quote_volume=Decimal("38709237.2289"),
        move=Decimal("0.0110162237109"),  # (0.3411 - 0.3071) / 0.315 / sqrt(96)
    )
