"""One look at a venue, through ccxt's real client: the local Binance, and five that are written.

Each trap of the venues has its test.
"""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from fakes.answering_venue import AnsweringVenue, wrapped
from fakes.local_venue import BEGINS, LocalVenue, local_venue
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bitget_contract,
    bybit_instrument,
    mexc_contract,
    weex_contract,
)

from signalbot.domain.survey import FundingTerms, Survey
from signalbot.errors import UnavailableError
from signalbot.market.calls import TRIES, Calls
from signalbot.market.survey import survey
from signalbot.sandbox.exchange.faults import Fault, FaultKind

AT = 1_790_000_000_000
LAYER = "LAYER/USDT:USDT"
BTC = "BTC/USDT:USDT"


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr("signalbot.market.calls.FIRST_WAIT_S", 0.0)


def looked_at(venue: AnsweringVenue) -> Survey:
    async def run() -> Survey:
        async with venue.calls() as calls:
            return await survey(venue.venue, calls, AT)

    return asyncio.run(run())


def local(*faults: Fault) -> Survey:
    async def run() -> Survey:
        async with local_venue() as venue:
            return await _of(venue, *faults)

    return asyncio.run(run())


async def _of(venue: LocalVenue, *faults: Fault) -> Survey:
    for fault in faults:
        venue.control.add_fault(fault)
    return await survey("binanceusdm", Calls("binanceusdm", venue.client), BEGINS)


# --- the local Binance


def test_all_of_a_venue() -> None:
    found = local()

    assert (found.venue, found.at, found.troubles) == ("binanceusdm", BEGINS, ())
    symbols = {each.symbol for each in found.listings.listed}
    assert set(found.trading) == symbols  # and no share, index or stable coin
    assert set(found.funding) == symbols
    for trading in found.trading.values():
        assert None not in (trading.price, trading.quote_volume, trading.spread, trading.move)
        assert trading.open_interest is None
    assert found.funding[BTC].interval_h == 8


def test_the_funding_of_the_local_venue_is_what_was_set() -> None:
    async def run() -> Survey:
        async with local_venue() as venue:
            venue.control.set_funding("BTCUSDT", Decimal("-0.00125"))
            return await _of(venue)

    assert asyncio.run(run()).funding[BTC] == FundingTerms(
        rate=Decimal("-0.00125"), interval_h=Decimal(8)
    )


@pytest.mark.parametrize(
    ("endpoint", "method"),
    [
        ("ticker/24hr", "fetch_tickers"),
        ("ticker/bookTicker", "fetch_bids_asks"),
        ("premiumIndex", "fetch_funding_rates"),
        ("fundingInfo", "fetch_funding_intervals"),
    ],
)
@pytest.mark.parametrize("kind", [FaultKind.REPLY, FaultKind.HALF, FaultKind.DROP])
def test_a_venue_that_fails_in_part_gives_what_it_gave(
    endpoint: str, method: str, kind: FaultKind
) -> None:
    found = local(Fault(kind=kind, target=endpoint))

    (trouble,) = found.troubles
    assert f"binanceusdm did not answer {method}" in trouble
    assert found.listings.listed
    has_tickers, has_rates = method != "fetch_tickers", method != "fetch_funding_rates"
    assert bool(found.trading) == has_tickers
    assert bool(found.funding) == has_rates
    if has_tickers:
        assert (found.trading[BTC].spread is None) == (method == "fetch_bids_asks")
    if has_rates:
        # who is not on a list that did not come need not pay as usual
        assert (found.funding[BTC].interval_h is None) == (method == "fetch_funding_intervals")


def test_a_venue_that_hiccups_once_gives_everything() -> None:
    found = local(*(Fault(kind=kind, times=1) for kind in (FaultKind.REPLY, FaultKind.DROP)))

    assert found.troubles == ()
    assert found.funding


def test_without_contracts_there_is_no_survey() -> None:
    async def run() -> None:
        async with local_venue() as venue:
            await _of(venue, Fault(kind=FaultKind.REPLY, target="exchangeInfo"))

    with pytest.raises(UnavailableError, match="binanceusdm did not answer load_markets"):
        asyncio.run(run())


# --- the others, as ccxt's own samples have the form of their answers


def test_binance_lists_only_intervals_that_are_not_eight_hours() -> None:
    ticker = {"symbol": "LAYERUSDT", "lastPrice": "1.04", "quoteVolume": "2000000"}
    rate = {"symbol": "LAYERUSDT", "markPrice": "1.05", "lastFundingRate": "0.0001"}
    interval = {"symbol": "LAYERUSDT", "fundingIntervalHours": 4}
    venue = AnsweringVenue("binanceusdm", binance_symbol(), binance_symbol("TOY"))
    venue.answers |= {
        "/ticker/24hr": [ticker],
        "/premiumIndex": [rate, rate | {"symbol": "TOYUSDT"}],
        "/fundingInfo": [interval],
    }
    found = looked_at(venue)

    assert found.funding[LAYER] == FundingTerms(rate=Decimal("0.0001"), interval_h=Decimal(4))
    assert found.funding["TOY/USDT:USDT"].interval_h == 8
    assert found.trading[LAYER].price == Decimal("1.05")  # the mark comes with the funding


def test_bybit_tells_spread_interest_and_funding_in_one_call() -> None:
    ticker = {
        "symbol": "LAYERUSDT",
        "lastPrice": "1.0420",
        "indexPrice": "1.0430",
        "markPrice": "1.0425",
        "bid1Price": "1.0419",
        "ask1Price": "1.0421",
        "highPrice24h": "1.1",
        "lowPrice24h": "1.0",
        "turnover24h": "20000000.5",
        "openInterestValue": "5000000",
        "fundingRate": "-0.0001",
        "nextFundingTime": str(AT),
    }
    venue = AnsweringVenue("bybit", bybit_instrument())
    venue.answers["/v5/market/tickers"] = wrapped("bybit", ticker)
    found = looked_at(venue)

    trading = found.trading[LAYER]
    assert (trading.price, trading.open_interest) == (Decimal("1.0430"), Decimal(5_000_000))
    assert trading.spread == 2 * Decimal("0.0002") / Decimal("2.0840")
    assert found.funding[LAYER] == FundingTerms(rate=Decimal("-0.0001"), interval_h=Decimal(4))
    assert found.troubles == ()


def test_bingx_is_not_asked_for_bids_and_asks_of_all_which_it_refuses() -> None:
    ticker = {
        "symbol": "LAYER-USDT",
        "lastPrice": "1.042",
        "quoteVolume": "3000000",
        "bidPrice": "1.0419",
        "askPrice": "1.0421",
        "highPrice": "1.1",
        "lowPrice": "1.0",
    }
    premium = {
        "symbol": "LAYER-USDT",
        "markPrice": "1.0425",
        "lastFundingRate": "0.0002",
        "fundingIntervalHours": 1,
    }
    venue = AnsweringVenue("bingx", bingx_contract())
    venue.answers |= {
        "/quote/ticker": wrapped("bingx", ticker),
        "/quote/premiumIndex": wrapped("bingx", premium),
    }
    found = looked_at(venue)

    assert found.troubles == ()
    assert found.trading[LAYER].spread == 2 * Decimal("0.0002") / Decimal("2.0840")
    assert found.trading[LAYER].price == Decimal("1.0425")
    assert found.funding[LAYER] == FundingTerms(rate=Decimal("0.0002"), interval_h=Decimal(1))


def weex(rate: Mapping[str, Any]) -> Survey:
    ticker = {"symbol": "LAYERUSDT", "lastPrice": "1.042", "quoteVolume": "3000000"}
    best = {"symbol": "LAYERUSDT", "bidPrice": "1.0419", "askPrice": "1.0421"}
    venue = AnsweringVenue("weex", weex_contract())
    venue.answers |= {
        "/capi/v3/market/ticker/24hr": [ticker],
        "/capi/v3/market/ticker/bookTicker": [best],
        "/capi/v3/market/premiumIndex": [{"symbol": "LAYERUSDT"} | rate],
    }
    return looked_at(venue)


def test_weex_calls_the_last_rate_the_funding_rate_and_the_coming_one_the_next() -> None:
    rates = {"lastFundingRate": "0.00001031", "forecastFundingRate": "0.00005618"}
    found = weex(rates | {"collectCycle": 480})

    assert found.funding[LAYER] == FundingTerms(rate=Decimal("0.00005618"), interval_h=Decimal(8))
    assert found.trading[LAYER].spread is not None
    assert weex({"lastFundingRate": "0.00001031"}).funding == {}


def test_mexc_has_no_bulk_funding_but_in_its_tickers() -> None:
    ticker = {
        "symbol": "LAYER_USDT",
        "lastPrice": 1.042,
        "bid1": 1.0419,
        "ask1": 1.0421,
        "amount24": 3_000_000.5,
        "holdVol": 1_000,
        "lower24Price": 1.0,
        "high24Price": 1.1,
        "fairPrice": 1.0422,
        "fundingRate": 6.3e-05,
    }
    venue = AnsweringVenue("mexc", mexc_contract())
    venue.answers["/contract/ticker"] = wrapped("mexc", ticker)
    found = looked_at(venue)

    assert found.troubles == ()
    assert found.funding[LAYER] == FundingTerms(rate=Decimal("0.000063"), interval_h=None)
    assert found.trading[LAYER].open_interest == 1_000 * 10 * Decimal("1.0422")
    assert not any("funding" in path for path in venue.asked)


def test_bitget_tells_its_interval_in_its_contracts() -> None:
    ticker = {
        "symbol": "LAYERUSDT",
        "lastPr": "1.042",
        "bidPr": "1.0419",
        "askPr": "1.0421",
        "high24h": "1.1",
        "low24h": "1.0",
        "quoteVolume": "3000000",
        "usdtVolume": "3000000",
        "markPrice": "1.0422",
        "indexPrice": "1.0423",
        "holdingAmount": "1000",
        "fundingRate": "-0.0007",
    }
    venue = AnsweringVenue("bitget", bitget_contract(fundInterval="4"))
    venue.answers["/mix/market/tickers"] = wrapped("bitget", ticker)
    found = looked_at(venue)

    assert found.funding[LAYER] == FundingTerms(rate=Decimal("-0.0007"), interval_h=Decimal(4))
    assert found.trading[LAYER].open_interest == 1_000 * Decimal("1.0423")
    assert all("USDT-FUTURES" in path for path in venue.asked if "tickers" in path)


HOSTILE = ("", "x", "NaN", "Infinity", "-1e999", "9" * 400, "<b>", "\x1b[2J", "0x10", "\u0661")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_number_costs_the_figure_alone(text: str) -> None:
    good = {"symbol": "TOYUSDT", "markPrice": "1.05", "lastFundingRate": "0.0001"}
    bad = {"symbol": "LAYERUSDT", "markPrice": text, "lastFundingRate": text}
    venue = AnsweringVenue("binanceusdm", binance_symbol(), binance_symbol("TOY"))
    venue.answers |= {
        "/ticker/24hr": [{"symbol": each["symbol"], "lastPrice": "1.0"} for each in (good, bad)],
        "/ticker/bookTicker": [bad | {"bidPrice": text, "askPrice": "1"}],
        "/premiumIndex": [good, bad],
        "/fundingInfo": [{"symbol": "TOYUSDT", "fundingIntervalHours": text}],
    }
    found = looked_at(venue)

    assert LAYER not in found.funding
    assert found.funding["TOY/USDT:USDT"].rate == Decimal("0.0001")
    assert found.trading[LAYER].spread is None
    for each in found.trading.values():
        assert each.price is not None
        assert each.price.is_finite()


@pytest.mark.parametrize("hours", ["0", "25", "-8", "8.5.1", "99999999999", "eight"])
def test_an_interval_that_nobody_pays_in_is_not_known(hours: str) -> None:
    rate = {"symbol": "LAYERUSDT", "lastFundingRate": "0.0001"}
    interval = {"symbol": "LAYERUSDT", "fundingIntervalHours": hours}
    venue = AnsweringVenue("binanceusdm", binance_symbol())
    venue.answers |= {"/premiumIndex": [rate], "/fundingInfo": [interval]}

    assert looked_at(venue).funding[LAYER].interval_h is None


@pytest.mark.parametrize("answer", [503, "<html>", [], {"code": -1}, "null", '["x"]', "7"])
@pytest.mark.parametrize("venue", ["bybit", "bingx", "weex", "mexc", "bitget"])
def test_whatever_is_answered_costs_no_more_than_what_was_asked(venue: str, answer: Any) -> None:
    contract = {
        "bybit": bybit_instrument,
        "bingx": bingx_contract,
        "weex": weex_contract,
        "mexc": mexc_contract,
        "bitget": bitget_contract,
    }[venue]()
    of_all = ("ticker", "premiumIndex")
    answering = AnsweringVenue(venue, contract, **dict.fromkeys(of_all, answer))
    found = looked_at(answering)

    assert [each.symbol for each in found.listings.listed] == [LAYER]
    assert found.funding == {}
    assert all(trading.price is None for trading in found.trading.values())


def test_tries_are_bounded() -> None:
    venue = AnsweringVenue("bybit", bybit_instrument(), **{"/v5/market/tickers": 503})
    looked_at(venue)

    assert sum("tickers" in path for path in venue.asked) == 2 * TRIES
