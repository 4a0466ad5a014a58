"""One coin at several venues, whatever each of them calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fakes.candidates import listing, trading
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.coin_name import counted
from signalbot.domain.listing import Exclusion, ExclusionCode, Listing, Listings
from signalbot.domain.survey import FundingTerms, Survey
from signalbot.domain.universe import Trading
from signalbot.errors import InputError
from signalbot.rendering.venue_texts import NoTerms, VenueTerms
from signalbot.risk.tiers import Band, tiers_of
from signalbot.service.compare_venues import compare_venues

SILENT = NoTerms(venue="weex", why="weex did not answer", answered=False)


def named(venue: str, name: str, **changes: Any) -> Listing:
    coin, multiplier = counted(name)
    found = listing(name, venue=venue)
    return replace(found, coin=coin, multiplier=multiplier, **changes)


def excluded(venue: str, symbol: str, known: Listing | None = None) -> Exclusion:
    return Exclusion(
        venue=venue, symbol=symbol, code=ExclusionCode.TRADFI, note="type is 2", listing=known
    )


def look(
    venue: str,
    *names: str,
    prices: Mapping[str, str] | None = None,
    out: Sequence[Exclusion] = (),
    funding: Mapping[str, FundingTerms] | None = None,
) -> Survey:
    return Survey(
        listings=Listings(
            venue=venue,
            listed=tuple(named(venue, name) for name in names),
            excluded=tuple(out),
        ),
        trading={
            f"{name}/USDT:USDT": trading(price=Decimal(price))
            for name, price in (prices or dict.fromkeys(names, "0.5")).items()
        },
        funding=funding or {},
        at=0,
    )


def terms(text: str, *looks: Survey | NoTerms) -> list[VenueTerms]:
    rows = compare_venues(text, looks).rows
    assert all(isinstance(row, VenueTerms) for row in rows)
    return list(rows)  # type: ignore[arg-type]


def test_the_terms_of_a_venue() -> None:
    symbol = "LAYER/USDT:USDT"
    funding = {symbol: FundingTerms(rate=Decimal("0.0001"), interval_h=Decimal(4))}
    (found,) = terms("layer", look("bybit", "LAYER", funding=funding))

    assert found == VenueTerms(
        instrument=named("bybit", "LAYER").instrument,
        price=Decimal("0.5"),
        spread=Decimal("0.00025"),
        funding_rate=Decimal("0.0001"),
        funding_interval_h=Decimal(4),
    )
    assert found.venue == "bybit"


def test_what_is_not_known_is_none() -> None:
    silent = replace(look("bybit", "LAYER"), trading={"LAYER/USDT:USDT": Trading()})
    (found,) = terms("layer", silent)

    assert (found.price, found.spread, found.smallest_order) == (None, None, None)
    assert terms("layer", replace(silent, trading={}))[0] == found


@pytest.mark.parametrize("text", ["pepe", "1000pepe", "$PEPE", "pepeusdt"])
def test_a_coin_is_found_whatever_it_is_counted_by(text: str) -> None:
    by_thousand = look("binanceusdm", "1000PEPE", prices={"1000PEPE": "0.0101"})
    one, other = terms(text, look("mexc", "PEPE", prices={"PEPE": "0.00001"}), by_thousand)

    assert (one.multiplier, other.multiplier) == (1, 1000)
    assert (one.is_other_coin, other.is_other_coin) == (False, False)


def test_the_contract_that_was_named_comes_first_and_then_the_plain_one() -> None:
    both = look("bybit", "1000PEPE", "PEPE", prices={"1000PEPE": "0.01", "PEPE": "0.00001"})

    assert terms("1000pepe", both)[0].multiplier == 1000
    assert terms("pepe", both)[0].multiplier == 1
    assert terms("10000pepe", both)[0].multiplier == 1


def test_a_coin_is_found_under_its_other_name() -> None:
    found = compare_venues("fil", [look("mexc", "FILECOIN"), look("bybit", "FIL")])

    assert found.coin == "FIL"
    assert all(isinstance(row, VenueTerms) for row in found.rows)
    assert compare_venues("filecoin", [look("bybit", "FIL")]).coin == "FIL"


def test_a_price_of_its_own_is_perhaps_another_coin() -> None:
    found = terms("bb", look("bybit", "BB"), look("mexc", "BB", prices={"BB": "0.2"}))

    assert [each.is_other_coin for each in found] == [False, True]


def test_a_contract_that_cannot_be_opened_has_terms() -> None:
    closed = look("bingx", out=[excluded("bingx", "LAYER/USDT:USDT", named("bingx", "LAYER"))])
    (found,) = terms("layer", closed)

    assert found.closed == "type is 2"


def test_what_is_no_coin_there_says_why() -> None:
    out = [excluded("mexc", "LAYER/USDT"), excluded("mexc", "LAYER/USDT:USDT")]
    (row,) = compare_venues("layer", [look("mexc", out=out)]).rows

    assert row == NoTerms(venue="mexc", why="not looked at: type is 2")


def test_a_venue_without_it_and_one_that_is_silent() -> None:
    found = compare_venues("layer", [look("bybit", "TOY"), SILENT])

    assert found.rows == (NoTerms(venue="bybit", why="not listed"), SILENT)


def test_its_spot_market_is_not_the_coin() -> None:
    spot = look("mexc", "TOY", out=[excluded("mexc", "LAYER/USDT")])

    with pytest.raises(InputError, match="nearest: TOY/USDT:USDT"):
        compare_venues("layer", [spot])


def test_a_coin_that_no_venue_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest: LAYER/USDT:USDT"):
        compare_venues("layr", [look("bybit", "LAYER"), look("mexc", "LAYER")])


def test_no_venue_is_no_row() -> None:
    assert compare_venues("layer", []).rows == ()


def test_the_highest_leverage_may_come_from_the_tiers() -> None:
    symbol = "LAYER/USDT:USDT"
    bands = [
        Band(floor=Decimal(0), cap=Decimal(9), mmr=Decimal("0.01"), max_leverage=Decimal(50)),
        Band(floor=Decimal(9), cap=None, mmr=Decimal("0.02")),
    ]
    tiers = {"bybit": {symbol: tiers_of(bands)}}
    (row,) = compare_venues("layer", [look("bybit", "LAYER")], tiers).rows

    assert isinstance(row, VenueTerms)
    assert row.max_leverage == 50
    stated = look("bybit", "LAYER")
    with_own = replace(stated.listings.listed[0], max_leverage=Decimal(20))
    own = replace(stated, listings=replace(stated.listings, listed=(with_own,)))
    (row,) = compare_venues("layer", [own], tiers).rows
    assert isinstance(row, VenueTerms)
    assert row.max_leverage == 20


@pytest.mark.parametrize("text", ["", "a b c", "x" * 100, "USDT"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="symbol was"):
        compare_venues(text, [look("bybit", "LAYER"), SILENT])


@given(st.text(max_size=12))
def test_any_text_gives_a_row_a_venue_or_a_refusal(text: str) -> None:
    looks = [look("bybit", "LAYER", "1000PEPE"), SILENT]
    try:
        rows = compare_venues(text, looks).rows
    except InputError:
        return
    assert [row.venue for row in rows] == ["bybit", "weex"]
