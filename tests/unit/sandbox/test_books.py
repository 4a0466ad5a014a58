from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from signalbot.domain.rounding import floor_to
from signalbot.sandbox.books import LEVELS, draw_book
from signalbot.sandbox.coins import BITCOIN, draw_coins

COINS = draw_coins(np.random.default_rng(2), 40)


def book(coin, seed=0, stress=1.0):
    last = round(coin.in_ticks(coin.price))
    return draw_book(np.random.default_rng(seed), coin, time=60_000, last=last, stress=stress)


def depth(levels):
    return float(sum(price * quantity for price, quantity in levels))


@pytest.mark.parametrize("coin", COINS, ids=lambda coin: coin.symbol)
def test_both_sides_have_five_levels_on_the_grid_best_first_around_the_last_price(coin):
    drawn, instrument = book(coin), coin.instrument()
    bids, asks = ([price for price, _ in side] for side in (drawn.bids, drawn.asks))
    last = round(coin.in_ticks(coin.price)) * instrument.tick

    assert len(bids) == len(asks) == LEVELS
    assert all(higher > lower for higher, lower in pairwise(bids))
    assert all(lower < higher for lower, higher in pairwise(asks))
    assert bids[0] <= last <= asks[0]
    assert bids[0] < asks[0]
    for price, quantity in drawn.bids + drawn.asks:
        assert price == floor_to(price, instrument.tick)
        assert quantity == floor_to(quantity, instrument.step)
        assert quantity >= instrument.step


def test_the_tightest_book_is_one_tick_wide():
    widths = {book(BITCOIN, seed).spread for seed in range(30)}

    assert widths == {Decimal("0.1")}


def test_stress_makes_a_book_thin_and_wide():
    calm = [book(coin, seed) for coin in COINS for seed in range(5)]
    stressed = [book(coin, seed, stress=5.0) for coin in COINS for seed in range(5)]

    def typical(books, figure):
        return np.median([figure(drawn) for drawn in books])

    assert typical(stressed, lambda drawn: depth(drawn.bids)) == pytest.approx(
        typical(calm, lambda drawn: depth(drawn.bids)) / 5, rel=0.2
    )
    assert typical(stressed, lambda drawn: float(drawn.spread_bps)) > 2 * typical(
        calm, lambda drawn: float(drawn.spread_bps)
    )
