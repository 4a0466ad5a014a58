"""The venues' own answers about contracts, through ccxt's own parsers."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fakes.venue_markets import answered, parsed

from signalbot.domain.instrument import Instrument
from signalbot.domain.listing import ExclusionCode, Listing
from signalbot.market.listings import listings_of

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
CONSTANT = ("taker_rate", "maker_rate")


def sample(venue: str, name: str) -> Any:
    path = SHARED / "data" / "ccxt_samples" / venue / f"async_support.{name}.json"
    if not path.is_file():
        pytest.skip("a venue's own answer needs the shared market data")
    return json.loads(path.read_text(encoding="utf-8"))


def listed(venue: str, markets: list[dict[str, Any]]) -> Listing:
    found = listings_of(venue, markets)
    assert found.excluded == ()
    (listing,) = found.listed
    return listing


def instrument(venue: str, symbol: str = "BTC/USDT:USDT", **fields: Any) -> Instrument:
    numbers = {name: Decimal(value) for name, value in fields.items() if isinstance(value, str)}
    return Instrument(venue=venue, symbol=symbol, **(fields | numbers))


def test_bybit() -> None:
    listing = listed("bybit", answered("bybit", sample("bybit", "fetch_future_markets.3")))

    assert listing == Listing(
        instrument=instrument(
            "bybit",
            tick="0.5",
            step="0.001",
            min_qty="0.001",
            min_notional="0",  # the sample is older than minNotionalValue
            contract_size="1",
            taker_rate="0.0006",
            maker_rate="0.0002",
            assumed=("min_notional", *CONSTANT),
        ),
        max_leverage=Decimal(100),
        listed_at=1_585_526_400_000,
        base_id="BTC",
        coin="BTC",
    )


def test_bingx() -> None:
    listing = listed("bingx", answered("bingx", sample("bingx", "fetch_swap_markets.2")))

    assert listing == Listing(
        instrument=instrument(
            "bingx",
            tick="0.1",
            step="0.0001",
            min_qty="0.0001",
            min_notional="2",
            contract_size="1",
            taker_rate="0.0005",
            maker_rate="0.0002",
            assumed=CONSTANT,
        ),
        max_leverage=Decimal(125),
        listed_at=None,
        base_id="BTC",
        coin="BTC",
    )


def test_weex_counts_coins_whatever_its_contract_is_worth() -> None:
    spot, contract = sample("weex", "parse_market.2"), sample("weex", "parse_market.3")
    markets = parsed("weex", spot, contract)

    found = listings_of("weex", markets)

    assert found.listed == (
        Listing(
            instrument=instrument(
                "weex",
                "ETH/USDT:USDT",
                tick="0.01",
                step="0.001",
                min_qty="0.001",
                min_notional="0",
                contract_size="1",
                taker_rate="0.0008",
                maker_rate="0.0002",
                assumed=("min_notional",),
            ),
            max_leverage=Decimal(400),
            listed_at=None,
            base_id="ETH",
            coin="ETH",
        ),
    )
    assert [each.code for each in found.excluded] == [ExclusionCode.NOT_USDT_PERPETUAL]


def test_mexc_counts_contracts() -> None:
    listing = listed("mexc", answered("mexc", sample("mexc", "fetch_swap_markets.4")))

    assert listing == Listing(
        instrument=instrument(
            "mexc",
            tick="0.5",
            step="0.0001",
            min_qty="0.0001",
            min_notional="0",
            contract_size="0.0001",
            taker_rate="0.0006",
            maker_rate="0.0002",
            assumed=("min_notional",),
        ),
        max_leverage=Decimal(125),
        listed_at=None,
        base_id="BTC",
        coin="BTC",
    )


@pytest.mark.parametrize("part", [1, 2])
def test_the_fragments_of_binance_are_no_contracts(part: int) -> None:
    # ccxt's samples of Binance's parse_market are single fields: no entry that could be parsed
    found = listings_of("binanceusdm", sample("binance", f"parse_market.{part}"))

    assert [each.code for each in found.excluded] == [ExclusionCode.CORRUPT]


def test_a_recorded_answer_of_binance() -> None:
    path = SHARED / "data" / "recordings" / "binanceusdm-2021-07-22-exchangeInfo.txt"
    if not path.is_file():
        pytest.skip("a venue's own answer needs the shared market data")
    line = path.read_text(encoding="utf-8").splitlines()[0]
    found = listings_of("binanceusdm", answered("binanceusdm", json.loads(line[line.index("{") :])))

    by_symbol = {listing.symbol: listing for listing in found.listed}
    assert len(by_symbol) == 115
    assert by_symbol["SUSHI/USDT:USDT"] == Listing(
        instrument=instrument(
            "binanceusdm",
            "SUSHI/USDT:USDT",
            tick="0.001",
            step="1",
            min_qty="1",
            min_notional="5",
            contract_size="1",
            taker_rate="0.0005",
            maker_rate="0.0002",
            assumed=CONSTANT,
        ),
        max_leverage=None,
        listed_at=1_569_398_400_000,
        base_id="SUSHI",
        coin="SUSHI",
    )
    many = {symbol for symbol, listing in by_symbol.items() if listing.multiplier != 1}
    assert many == {"1000SHIB/USDT:USDT"}
    assert [(each.symbol, each.code) for each in found.excluded] == [
        ("DEFI/USDT:USDT", ExclusionCode.INDEX),
        ("BTC/BUSD:BUSD", ExclusionCode.NOT_USDT_PERPETUAL),
        ("BTCST/USDT:USDT", ExclusionCode.NOT_TRADING),
        ("ETH/BUSD:BUSD", ExclusionCode.NOT_USDT_PERPETUAL),
        ("BTC/USDT:USDT-210924", ExclusionCode.NOT_USDT_PERPETUAL),
        ("ETH/USDT:USDT-210924", ExclusionCode.NOT_USDT_PERPETUAL),
        ("BTCDOM/USDT:USDT", ExclusionCode.INDEX),
    ]
