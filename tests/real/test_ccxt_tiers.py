"""The venues' own answers about leverage tiers, unified by hand the way ccxt 4.5.90 does it."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signalbot.errors import InputError
from signalbot.market.ccxt_tiers import tiers_of_ccxt
from signalbot.risk.tiers import Band, tiers_of

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
BTC = "BTC/USDT:USDT"


def sample(venue: str, name: str) -> Any:
    path = SHARED / "data" / "ccxt_samples" / venue / f"async_support.{name}.json"
    if not path.is_file():
        pytest.skip("a venue's own answer needs the shared market data")
    return json.loads(path.read_text(encoding="utf-8"))


def unified(symbol: str, info: dict[str, Any], names: tuple[str | None, ...], **fields: Any) -> Any:
    cap, mmr, leverage = (None if name is None else float(info[name]) for name in names)
    stated = {"maxNotional": cap, "maintenanceMarginRate": mmr, "maxLeverage": leverage}
    return {"tier": 1, "symbol": symbol, "minNotional": 0.0, "info": info} | stated | fields


def test_binance() -> None:
    (answer,) = sample("binance", "fetch_leverage_tiers.34")
    names = ("notionalCap", "maintMarginRatio", "initialLeverage")
    rows = [unified("SUSHI/USDT:USDT", info, names) for info in answer["brackets"]]

    assert tiers_of_ccxt("binanceusdm", rows) == [
        Band(
            floor=Decimal(0),
            cap=Decimal(50000),
            mmr=Decimal("0.01"),
            cum=Decimal(0),
            max_leverage=Decimal(50),
        )
    ]


def test_bingx() -> None:
    answer = sample("bingx", "fetch_market_leverage_tiers.33")["data"]
    names = ("maxPositionVal", "maintMarginRatio", None)
    rows = [unified("ETH/USDT:USDT", info, names) for info in answer]

    assert tiers_of_ccxt("bingx", rows) == [
        Band(floor=Decimal(0), cap=Decimal(900000), mmr=Decimal("0.0033"), cum=Decimal(0))
    ]


def test_bitget() -> None:
    answer = sample("bitget", "fetch_market_leverage_tiers.2")["data"]
    names = ("endUnit", "keepMarginRate", "leverage")
    rows = [unified(BTC, info, names, currency="BTC") for info in answer]

    assert tiers_of_ccxt("bitget", rows) == [
        Band(
            floor=Decimal(0),
            cap=Decimal(150000),
            mmr=Decimal("0.004"),
            max_leverage=Decimal(125),
        )
    ]


def test_bitget_in_a_unified_account() -> None:
    answer = sample("bitget", "fetch_market_leverage_tiers.5")["data"]
    names = ("maxTierValue", "mmr", "leverage")
    rows = [unified(BTC, info, names, currency="BTC") for info in answer]

    (band,) = tiers_of_ccxt("bitget", rows)

    assert (band.cap, band.mmr, band.max_leverage) == (150000, Decimal("0.004"), 125)


def test_bybit_of_a_coin_margined_contract_is_refused() -> None:
    answer = sample("bybit", "parse_market_leverage_tiers.28")
    names = ("riskLimitValue", "maintenanceMargin", "maxLeverage")

    with pytest.raises(InputError, match="symbol was 'BTC/USD:BTC'"):
        tiers_of_ccxt("bybit", [unified("BTC/USD:BTC", info, names) for info in answer])


def test_bybit_with_its_rate_in_per_cent_is_refused() -> None:
    answer = sample("bybit", "parse_leverage_tiers.27")
    names = ("riskLimitValue", "maintenanceMargin", "maxLeverage")

    with pytest.raises(InputError, match=r"maintenanceMarginRate was 0\.5"):
        tiers_of_ccxt("bybit", [unified(BTC, info, names) for info in answer])


@pytest.mark.parametrize("name", ["fetch_leverage_tiers.29", "parse_market_leverage_tiers.30"])
def test_mexc(name: str) -> None:
    answer = sample("mexc", name)
    info = answer["data"][0] if "data" in answer else answer
    # ccxt makes five rows of 200,000 contracts each, and calls them notional
    rows = [
        {
            "tier": number,
            "symbol": BTC,
            "currency": "USDT",
            "minNotional": 200_000.0 * (number - 1),
            "maxNotional": 200_000.0 * number,
            "maintenanceMarginRate": 0.004 * number,
            "maxLeverage": 1 / (0.004 + 0.004 * number),
            "info": info,
        }
        for number in range(1, 6)
    ]

    tiers = tiers_of(tiers_of_ccxt("mexc", rows, Decimal(50000)))

    # 0.0001 BTC at 50,000 is 5 USDT a contract: 10,000, then 200,000 more each level
    assert [tier.cap for tier in tiers] == [50_000, 1_050_000, 2_050_000, 3_050_000, 4_050_000]
    assert [tier.mmr for tier in tiers] == [
        Decimal(rate) for rate in ("0.004", "0.008", "0.012", "0.016", "0.020")
    ]
    assert [tier.max_leverage for tier in tiers] == [125, 83, 62, 50, 41]
    assert {tier.cum for tier in tiers} == {0}


def test_every_published_bracket_of_binance_is_believed() -> None:
    path = SHARED / "data" / "tiers" / "binanceusdm-2026-09.json"
    if not path.is_file():
        pytest.skip("published brackets need the shared market data")
    published = json.loads(path.read_text(encoding="utf-8"))

    for symbol, brackets in published.items():
        rows = [
            {
                "tier": float(number),
                "symbol": symbol,
                "currency": "USDT",
                "minNotional": float(bracket["floor"]),
                "maxNotional": float(bracket["cap"]),
                "maintenanceMarginRate": float(bracket["mmr"]),
                "maxLeverage": float(bracket["max_leverage"]),
                "info": {"bracket": str(number), "cum": bracket["cum"]},
            }
            for number, bracket in enumerate(brackets, start=1)
        ]

        tiers = tiers_of(tiers_of_ccxt("binanceusdm", rows))

        assert [tier.cum for tier in tiers] == [Decimal(bracket["cum"]) for bracket in brackets]
        assert [tier.mmr for tier in tiers] == [Decimal(bracket["mmr"]) for bracket in brackets]
