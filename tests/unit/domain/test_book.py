from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.book import Book

BOOK = Book(
    symbol="TOY/USDT:USDT",
    time=1_767_225_660_000,
    bids=((Decimal("0.3999"), Decimal(120)), (Decimal("0.3998"), Decimal(900))),
    asks=((Decimal("0.4001"), Decimal(80)), (Decimal("0.4003"), Decimal(700))),
)


def test_the_best_prices_are_the_first_levels():
    assert BOOK.best_bid == Decimal("0.3999")
    assert BOOK.best_ask == Decimal("0.4001")


def test_mid_and_spread_are_exact():
    assert BOOK.mid == Decimal("0.4000")
    assert BOOK.spread == Decimal("0.0002")


def test_two_ticks_of_a_ten_thousandth_at_forty_cents_are_five_basis_points():
    assert BOOK.spread_bps == 5


def test_a_book_cannot_be_changed():
    with pytest.raises(AttributeError):
        BOOK.time = 0  # type: ignore[misc]


@given(
    bid=st.integers(1, 10**6),
    spread=st.integers(1, 10**4),
    scale=st.sampled_from([Decimal("1e-9"), Decimal("0.01"), Decimal(1000)]),
)
def test_basis_points_do_not_depend_on_the_unit_of_the_price(bid, spread, scale):
    def book(unit: Decimal) -> Book:
        quantity = Decimal(1)
        return Book(
            symbol="TOY/USDT:USDT",
            time=0,
            bids=((bid * unit, quantity),),
            asks=(((bid + spread) * unit, quantity),),
        )

    assert book(scale).spread_bps == pytest.approx(book(Decimal(1)).spread_bps)
    assert book(scale).best_bid < book(scale).mid < book(scale).best_ask
