"""`signalbot venues` and `signalbot pairs` against servers on this machine."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fakes.answering_venue import AnsweringVenue, wrapped
from fakes.background import in_background
from fakes.coingecko import CoinGecko, page, row
from fakes.venue_markets import (
    binance_symbol,
    bingx_contract,
    bybit_instrument,
    mexc_contract,
    weex_contract,
)

from signalbot.app.operations import prepare_storage
from signalbot.cli import run_command
from signalbot.config import VENUES, load_settings
from signalbot.market.venue_client import venue_client
from signalbot.service.administer import Actor, put_pair
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.database import open_database

Json = dict[str, Any]
NOBODY = "http://127.0.0.1:9"


def binance(*coins: str, last: str = "1.042", volume: str = "20000000") -> AnsweringVenue:
    names = [f"{coin}USDT" for coin in coins]
    day = {"lastPrice": last, "quoteVolume": volume, "highPrice": "1.1", "lowPrice": "0.95"}
    venue = AnsweringVenue("binanceusdm", *map(binance_symbol, coins))
    venue.answers |= {
        "/ticker/24hr": [{"symbol": name} | day for name in names],
        "/ticker/bookTicker": [
            {"symbol": name, "bidPrice": "1.0419", "askPrice": "1.0421"} for name in names
        ],
        "/premiumIndex": [{"symbol": name, "lastFundingRate": "-0.000125"} for name in names],
        "/fundingInfo": [],
    }
    return venue


def bybit(contract: Json, price: str) -> AnsweringVenue:
    ticker = {
        "symbol": contract["symbol"],
        "lastPrice": price,
        "openInterestValue": "5",
        "turnover24h": "1",
        "fundingRate": "0.0001",
    }
    venue = AnsweringVenue("bybit", contract)
    venue.answers["/v5/market/tickers"] = wrapped("bybit", ticker)
    return venue


def _unhurried(venue: str, url: str | None) -> Any:
    """The real client, without the seconds that a venue wants between calls."""
    client = venue_client(venue, url)
    client.enableRateLimit = False
    return client


@pytest.fixture
def serve(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., dict[str, AnsweringVenue]]]:
    """Serves venues and market caps; whoever is not served does not answer."""
    monkeypatch.setattr("signalbot.market.calls.FIRST_WAIT_S", 0.0)
    monkeypatch.setattr("signalbot.app.venue_looks.venue_client", _unhurried)
    monkeypatch.setattr("coingecko_sdk._base_client.INITIAL_RETRY_DELAY", 0.0)
    for venue in VENUES:
        monkeypatch.setenv(f"VENUE_URL_{venue.upper()}", NOBODY)
    monkeypatch.setenv("COINGECKO_URL", NOBODY)
    with ExitStack() as stack:

        def start(*venues: AnsweringVenue, coins: list[Json] | None = None) -> None:
            for each in venues:
                served = stack.enter_context(in_background(each.serving()))
                monkeypatch.setenv(f"VENUE_URL_{each.venue.upper()}", served.url)
            if coins is not None:
                server = stack.enter_context(in_background(CoinGecko(page(coins)).serving()))
                monkeypatch.setenv("COINGECKO_URL", server.url)

        yield start


def by_venue(answer: Json) -> dict[str, Json]:
    return {each["venue"]: each for each in answer["venues"]}


# --- venues


def test_venues_are_compared(serve: Any, answer: Any) -> None:
    serve(binance("LAYER"), bybit(bybit_instrument(), "1.0425"))
    found = answer("venues", "layer", "--venues", "binanceusdm, bybit")

    assert (found["coin"], found["troubles"]) == ("LAYER", [])
    rows = by_venue(found)
    assert rows["binanceusdm"] == {
        "venue": "binanceusdm",
        "answered": True,
        "listed": True,
        "reason": None,
        "symbol": "LAYER/USDT:USDT",
        "multiplier": 1,
        "price": "1.042",
        "perhaps_another_coin": False,
        "smallest_order": "5.21",  # five coins: four are worth less than 5 USDT
        "spread_rate": 0.000191939,
        "taker_rate": 0.0005,
        "maker_rate": 0.0002,
        "max_leverage": None,
        "funding_rate": -0.000125,
        "funding_interval_h": 8.0,
        "assumed": ["taker_rate", "maker_rate"],
    }
    assert rows["bybit"]["max_leverage"] == 25
    assert rows["bybit"]["funding_interval_h"] == 4


def test_a_person_reads_one_line_a_venue(serve: Any, text: Any) -> None:
    serve(
        binance("LAYER"),
        bybit(bybit_instrument(), "0.31"),
        AnsweringVenue("bingx", bingx_contract(status=25)),
        AnsweringVenue("mexc", mexc_contract("LAYER", type=2)),
        AnsweringVenue("weex", weex_contract("TOY")),
    )
    lines = text("venues", "layer").splitlines()

    assert lines[0] == "LAYER, cheapest smallest order first:"
    said = {line.partition(" · ")[0]: line.partition(" · ")[2] for line in lines[1:]}
    assert said["Binance USD-M"] == (
        "smallest order 5.21 USDT · taker 0.050 % · maker 0.020 % · spread 0.019 %"
        " · funding -0.0125 % every 8 h · assumed: taker_rate, maker_rate"
    )
    assert said["Bybit"].startswith("perhaps another coin: its price is more than 3 % off")
    assert said["BingX"].startswith(
        "cannot be opened: status is 25: positions can only be closed · smallest order unknown"
    )
    assert said["MEXC"] == "not looked at: type is 2"
    assert said["WEEX"] == "not listed"
    assert said["Bitget"] == "did not answer"


def test_the_leverage_of_binance_comes_from_the_file_of_tiers(
    serve: Any, answer: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(binance("LAYER"))
    tiers = [{"floor": 0, "cap": 5000, "mmr": 0.015, "max_leverage": 50}]
    (here / "tiers.json").write_text(json.dumps({"LAYER/USDT:USDT": tiers}))
    monkeypatch.setenv("SIGNALBOT_TIERS_FILE", "tiers.json")

    (found,) = answer("venues", "LAYER", "--venues", "binanceusdm")["venues"]
    assert found["max_leverage"] == 50


def test_a_venue_that_fails_in_part_is_shown_and_its_trouble_told(
    serve: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    venue = binance("LAYER")
    venue.answers["/ticker/24hr"] = 503
    serve(venue)

    assert run_command(["venues", "layer", "--venues", "binanceusdm"]) == 0
    printed = capsys.readouterr()
    assert "funding -0.0125 % every 8 h" in printed.out
    assert "binanceusdm did not answer fetch_tickers" in printed.err


def test_a_venue_that_keeps_silent_is_left_after_a_while(
    serve: Any, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signalbot.app.venue_looks.LONGEST_S", 2.0)
    silent = AnsweringVenue("bybit", **{"/v5/": None})
    serve(binance("LAYER"), silent)
    found = answer("venues", "layer", "--venues", "bybit,binanceusdm")

    assert [each["venue"] for each in found["venues"]] == ["binanceusdm", "bybit"]
    assert found["venues"][1] == {
        "venue": "bybit",
        "answered": False,
        "listed": None,
        "reason": "did not answer",
    }
    assert found["troubles"] == ["bybit did not answer within 2 s"]


def test_nobody_answers(serve: Any, refused: Any) -> None:
    serve()

    error = refused(run_command(["venues", "layer", "--venues", "bybit,weex"]), 1)
    assert error.startswith("no venue answered: bybit did not answer load_markets")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["venues", "a b c"], "symbol was 'a b c'"),
        (["venues", "x" * 99], "symbol was"),
        (["venues", ""], "symbol was ''"),
        (["venues", "layer", "--venues", "binance"], "venue was 'binance'"),
        (["venues", "layer", "--venues", "bybit,bybit"], "each venue once"),
        (["venues", "layer", "--venues", ""], "venue was ''"),
        (["pairs", "--venue", "kraken"], "venue was 'kraken'"),
        (["pairs", "--why", "a b c"], "symbol was 'a b c'"),
        (["venues"], "SYMBOL"),
    ],
)
def test_bad_input_is_refused_before_anybody_is_asked(
    serve: Any, refused: Any, arguments: list[str], named: str
) -> None:
    serve()

    assert named in refused(run_command(arguments))


def test_a_coin_that_nobody_has_is_refused_with_the_nearest(serve: Any, refused: Any) -> None:
    serve(binance("LAYER"))

    error = refused(run_command(["venues", "layr", "--venues", "binanceusdm"]))
    assert error == "symbol was 'layr'; allowed: a known contract; nearest: LAYER/USDT:USDT"


# --- pairs

COINS = [
    row(310, symbol="layer", current_price=1.04),
    row(7, symbol="big", current_price=1.04),
]


@pytest.fixture
def ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verified coins alone, since a venue of two has no hundred larger ones."""
    monkeypatch.setenv("SIGNALBOT_UNIVERSE_UNKNOWN_CAP", "no")


@pytest.mark.usefixtures("ranked")
def test_pairs_are_those_that_would_be_watched_now(serve: Any, answer: Any, here: Path) -> None:
    serve(binance("LAYER", "BIG", "TOY"), coins=COINS)
    found = answer("pairs")

    (watched,) = found["watched"]
    assert watched == {
        "symbol": "LAYER/USDT:USDT",
        "rank": 310.0,
        "ranked_by": "market_cap",
        "by_admin": False,
        "unchecked": ["depth"],
        "despite": [],
    }
    assert found["counts"]["SIZE_RANK"] >= 2
    assert found["market_caps"]["coins"] == 2
    assert (here / "signalbot.caps.json").exists()
    assert not (here / "signalbot.db").exists()  # nothing but market caps is kept


@pytest.mark.usefixtures("ranked")
def test_a_person_reads_counts_and_pairs(serve: Any, text: Any) -> None:
    serve(binance("LAYER", "BIG"), coins=COINS)

    assert text("pairs").splitlines() == [
        "Watched on binanceusdm: 1, of them without a verified market cap: 0.",
        "SIZE_RANK 1",
        "LAYER/USDT:USDT",
        "Market caps of 2 coins, 0 h old.",
    ]


@pytest.mark.usefixtures("ranked")
def test_why_one_pair(serve: Any, text: Any, answer: Any) -> None:
    serve(binance("LAYER", "BIG"), AnsweringVenue("bybit", bybit_instrument()), coins=COINS)

    assert text("pairs", "--why", "big").startswith(
        "BIG/USDT:USDT is not watched on binanceusdm: rank by market cap: 7, allowed: at least 101."
    )
    assert "is watched on binanceusdm" in text("pairs", "--why", "layer")
    assert "does not list it" in text("pairs", "--why", "nothing")
    found = answer("pairs", "--venue", "bybit", "--why", "layer")
    assert (found["watched"], found["symbol"]) == (False, "LAYER/USDT:USDT")
    assert {"code": "UNKNOWN", "note": "no price is known"} in found["reasons"]


def test_without_a_source_of_market_caps_it_is_said(
    serve: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(binance("LAYER"))
    monkeypatch.setenv("SIGNALBOT_UNIVERSE_MIN_CAP_RANK", "1")

    assert run_command(["pairs"]) == 0
    printed = capsys.readouterr().out
    assert "of them without a verified market cap: 1" in printed
    assert "No market caps are known, so coins are ranked by how they trade." in printed


@pytest.mark.usefixtures("ranked")
def test_what_admins_have_said_counts(serve: Any, text: Any, here: Path) -> None:
    serve(binance("LAYER", "BIG"), coins=COINS)
    prepare_storage(load_settings({}, None))
    with open_database(here / "signalbot.db") as engine:
        log, symbols = SqlControlLog(engine), ["LAYER/USDT:USDT", "BIG/USDT:USDT"]
        put_pair(log, Actor(who=1, at=1), "layer", symbols, on=False)
        put_pair(log, Actor(who=1, at=1), "big", symbols, on=True)

    assert "\nBIG/USDT:USDT\n" in text("pairs")
    assert "An admin has put it in." in text("pairs", "--why", "big")
    assert "an admin has taken it off" in text("pairs", "--why", "layer")


def test_a_venue_that_does_not_answer_is_a_failure(serve: Any, refused: Any) -> None:
    serve(coins=COINS)

    assert "binanceusdm did not answer load_markets" in refused(run_command(["pairs"]), 1)


def test_a_wrong_file_is_refused(
    serve: Any, refused: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(binance("LAYER"))
    (here / "wrong.json").write_text("[")
    monkeypatch.setenv("SIGNALBOT_COIN_IDS_FILE", "wrong.json")

    assert "wrong.json" in refused(run_command(["pairs"]))
