"""Tiers of many contracts over HTTP on this machine, through ccxt's real client."""

import asyncio
import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fakes.answering_venue import AnsweringVenue, wrapped
from fakes.candidates import listing
from fakes.venue_markets import bitget_contract, bybit_instrument, mexc_contract

from signalbot.errors import InputError
from signalbot.market.calls import TRIES
from signalbot.market.public_tiers import MOST_FAILURES, Tiers, public_tiers, tiers_of_file

LAYER, TOY = "LAYER/USDT:USDT", "TOY/USDT:USDT"
PRICES = {LAYER: Decimal(2), TOY: Decimal(2)}


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr("signalbot.market.calls.FIRST_WAIT_S", 0.0)


def tiers(
    venue: AnsweringVenue,
    symbols: Collection[str] = (LAYER, TOY, "GONE/USDT:USDT"),
    prices: Mapping[str, Decimal] = PRICES,
) -> Tiers:
    async def run() -> Tiers:
        async with venue.calls() as calls:
            await calls("load_markets")
            return await public_tiers(venue.venue, calls, symbols, prices)

    return asyncio.run(run())


def bybit_page(cursor: str, *rows: Mapping[str, Any]) -> Any:
    page = wrapped("bybit", *rows)
    page["result"]["nextPageCursor"] = cursor
    return page


def bybit_row(coin: str, number: int, cap: str, mmr: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "symbol": f"{coin}USDT",
        "riskLimitValue": cap,
        "maintenanceMargin": mmr,
        "initialMargin": "0.04",
        "maxLeverage": "25.00",
        "mmDeduction": "0" if number == 1 else "50",
    } | changes


def test_bybit_tells_them_page_by_page() -> None:
    pages = [
        bybit_page("next", bybit_row("LAYER", 1, "5000", "0.02")),
        bybit_page("", bybit_row("LAYER", 2, "25000", "0.03"), bybit_row("TOY", 1, "9", "0.9")),
    ]
    venue = AnsweringVenue("bybit", bybit_instrument(), bybit_instrument("TOY"))
    venue.answers["/v5/market/risk-limit"] = pages
    found = tiers(venue)

    assert set(found) == {LAYER}  # a rate of 90 % at 25x is in per cent, or wrong
    first, second = found[LAYER]
    assert (first.cap, second.floor, second.cap) == (5_000, 5_000, 25_000)
    assert (second.mmr, second.cum) == (Decimal("0.03"), 50)


def test_bybit_does_not_answer() -> None:
    venue = AnsweringVenue("bybit", bybit_instrument(), **{"/v5/market/risk-limit": 503})

    assert tiers(venue) == {}


def test_mexc_tells_them_in_its_contracts_and_counts_contracts_of_ten_coins() -> None:
    risk = {
        "riskLimitType": "BY_VOLUME",
        "riskBaseVol": 100,
        "riskIncrVol": 100,
        "maintenanceMarginRate": 0.01,
        "riskIncrMmr": 0.01,
        "initialMarginRate": 0.02,
        "riskIncrImr": 0.01,
        "riskLevelLimit": 2,
    }
    venue = AnsweringVenue(
        "mexc", mexc_contract(**risk), mexc_contract("TOY", **(risk | {"riskBaseVol": "x"}))
    )
    found = tiers(venue)

    assert set(found) == {LAYER}
    assert [each.cap for each in found[LAYER]] == [100 * 10 * 2, 200 * 10 * 2]
    assert [each.max_leverage for each in found[LAYER]] == [50, 33]
    assert tiers(venue, prices={}) == {}  # nobody knows what a contract is worth
    assert len([path for path in venue.asked if "detail" in path]) == 2  # for the markets alone


BITGET_ROW = {
    "symbol": "LAYERUSDT",
    "level": "1",
    "startUnit": "0",
    "endUnit": "50000",
    "leverage": "25",
    "keepMarginRate": "0.02",
}


def test_bitget_is_asked_for_each_contract() -> None:
    venue = AnsweringVenue("bitget", bitget_contract(), bitget_contract("TOY"))
    venue.answers["query-position-lever"] = wrapped("bitget", BITGET_ROW)
    found = tiers(venue, [LAYER])

    (tier,) = found[LAYER]
    assert (tier.cap, tier.mmr, tier.max_leverage) == (50_000, Decimal("0.02"), 25)
    assert sum("query-position-lever" in path for path in venue.asked) == 1


def test_bitget_does_not_know_a_contract() -> None:
    venue = AnsweringVenue("bitget", bitget_contract())
    venue.answers["query-position-lever"] = wrapped("bitget", BITGET_ROW)

    assert set(tiers(venue, ["GONE/USDT:USDT", LAYER])) == {LAYER}


def test_bitget_is_left_alone_when_it_is_down() -> None:
    coins = ("A", "B", "C", "D", "E")
    venue = AnsweringVenue("bitget", *map(bitget_contract, coins))
    venue.answers["query-position-lever"] = 503

    assert tiers(venue, [f"{coin}/USDT:USDT" for coin in coins]) == {}
    asked = sum("query-position-lever" in path for path in venue.asked)
    assert asked == MOST_FAILURES * TRIES


@pytest.mark.parametrize("venue", ["binanceusdm", "bingx", "weex"])
def test_the_others_tell_nobody(venue: str) -> None:
    assert tiers(AnsweringVenue(venue)) == {}


# --- the file of Binance's tiers


def ccxt_tier(floor: float, cap: float, mmr: float, cum: str, **changes: Any) -> dict[str, Any]:
    return {
        "tier": 1.0,
        "currency": "USDT",
        "minNotional": floor,
        "maxNotional": cap,
        "maintenanceMarginRate": mmr,
        "maxLeverage": 25.0,
        "info": {"bracket": "1", "cum": cum},
    } | changes


OWN = {"floor": "0", "cap": "5000", "mmr": "0.015"}
UNIFIED = [ccxt_tier(0.0, 5000.0, 0.015, "0.0"), ccxt_tier(5000.0, 9000.0, 0.02, "25.0")]


def of_file(tmp_path: Path, content: Any) -> Tiers:
    file = tmp_path / "tiers.json"
    file.write_text(json.dumps(content))
    return tiers_of_file(file, [listing("LAYER"), listing("TOY")])


def test_a_file_has_the_form_of_ccxt_or_our_own(tmp_path: Path) -> None:
    found = of_file(tmp_path, {LAYER: UNIFIED, TOY: [OWN], "OLD/USDT:USDT": [OWN]})

    assert set(found) == {LAYER, TOY}  # the venue lists no OLD
    first, second = found[LAYER]
    assert (first.mmr, second.cum, second.max_leverage) == (Decimal("0.015"), 25, 25)
    assert found[TOY][0].cap == 5_000


def test_other_contracts_of_a_file_are_not_looked_at(tmp_path: Path) -> None:
    others = {"BTC/USDC:USDC": "whatever", "BTC/USDT:USDT-261225": [{"x": 1}]}

    assert set(of_file(tmp_path, {LAYER: [OWN]} | others)) == {LAYER}


def test_without_a_file_nothing_is_known() -> None:
    assert tiers_of_file(None, [listing()]) == {}


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ([OWN], "tiers was 'list'"),
        ({LAYER: {}}, f"{LAYER}: tiers was"),
        ({LAYER: []}, "at least one tier"),
        ({LAYER: ["x"]}, "tier was 'x'"),
        ({LAYER: [UNIFIED[0], "x"]}, "a JSON list of objects"),
        ({LAYER: [UNIFIED[1]]}, "floor was 5000"),
        (
            {LAYER: [ccxt_tier(0.0, 5000.0, 1.5, "0")]},
            f"json {LAYER}: maintenanceMarginRate was '1.5'",
        ),
        ({LAYER: [UNIFIED[0] | {"symbol": "X/USDC:USDC"}]}, "symbol was 'X/USDC:USDC'"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, content: Any, names: str) -> None:
    with pytest.raises(InputError) as caught:
        of_file(tmp_path, content)

    assert names in str(caught.value)
    assert "\n" not in str(caught.value)
