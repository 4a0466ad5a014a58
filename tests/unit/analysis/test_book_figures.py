"""Figures of an order book."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from signalbot.analysis.book_figures import book_figures
from signalbot.domain.book import Book
from signalbot.domain.flow import Flow


def book(bids: list[tuple[str, str]], asks: list[tuple[str, str]]) -> Book:
    sides = (
        tuple((Decimal(price), Decimal(quantity)) for price, quantity in side)
        for side in (bids, asks)
    )
    first, second = sides
    return Book(symbol="LAYER/USDT:USDT", time=0, bids=first, asks=second)


def test_by_hand():
    # mid 100, spread 0.2 = 20 bp; five levels: bids 6, asks 2; within 0.25 %: 99.75 to 100.25
    figures = book_figures(
        book(
            [("99.9", "1"), ("99.8", "2"), ("99.7", "3")],
            [("100.1", "1"), ("100.3", "1")],
        ),
        None,
    )

    assert figures == {
        "book_spread_bp": Decimal(20),
        "book_imbalance_ratio": Decimal("0.5"),
        "book_depth_bid_usdt": Decimal("299.5"),
        "book_depth_ask_usdt": Decimal("100.1"),
    }


def test_an_empty_rest_has_no_side():
    assert book_figures(book([("99", "0")], [("101", "0")]), None)["book_imbalance_ratio"] == 0


def test_takers_by_hand():
    flow = Flow(since=0, bought=Decimal(300), sold=Decimal(100))

    assert book_figures(None, flow) == {
        "flow_usdt": Decimal(400),
        "flow_imbalance_ratio": Decimal("0.5"),
    }
    assert book_figures(None, None) == {}


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20),
)
def test_the_imbalance_is_a_share_and_turns_with_the_book(bids: list[int], asks: list[int]):
    def side(quantities: list[int], sign: int) -> list[tuple[str, str]]:
        return [(str(1000 + sign * (i + 1)), str(q)) for i, q in enumerate(quantities)]

    one = book_figures(book(side(bids, -1), side(asks, 1)), None)["book_imbalance_ratio"]
    other = book_figures(book(side(asks, -1), side(bids, 1)), None)["book_imbalance_ratio"]

    assert -1 <= one <= 1
    assert one == -other
