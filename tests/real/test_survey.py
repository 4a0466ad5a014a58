"""The venues' own bulk answers, served on this machine to ccxt's real client."""

import asyncio
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fakes.answering_venue import AnsweringVenue
from fakes.venue_markets import (
    bingx_contract,
    bitget_contract,
    bybit_instrument,
    mexc_contract,
    weex_contract,
)

from signalbot.domain.survey import FundingTerms, Survey
from signalbot.market.survey import survey

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def sample(venue: str, name: str) -> Any:
    path = SHARED / "data" / "ccxt_samples" / venue / f"async_support.{name}.json"
    if not path.is_file():
        pytest.skip("a venue's own answer needs the shared market data")
    return json.loads(path.read_text(encoding="utf-8"))


def looked_at(venue: str, contract: Any, **answers: Any) -> Survey:
    async def run() -> Survey:
        answering = AnsweringVenue(venue, contract, **answers)
        async with answering.calls() as calls:
            return await survey(venue, calls, 0)

    found = asyncio.run(run())
    assert found.troubles == ()
    return found


def test_bybit() -> None:
    answer = sample("bybit", "fetch_funding_rates.13")
    found = looked_at("bybit", bybit_instrument("BTC"), **{"/market/tickers": answer})

    assert found.funding[BTC] == FundingTerms(rate=Decimal("0.0001"), interval_h=Decimal(4))
    assert found.trading == {}  # ccxt takes a ticker of 2022, without openInterestValue, for spot


def test_bingx() -> None:
    answer = sample("bingx", "fetch_funding_rate.21")
    found = looked_at("bingx", bingx_contract("BTC"), premiumIndex=answer)

    assert found.funding[BTC] == FundingTerms(rate=Decimal("0.0001"), interval_h=None)


def test_weex() -> None:
    found = looked_at(
        "weex",
        weex_contract("ETH"),
        **{
            "ticker/24hr": sample("weex", "fetch_tickers.5"),
            "premiumIndex": sample("weex", "fetch_funding_rates.16"),
        },
    )

    assert found.funding[ETH] == FundingTerms(rate=Decimal("0.00005618"), interval_h=Decimal(8))
    assert found.trading[ETH].price == Decimal("2082.75")


def test_mexc() -> None:
    answer = sample("mexc", "fetch_tickers.17")
    found = looked_at("mexc", mexc_contract("ETH", contractSize=0.01), **{"/ticker": answer})

    assert found.funding[ETH] == FundingTerms(rate=Decimal("0.000063"), interval_h=None)
    assert found.trading[ETH].quote_volume == Decimal("141331823.5755")


def test_bitget() -> None:
    answer = sample("bitget", "fetch_tickers.24")
    found = looked_at("bitget", bitget_contract("BTC"), **{"/market/tickers": answer})

    assert found.funding[BTC] == FundingTerms(rate=Decimal("-0.000007"), interval_h=Decimal(8))
    assert found.trading[BTC].quote_volume == Decimal("8276293391.45973")
