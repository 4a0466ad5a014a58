"""What ccxt's `fetch_order_book` gives, as a book that can be believed."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.errors import InputError
from signalbot.market.books import LEVELS, book_of

SYMBOL = "TOY/USDT:USDT"
NOW = 1_795_658_760_000
ONE = Decimal(1)


def answer(**changes: Any) -> dict[str, Any]:
    bids = [[1.0, 10.0], [0.99, 5.0]]
    asks = [[1.01, 7.0], [1.02, 8.0]]
    return {"bids": bids, "asks": asks, "timestamp": NOW - 40, **changes}


def test_it_is_exact_and_keeps_the_order():
    book = book_of(SYMBOL, answer(), ONE, NOW)

    assert book.symbol == SYMBOL
    assert book.bids == ((Decimal("1.0"), Decimal(10)), (Decimal("0.99"), Decimal(5)))
    assert book.asks == ((Decimal("1.01"), Decimal(7)), (Decimal("1.02"), Decimal(8)))
    assert book.spread == Decimal("0.01")
    assert book.time == NOW - 40


@pytest.mark.parametrize("stamp", [None, "1795658760000", 1.5, True])
def test_a_venue_that_does_not_say_when_is_believed_to_mean_now(stamp):
    assert book_of(SYMBOL, answer(timestamp=stamp), ONE, NOW).time == NOW


@pytest.mark.parametrize("size", ["0.00001", "0.1", "1", "10000000"])
def test_a_venue_that_counts_in_contracts_is_told_in_base_units(size):
    book = book_of(SYMBOL, answer(), Decimal(size), NOW)

    assert book.bids[0] == (Decimal("1.0"), 10 * Decimal(size))
    assert book.asks[1] == (Decimal("1.02"), 8 * Decimal(size))


def test_no_more_levels_are_kept_than_are_asked_for():
    asks = [[2.0 + level, 1.0] for level in range(3 * LEVELS)]

    assert len(book_of(SYMBOL, answer(asks=asks), ONE, NOW).asks) == LEVELS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bids": []}, "bids"),
        ({"asks": []}, "asks"),
        ({"asks": None}, "asks"),
        ({"bids": {"1.0": 3}}, "bids"),
        ({"bids": "1.0,10"}, "bids"),
        ({"bids": [[1.01, 3.0]]}, "bids"),
        ({"bids": [[1.5, 3.0]]}, "bids"),
        ({"bids": [[0.99, 1.0], [1.0, 1.0]]}, "bids"),
        ({"bids": [[1.0, 1.0], [1.0, 1.0]]}, "bids"),
        ({"asks": [[1.02, 1.0], [1.01, 1.0]]}, "asks"),
        ({"asks": [[1.01, 1.0], [1.03, 1.0], [1.02, 1.0]]}, "asks"),
        ({"bids": [[0.0, 3.0]]}, "bids"),
        ({"bids": [[-1.0, 3.0]]}, "bids"),
        ({"bids": [[1.0, -3.0]]}, "bids"),
        ({"bids": [[None, 3.0]]}, "bids"),
        ({"bids": [[1.0, None]]}, "bids"),
        ({"bids": [[float("nan"), 3.0]]}, "bids"),
        ({"bids": [[1.0, float("inf")]]}, "bids"),
        ({"bids": [[1.0]]}, "bids"),
        ({"bids": [[]]}, "bids"),
        ({"bids": [None]}, "bids"),
        ({"bids": [7.0]}, "bids"),
        ({"bids": [{"price": 1.0}]}, "bids"),
    ],
)
def test_what_is_no_book_is_refused_by_the_name_of_its_side(changes, field):
    with pytest.raises(InputError) as refused:
        book_of(SYMBOL, answer(**changes), ONE, NOW)
    assert refused.value.field == field


def test_an_answer_without_a_side_is_no_book():
    half = answer()
    del half["asks"]

    with pytest.raises(InputError, match="at least one level"):
        book_of(SYMBOL, half, ONE, NOW)


AMOUNTS = st.floats(0, 1e9)


@given(
    mid=st.integers(1_000, 10**9),
    bids=st.lists(st.tuples(st.integers(1, 999), AMOUNTS), min_size=1, max_size=30),
    asks=st.lists(st.tuples(st.integers(0, 999), AMOUNTS), min_size=1, max_size=30),
)
def test_every_book_that_is_in_order_is_taken_as_it_is(mid, bids, asks):
    below = sorted(({mid - off: amount for off, amount in bids}).items(), reverse=True)
    above = sorted(({mid + off: amount for off, amount in asks}).items())
    told = {
        "bids": [[price / 100, amount] for price, amount in below],
        "asks": [[price / 100, amount] for price, amount in above],
    }
    book = book_of(SYMBOL, told, ONE, NOW)

    assert book.best_bid < book.best_ask
    assert [float(price) for price, _ in book.bids] == [row[0] for row in told["bids"][:LEVELS]]
    assert [float(amount) for _, amount in book.asks] == [row[1] for row in told["asks"][:LEVELS]]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"bids": ANYTHING, "asks": ANYTHING, "timestamp": ANYTHING}))
def test_whatever_comes_is_a_book_in_order_or_refused(told):
    try:
        book = book_of(SYMBOL, told, ONE, NOW)
    except InputError:
        return
    assert book.best_bid < book.best_ask
