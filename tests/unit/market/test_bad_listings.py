"""One bad entry of a venue's answer costs that entry, never the answer."""

from typing import Any

import pytest
from fakes.venue_markets import bitget_contract, bybit_instrument, mexc_contract, parsed
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.listing import Exclusion, ExclusionCode
from signalbot.market.ccxt_metadata import VENUES
from signalbot.market.listings import listings_of

(FULL,) = parsed("bitget", bitget_contract())
ODD = st.lists(st.none()) | st.dictionaries(st.text(), st.none() | st.integers() | st.text())


@pytest.mark.parametrize("entry", [None, 7, "LAYER", [], [{"symbol": "LAYER/USDT:USDT"}]])
def test_an_entry_that_is_no_object(entry: object) -> None:
    good = parsed("bitget", bitget_contract())

    found = listings_of("bitget", [entry, *good])

    assert [listing.symbol for listing in found.listed] == ["LAYER/USDT:USDT"]
    assert found.excluded == (
        Exclusion(
            venue="bitget",
            symbol="",
            code=ExclusionCode.CORRUPT,
            note="an entry that is no object",
        ),
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"precision": None}, "precision.price"),
        ({"contractSize": -1}, "contractSize"),
        ({"limits": {"leverage": {"max": 5000}}}, "limits.leverage.max"),
        ({"created": -1}, "created"),
        ({"baseId": None}, "baseId"),
        ({"baseId": ["LAYER"]}, "baseId"),
        ({"baseId": ""}, "baseId"),
        ({"baseId": "L" * 41}, "baseId"),
        ({"baseId": "LAY\x1b[2J"}, "baseId"),
        ({"symbol": None}, "symbol"),
        ({"symbol": "/USDT:USDT"}, "symbol"),
        ({"symbol": "\x1b[2J/USDT:USDT"}, "symbol"),
    ],
)
def test_a_field_that_nobody_would_believe(changes: dict[str, Any], field: str) -> None:
    (market,) = parsed("bybit", bybit_instrument())

    found = listings_of("bybit", [market | changes])

    (exclusion,) = found.excluded
    assert (found.listed, exclusion.code) == ((), ExclusionCode.CORRUPT)
    assert f"{field} was " in exclusion.note
    assert exclusion.symbol.isprintable()


def test_of_two_entries_with_one_name_the_first_is_believed() -> None:
    twice = parsed("mexc", mexc_contract(), mexc_contract(maxLeverage=20))

    found = listings_of("mexc", twice)

    assert [listing.max_leverage for listing in found.listed] == [50]
    assert [each.note for each in found.excluded] == ["an entry that stands twice"]


@pytest.mark.parametrize("info", [None, [], "text", {"status": {"a": 1}, "type": [2]}])
@pytest.mark.parametrize("venue", VENUES)
def test_whatever_the_venues_own_entry_is(venue: str, info: object) -> None:
    (market,) = parsed("bitget", bitget_contract())

    found = listings_of(venue, [market | {"info": info}])

    assert len(found.listed) + len(found.excluded) == 1


@given(
    venue=st.sampled_from(VENUES),
    market=st.dictionaries(
        st.sampled_from([*FULL, "more"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ODD,
    ),
)
def test_no_entry_raises(venue: str, market: dict[str, Any]) -> None:
    found = listings_of(venue, [FULL | market, market])

    assert len(found.listed) + len(found.excluded) == 2
    assert all(each.note.isprintable() and each.symbol.isprintable() for each in found.excluded)
