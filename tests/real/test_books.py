"""Real books of 78 perpetuals: what a small order slips, and how thin they are.

In the file bids stand best first, asks worst first. Spread and depth are medians of one median per
symbol, slippage is over all books: median 1.9 bp, most of it half the spread, in a tenth of them
4.4 bp or more. On 28 % of the sides a tenth of the five levels is worth less than 300 USDT.
"""

import ast
import csv
import os
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from signalbot.domain.book import Book, Level
from signalbot.domain.rounding import floor_to
from signalbot.risk.book_walk import default_slippage, slippage_rate, visible_depth, walk

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[3] / "shared"))
FILE = SHARED / "data" / "books" / "bybit-top5-78-perps-2024-07-01.csv"
POSITION = Decimal(300)

BySymbol = dict[str, list[Book]]


def side(rows: list[list[str]], *, best_high: bool) -> tuple[Level, ...]:
    levels = ((Decimal(price), Decimal(size)) for price, size in rows)
    return tuple(sorted(levels, key=lambda level: level[0], reverse=best_high))


@pytest.fixture(scope="module")
def books() -> BySymbol:
    if not FILE.is_file():
        pytest.skip("walking real books needs the shared market data")
    found: BySymbol = defaultdict(list)
    with FILE.open(newline="") as lines:
        for _, symbol, _, time, text in csv.reader(lines):
            bids, asks = ast.literal_eval(text)
            book = Book(
                symbol=symbol,
                time=int(time),
                bids=side(bids, best_high=True),
                asks=side(asks, best_high=False),
            )
            found[symbol].append(book)
    return found


def position_in(book: Book) -> Decimal:
    return floor_to(POSITION / book.mid, Decimal("1e-6"))


def slips(books: list[Book], *, buy: bool) -> list[Decimal]:
    rates = (slippage_rate(book, position_in(book), buy=buy) for book in books)
    return [10_000 * rate for rate in rates if rate is not None]


def test_the_asks_were_turned_so_that_books_are_as_narrow_as_they_were(books: BySymbol) -> None:
    assert len(books) == 78
    assert all(book.spread > 0 for each in books.values() for book in each)
    spread = median(median(book.spread_bps for book in each) for each in books.values())
    assert spread == pytest.approx(Decimal("2.3"), abs=Decimal("0.05"))


def test_five_levels_of_a_usual_pair_hold_some_eleven_thousand_a_side(books: BySymbol) -> None:
    whole = Decimal(1)
    depth = median(
        median(
            visible_depth(book, buy=buy, share=whole) * book.mid
            for book in each
            for buy in (True, False)
        )
        for each in books.values()
    )

    assert 10_500 < depth < 11_300


@pytest.mark.parametrize("buy", [True, False], ids=["buy", "sell"])
def test_a_small_position_slips_some_two_basis_points(books: BySymbol, buy: bool) -> None:
    rates = sorted(rate for each in books.values() for rate in slips(each, buy=buy))

    assert Decimal("1.7") < median(rates) < Decimal("2.1")
    assert Decimal("3.9") < rates[len(rates) * 9 // 10] < Decimal("4.9")


def test_a_few_real_books_cannot_bear_even_that(books: BySymbol) -> None:
    asked = 2 * sum(len(each) for each in books.values())
    borne = sum(len(slips(each, buy=buy)) for each in books.values() for buy in (True, False))

    assert 0.02 < 1 - borne / asked < 0.05


@pytest.mark.parametrize("buy", [True, False], ids=["buy", "sell"])
def test_no_fill_leaves_the_book_it_was_walked_in(books: BySymbol, buy: bool) -> None:
    for book in (book for each in books.values() for book in each):
        levels = book.asks if buy else book.bids
        fill = walk(levels, position_in(book))

        assert min(levels)[0] <= fill.average <= max(levels)[0]
        assert fill.qty <= position_in(book)


def test_the_tenth_of_the_book_that_may_be_taken_slips_less_than_the_last_level(
    books: BySymbol,
) -> None:
    for book in (book for each in books.values() for book in each):
        qty = visible_depth(book, buy=True)
        rate = slippage_rate(book, qty, buy=True)

        assert rate is not None
        assert book.spread / book.mid / 2 <= rate < book.asks[-1][0] / book.mid - 1


def test_without_a_book_the_default_is_no_kinder_than_the_book_for_most(books: BySymbol) -> None:
    together = kinder = 0
    for book in (book for each in books.values() for book in each):
        prices = sorted(price for price, _ in book.bids + book.asks)
        tick = min(b - a for a, b in pairwise(prices))  # at least one tick
        rate = slippage_rate(book, position_in(book), buy=True)
        together += 1
        kinder += rate is None or default_slippage(book.mid, book.spread, tick) < rate

    assert kinder / together < 0.25
