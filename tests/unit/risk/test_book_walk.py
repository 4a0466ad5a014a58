from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.book import Book, Level
from signalbot.errors import InputError
from signalbot.risk.book_walk import default_slippage, slippage_rate, visible_depth, walk

BOOK = Book(
    symbol="TOY/USDT:USDT",
    time=0,
    bids=((Decimal("99.9"), Decimal(10)), (Decimal("99.7"), Decimal(30))),
    asks=((Decimal("100.1"), Decimal(20)), (Decimal("100.4"), Decimal(20))),
)


def levels(first: int, direction: int, gaps: list[int], sizes: list[int]) -> tuple[Level, ...]:
    prices = [first + direction * sum(gaps[:count]) for count in range(len(sizes))]
    return tuple(
        (Decimal(price) / 1000, Decimal(size) / 10)
        for price, size in zip(prices, sizes, strict=True)
    )


@st.composite
def books(draw) -> Book:
    bid = draw(st.integers(1_000, 10**7))
    sizes = st.lists(st.integers(1, 10**6), min_size=1, max_size=8)
    gaps = st.lists(st.integers(1, 50), min_size=8, max_size=8)
    return Book(
        symbol="TOY/USDT:USDT",
        time=0,
        bids=levels(bid, -1, draw(gaps), draw(sizes)),
        asks=levels(bid + draw(st.integers(1, 100)), 1, draw(gaps), draw(sizes)),
    )


def mirrored(book: Book) -> Book:
    """Every price as far on the other side of the mid."""
    return Book(
        symbol=book.symbol,
        time=book.time,
        bids=tuple((2 * book.mid - price, size) for price, size in book.asks),
        asks=tuple((2 * book.mid - price, size) for price, size in book.bids),
    )


def borne(side: tuple[Level, ...]) -> Decimal:
    return sum((size for _, size in side), Decimal(0))


QUANTITIES = st.integers(1, 10**7).map(lambda tenths: Decimal(tenths) / 10)


class TestWalk:
    def test_a_buy_of_thirty_pays_both_levels(self):
        fill = walk(BOOK.asks, Decimal(30))

        assert fill.average == (20 * Decimal("100.1") + 10 * Decimal("100.4")) / 30
        assert (fill.qty, fill.worst) == (30, Decimal("100.4"))

    def test_what_the_first_level_bears_has_its_price(self):
        fill = walk(BOOK.asks, Decimal(20))

        assert fill.average == fill.worst == Decimal("100.1")

    def test_a_thin_book_fills_a_part_and_says_how_much(self):
        fill = walk(BOOK.bids, Decimal(1000))

        assert (fill.qty, fill.worst) == (40, Decimal("99.7"))
        assert fill.average == Decimal("99.75")

    @pytest.mark.parametrize("qty", [Decimal(0), Decimal(-5)])
    def test_an_order_of_nothing_is_no_order(self, qty):
        with pytest.raises(InputError, match="qty was"):
            walk(BOOK.bids, qty)

    @given(book=books(), qty=QUANTITIES, more=QUANTITIES)
    def test_a_larger_order_never_gets_a_better_average(self, book, qty, more):
        assert walk(book.asks, qty + more).average >= walk(book.asks, qty).average
        assert walk(book.bids, qty + more).average <= walk(book.bids, qty).average

    @given(book=books(), qty=QUANTITIES)
    def test_the_average_lies_between_the_best_price_and_the_worst_one_touched(self, book, qty):
        bought, sold = walk(book.asks, qty), walk(book.bids, qty)

        assert book.best_ask <= bought.average <= bought.worst <= book.asks[-1][0]
        assert book.best_bid >= sold.average >= sold.worst >= book.bids[-1][0]

    @given(book=books(), qty=QUANTITIES)
    def test_money_adds_up_level_by_level(self, book, qty):
        fill = walk(book.asks, qty)

        left, paid = Fraction(fill.qty), Fraction(0)
        for price, size in book.asks:
            part = min(left, Fraction(size))
            left, paid = left - part, paid + part * Fraction(price)
        assert left == 0
        assert fill.qty == min(qty, borne(book.asks))
        assert float(fill.average) == pytest.approx(float(paid / Fraction(fill.qty)), rel=1e-15)

    @given(book=books(), qty=QUANTITIES, split=st.integers(1, 9))
    def test_a_level_told_in_two_parts_is_the_same_level(self, book, qty, split):
        parted = tuple(
            (price, part)
            for price, size in book.asks
            for part in (size * split / 10, size - size * split / 10)
        )

        assert walk(parted, qty) == walk(book.asks, qty)


class TestSlippage:
    def test_a_buy_pays_half_the_spread_and_its_walk(self):
        # mid 100, average of 30 is 100.2
        assert slippage_rate(BOOK, Decimal(30), buy=True) == Decimal("0.002")

    def test_a_sell_of_forty_gets_a_quarter_less_than_the_mid_of_a_hundred(self):
        assert slippage_rate(BOOK, Decimal(40), buy=False) == Decimal("0.0025")

    def test_a_small_order_pays_half_the_spread(self):
        assert slippage_rate(BOOK, Decimal("0.001"), buy=True) == Decimal("0.001")
        assert slippage_rate(BOOK, Decimal("0.001"), buy=False) == Decimal("0.001")

    def test_it_is_rounded_up_to_the_ten_places_of_a_record(self):
        # 21 bought: (20 * 100.1 + 100.4) / 21 - 100 = 0.11428571428..., a hundredth part of it
        assert slippage_rate(BOOK, Decimal(21), buy=True) == Decimal("0.0011428572")

    def test_what_the_book_cannot_bear_has_no_rate(self):
        assert slippage_rate(BOOK, Decimal("40.1"), buy=True) is None
        assert slippage_rate(BOOK, Decimal("1e12"), buy=False) is None

    def test_selling_into_a_book_that_falls_to_nothing_leaves_a_positive_price(self):
        tiny = Decimal("1e-9")
        empty = Book(
            symbol="TOY/USDT:USDT",
            time=0,
            bids=((Decimal("0.001"), Decimal(1)), (tiny, Decimal(10**9))),
            asks=((Decimal("0.0011"), Decimal(1)),),
        )

        rate = slippage_rate(empty, Decimal(10**9), buy=False)

        assert rate is not None
        assert 0 < rate < 1
        assert walk(empty.bids, Decimal(10**9)).average >= tiny

    @given(book=books(), qty=QUANTITIES)
    def test_a_sell_is_a_buy_in_the_mirrored_book(self, book, qty):
        there = mirrored(book)

        assert slippage_rate(book, qty, buy=False) == slippage_rate(there, qty, buy=True)
        assert slippage_rate(book, qty, buy=True) == slippage_rate(there, qty, buy=False)

    @given(book=books(), qty=QUANTITIES, more=QUANTITIES, buy=st.booleans())
    def test_a_larger_order_slips_no_less_and_ends_where_the_book_ends(self, book, qty, more, buy):
        small, large = (slippage_rate(book, each, buy=buy) for each in (qty, qty + more))

        side = book.asks if buy else book.bids
        assert (small is None) == (qty > borne(side))
        if large is not None:
            assert small is not None
            assert large >= small
            assert small >= book.spread / book.mid / 2

    @given(book=books(), qty=QUANTITIES, scale=st.sampled_from(["1e-6", "1e-3", "1e4"]))
    def test_it_does_not_depend_on_the_unit_of_the_price(self, book, qty, scale):
        scaled = Book(
            symbol=book.symbol,
            time=book.time,
            bids=tuple((price * Decimal(scale), size) for price, size in book.bids),
            asks=tuple((price * Decimal(scale), size) for price, size in book.asks),
        )

        assert slippage_rate(scaled, qty, buy=True) == slippage_rate(book, qty, buy=True)


class TestDefaultSlippage:
    def test_it_is_half_the_spread_and_one_tick(self):
        # 0.0002 and 0.0001 of a price of 0.5
        rate = default_slippage(Decimal("0.5"), Decimal("0.0004"), Decimal("0.0001"))

        assert rate == Decimal("0.0006")

    def test_it_is_rounded_up_to_ten_places(self):
        rate = default_slippage(Decimal(3), Decimal("0.02"), Decimal("0.01"))

        assert rate == Decimal("0.0066666667")


class TestVisibleDepth:
    def test_an_order_may_take_a_tenth_of_the_side_it_meets(self):
        assert visible_depth(BOOK, buy=True) == 4
        assert visible_depth(BOOK, buy=False) == 4

    def test_only_the_best_five_levels_count(self):
        deep = tuple((Decimal(100 + level), Decimal(level)) for level in range(1, 9))
        book = Book(symbol="TOY/USDT:USDT", time=0, bids=BOOK.bids, asks=deep)

        assert visible_depth(book, buy=True) == Decimal("1.5")

    def test_another_share_may_be_allowed(self):
        assert visible_depth(BOOK, buy=False, share=Decimal("0.25")) == 10

    @given(book=books())
    def test_the_book_always_bears_it(self, book):
        for buy in (True, False):
            assert slippage_rate(book, visible_depth(book, buy=buy), buy=buy) is not None
