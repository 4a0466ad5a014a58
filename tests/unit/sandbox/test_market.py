from dataclasses import fields
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.candles import FIELDS, PRICES
from signalbot.domain.rounding import exact, floor_to
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.errors import InputError
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate

BTC = "BTC/USDT:USDT"


@pytest.fixture(scope="module")
def market() -> GeneratedMarket:
    return generate(seed=4, pairs=30, minutes=2 * 1440)


def same(one: GeneratedMarket, other: GeneratedMarket) -> bool:
    return list(one.series) == list(other.series) and all(
        np.array_equal(getattr(one.series[symbol], field), getattr(other.series[symbol], field))
        for symbol in one.series
        for field in ("open_time", *FIELDS)
    )


class TestGenerate:
    def test_the_same_arguments_give_the_same_market(self):
        assert same(generate(1, 5, 500), generate(1, 5, 500))
        assert generate(1, 5, 500).instruments == generate(1, 5, 500).instruments

    def test_another_seed_is_another_market(self):
        assert not same(generate(1, 5, 500), generate(2, 5, 500))

    def test_it_holds_so_many_pairs_and_minutes_from_the_start(self):
        start = NEW_YEAR_2026 + 90 * MINUTE_MS
        made = generate(seed=3, pairs=4, minutes=50, start=start)

        assert list(made.series) == list(made.instruments) == list(made.coins)
        assert len(made.series) == 4
        for candles in made.series.values():
            assert candles.timeframe == M1
            assert candles.open_time[0] == start
            assert len(candles) == 50
            assert candles.gaps() == 0

    def test_its_defaults_are_eight_pairs_over_two_days(self):
        made = generate(seed=0)

        assert len(made.series) == 8
        assert len(made.series[BTC]) == 2880
        assert made.series[BTC].open_time[0] == NEW_YEAR_2026

    def test_it_can_be_as_wide_as_a_whole_venue(self):
        made = generate(seed=5, pairs=430, minutes=400)

        assert len(made.series) == 430
        assert all(candles.fault() is None for candles in made.series.values())

    @settings(max_examples=30, deadline=None)
    @given(
        seed=st.integers(0, 2**63),
        pairs=st.integers(1, 12),
        minutes=st.integers(1, 400),
        first=st.integers(0, 30_000_000),
    )
    def test_every_market_keeps_the_contract_of_candles(self, seed, pairs, minutes, first):
        made = generate(seed, pairs, minutes, first * MINUTE_MS)

        for candles in made.series.values():
            assert candles.fault() is None
            assert all(getattr(candles, field).dtype == np.float64 for field in FIELDS)
            assert candles.open_time.dtype == np.int64

    def test_every_price_is_on_the_tick_and_every_volume_on_the_step(self, market):
        for symbol, candles in market.series.items():
            instrument = market.instruments[symbol]
            grids = {**dict.fromkeys(PRICES, instrument.tick), "volume": instrument.step}
            for field, grid in grids.items():
                for value in map(exact, getattr(candles, field)[::101].tolist()):
                    assert value == floor_to(value, grid)

    def test_a_minute_opens_within_a_tick_of_the_close_before_it(self, market):
        for symbol, candles in market.series.items():
            tick = 10.0 ** market.coins[symbol].tick_exponent
            gaps = np.rint((candles.open[1:] - candles.close[:-1]) / tick)

            assert set(np.unique(gaps)) == {-1, 0, 1}

    def test_a_dead_minute_repeats_the_last_close(self, market):
        dead_minutes = 0
        for candles in market.series.values():
            dead = np.flatnonzero(candles.volume == 0)
            dead_minutes += len(dead)
            for field in PRICES:
                assert np.array_equal(getattr(candles, field)[dead], candles.close[dead - 1])

        assert dead_minutes > 0

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"seed": -1}, "seed"),
            ({"pairs": 0}, "pairs"),
            ({"minutes": 0}, "minutes"),
            ({"start": 30_000}, "start"),
            ({"start": -60_000}, "start"),
        ],
    )
    def test_an_argument_outside_its_limits_is_named(self, wrong, field):
        with pytest.raises(InputError) as caught:
            generate(**{"seed": 1, "minutes": 5, **wrong})

        assert caught.value.field == field


class TestBook:
    def test_it_is_taken_at_the_close_of_its_minute_around_the_close(self, market):
        for symbol, candles in market.series.items():
            book = market.book(symbol, 700)

            assert book.symbol == symbol
            assert book.time == candles.open_time[700] + MINUTE_MS
            assert book.best_bid <= candles.row(700).close <= book.best_ask

    def test_it_does_not_depend_on_which_books_were_asked_for_before(self, market):
        again = generate(seed=4, pairs=30, minutes=2 * 1440)
        again.book(BTC, 3)

        assert again.book("TOY/USDT:USDT", 9) == market.book("TOY/USDT:USDT", 9)

    def test_each_symbol_and_minute_has_its_own(self, market):
        shares = set()
        for symbol in market.series:
            for minute in range(5):
                best = market.book(symbol, minute).bids[0]
                shares.add((best[0] * best[1]).quantize(Decimal("0.01")))

        assert len(shares) > 0.95 * 5 * len(market.series)

    def test_books_are_thin_in_a_cascade(self, market):
        close = market.series[BTC].close
        worst = int((close[1:] / close[:-1]).argmin()) + 1

        def depth(minute: int) -> float:
            sides = [market.book(symbol, minute).bids for symbol in market.series]
            return float(np.mean([float(sum(p * q for p, q in side)) for side in sides]))

        assert depth(worst) < 0.5 * np.median([depth(worst - back) for back in range(60, 90)])


def test_a_generated_market_is_a_frozen_value(market):
    names = [field.name for field in fields(market)]

    assert names == ["seed", "series", "instruments", "coins"]
    with pytest.raises(AttributeError):
        market.seed = 2
