"""One name, one price: otherwise it is perhaps another coin."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.same_coin import other_coins


def strange(**prices: str) -> set[str]:
    return set(other_coins({venue: Decimal(price) for venue, price in prices.items()}))


def test_nothing_is_compared() -> None:
    assert other_coins({}) == frozenset()
    assert strange(bybit="1") == set()


@pytest.mark.parametrize(("price", "found"), [("0.97", set()), ("0.9699", {"mexc"})])
def test_three_per_cent_are_allowed(price: str, found: set[str]) -> None:
    assert strange(bybit="1", bingx="1", mexc=price) == found


def test_most_venues_are_believed() -> None:
    assert strange(mexc="0.2", bybit="1", bingx="1.01") == {"mexc"}


def test_where_two_differ_the_first_is_believed() -> None:
    assert strange(binanceusdm="1", mexc="0.2") == {"mexc"}


prices = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.decimals("0.000001", "1000000", places=6),
    min_size=1,
)


@given(prices)
def test_somebody_is_always_believed(found: dict[str, Decimal]) -> None:
    assert len(other_coins(found)) < len(found)


@given(prices, st.integers(1, 10**6))
def test_the_unit_does_not_matter(found: dict[str, Decimal], unit: int) -> None:
    scaled = {venue: price * unit for venue, price in found.items()}

    assert other_coins(scaled) == other_coins(found)
