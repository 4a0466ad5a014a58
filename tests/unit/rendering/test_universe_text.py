"""Whoever asks about a pair is told every reason, with the figure."""

from dataclasses import replace
from decimal import Decimal

from fakes.candidates import NOW, listing, trading

from signalbot.domain.controls import IN, PAIR, Controls
from signalbot.domain.listing import Exclusion, ExclusionCode, Listings
from signalbot.domain.market_cap import CapTable, Coin
from signalbot.domain.timeframe import HOUR_MS
from signalbot.domain.universe import Range, UniverseRules
from signalbot.rendering.universe_text import caps_text, counts_text, why_text
from signalbot.service.choose_universe import choose_universe

LISTINGS = Listings(
    venue="bybit",
    listed=(listing("LAYER"), listing("BTC"), listing("NEW", listed_at=None)),
    excluded=(
        Exclusion(
            venue="bybit",
            symbol="TSLA/USDT:USDT",
            code=ExclusionCode.TRADFI,
            note="symbolType is stock",
        ),
    ),
)
TRADING = {
    "LAYER/USDT:USDT": trading(),
    "BTC/USDT:USDT": trading(quote_volume=Decimal(10**10), spread=Decimal("0.01")),
}
RULES = UniverseRules(trade_rank=Range())
UNIVERSE = choose_universe(LISTINGS, TRADING, {}, Controls(), RULES, NOW)


def test_of_a_pair_that_is_watched() -> None:
    assert why_text("LAYER/USDT:USDT", LISTINGS, UNIVERSE) == (
        "LAYER/USDT:USDT is watched on bybit. Its size is judged by volume and open interest,"
        " its market cap is unverified, rank 2."
    )


def test_of_a_pair_that_is_not() -> None:
    assert why_text("BTC/USDT:USDT", LISTINGS, UNIVERSE) == (
        "BTC/USDT:USDT is not watched on bybit: volume of 24 h 10000000000, allowed: at least"
        " 1000000, at most 300000000; spread per target 1, allowed: at most 0.1."
    )


def test_of_a_pair_that_an_admin_has_put_in() -> None:
    controls = Controls(values={f"{PAIR}NEW/USDT:USDT": IN})
    universe = choose_universe(LISTINGS, TRADING, {}, controls, RULES, NOW)

    assert why_text("NEW/USDT:USDT", LISTINGS, universe) == (
        "NEW/USDT:USDT is watched on bybit. Its size is judged by nothing, neither market cap nor"
        " volume is known. An admin has put it in. Against it speaks: no price is known; no quote"
        " volume is known; no move is known; no spread is known. Not checked, for want of data:"
        " depth, age."
    )


def test_of_a_market_that_is_not_looked_at() -> None:
    assert why_text("TSLA/USDT:USDT", LISTINGS, UNIVERSE) == (
        "TSLA/USDT:USDT is not looked at on bybit: symbolType is stock."
    )


def test_of_a_pair_that_nobody_knows() -> None:
    assert why_text("ABC/USDT:USDT", LISTINGS, UNIVERSE) == (
        "ABC/USDT:USDT is not watched: bybit does not list it."
    )


def test_the_counts_of_a_venue() -> None:
    assert counts_text(LISTINGS, UNIVERSE) == (
        "Watched on bybit: 1, of them without a verified market cap: 1.\n"
        "UNKNOWN 4\n"
        "SPREAD 1\n"
        "TRADFI 1\n"
        "VOLUME 1"
    )
    nothing = replace(UNIVERSE, chosen=(), removed=())
    assert counts_text(replace(LISTINGS, excluded=()), nothing) == (
        "Watched on bybit: 0, of them without a verified market cap: 0."
    )


def test_how_old_the_market_caps_are() -> None:
    coin = Coin(coin_id="x", symbol="X", price=Decimal(1), market_cap=Decimal(1), rank=1)
    known = CapTable(coins=(coin, coin), fetched_at=NOW - 5 * HOUR_MS)
    trouble = "CoinGecko did not answer: Connection error"

    assert caps_text(known, NOW) == "Market caps of 2 coins, 5 h old."
    assert caps_text(known, 0) == "Market caps of 2 coins, 0 h old."
    assert caps_text(replace(known, trouble=trouble), NOW) == (
        f"Market caps of 2 coins, 5 h old, which is too old. {trouble}."
    )
    assert caps_text(CapTable(coins=(coin, coin), trouble=trouble), NOW) == (
        f"Market caps of the 2 largest coins only. {trouble}."
    )
    assert caps_text(CapTable(trouble=trouble), NOW) == (
        f"No market caps are known, so coins are ranked by how they trade. {trouble}."
    )
    assert caps_text(CapTable(), NOW) == (
        "No market caps are known, so coins are ranked by how they trade."
    )
