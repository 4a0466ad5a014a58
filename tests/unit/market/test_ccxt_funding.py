"""Funding is what is paid next, whatever a venue calls it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.survey import FundingTerms
from signalbot.market.ccxt_funding import funding_of
from signalbot.market.ccxt_metadata import VENUES

RATE = {"fundingRate": 0.0001, "nextFundingRate": 0.0002, "interval": "4h"}


def test_weex_names_them_the_other_way_round() -> None:
    found = {venue: funding_of(venue, RATE, {}) for venue in ("bybit", "weex")}

    assert found == {
        "bybit": FundingTerms(rate=Decimal("0.0001"), interval_h=Decimal(4)),
        "weex": FundingTerms(rate=Decimal("0.0002"), interval_h=Decimal(4)),
    }


def test_mexc_says_it_in_its_tickers_and_bitget_its_hours_in_its_contracts() -> None:
    ticker = {"info": {"fundingRate": "0.0003"}}
    contract = {"info": {"fundInterval": "8"}}

    assert funding_of("mexc", ticker, {}) == FundingTerms(rate=Decimal("0.0003"))
    assert funding_of("bitget", RATE | {"interval": None}, contract) == FundingTerms(
        rate=Decimal("0.0001"), interval_h=Decimal(8)
    )


@pytest.mark.parametrize(
    ("interval", "hours"), [(None, None), ({}, Decimal(8)), ({"interval": "1h"}, Decimal(1))]
)
def test_binance_pays_every_eight_hours_unless_it_lists_others(
    interval: dict[str, str] | None, hours: Decimal | None
) -> None:
    found = funding_of("binanceusdm", RATE | {"interval": None}, {}, interval)

    assert found == FundingTerms(rate=Decimal("0.0001"), interval_h=hours)


@pytest.mark.parametrize("rate", [0.2001, -0.2001, 1, "x", float("nan"), True, [], None, ""])
def test_a_rate_that_nobody_would_believe_is_not_known(rate: Any) -> None:
    assert funding_of("bybit", {"fundingRate": rate}, {}) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda values: st.dictionaries(
        st.sampled_from(["fundingRate", "nextFundingRate", "interval", "info", "fundInterval"]),
        values,
        max_size=4,
    ),
)
rows = st.dictionaries(
    st.sampled_from(["fundingRate", "nextFundingRate", "interval", "info"]), anything, max_size=4
)


@given(st.sampled_from(VENUES), rows, rows, st.none() | rows)
def test_whatever_a_venue_says_is_believed_within_bounds_or_not_at_all(
    venue: str, rate: dict[str, Any], market: dict[str, Any], interval: dict[str, Any] | None
) -> None:
    found = funding_of(venue, rate, market, interval)

    assert found is None or abs(found.rate) <= Decimal("0.2")
    assert found is None or found.interval_h is None or 0 < found.interval_h <= 24
