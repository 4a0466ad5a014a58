from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.rounding import exact, floor_to
from signalbot.sandbox.coins import BITCOIN, NAMES, draw_coins


def coins(pairs: int, seed: int = 1):
    return draw_coins(np.random.default_rng(seed), pairs)


def test_bitcoin_comes_first_and_invented_names_follow():
    symbols = [coin.symbol for coin in coins(4)]

    assert symbols == ["BTC/USDT:USDT", "MOCK/USDT:USDT", "TOY/USDT:USDT", "SHAM/USDT:USDT"]


def test_bitcoin_alone_is_a_market():
    assert coins(1) == (BITCOIN,)


def test_beyond_the_readable_names_come_numbers_and_no_symbol_appears_twice():
    symbols = [coin.symbol for coin in coins(430)]

    assert len(NAMES) >= 40
    assert symbols[len(NAMES) : len(NAMES) + 2] == ["SNOWGLOBE/USDT:USDT", "TOY49/USDT:USDT"]
    assert len(set(symbols)) == 430


@pytest.mark.parametrize("pairs", [9, 430])
def test_characters_stay_in_the_ranges_of_real_small_caps(pairs):
    for coin in coins(pairs)[1:]:
        tick_bps = 1e4 * 10.0**coin.tick_exponent / coin.price

        assert 1e-5 <= coin.price <= 100
        assert 0.99 <= tick_bps <= 8.01
        assert 0.05 <= coin.price * 10.0**coin.step_exponent <= 0.5
        assert 0.0008 <= coin.volatility <= 0.0045
        assert 0 < coin.correlation < 1
        assert coin.fall > BITCOIN.fall


def test_few_pairs_show_the_same_spread_of_characters_as_many():
    few, many = (np.median([coin.volatility for coin in coins(pairs)[1:]]) for pairs in (9, 430))

    assert few == pytest.approx(many, rel=0.15)


def test_an_instrument_has_plain_steps_and_the_fees_of_a_usual_venue():
    for coin in coins(60):
        instrument = coin.instrument()

        assert instrument.venue == "simulated"
        assert instrument.symbol == coin.symbol
        assert instrument.min_qty == instrument.step
        assert instrument.min_notional == 5
        assert instrument.contract_size == 1
        assert instrument.taker_rate == Decimal("0.0005")
        assert instrument.maker_rate == Decimal("0.0002")


def test_whole_ticks_and_steps_read_back_as_exact_decimals():
    whole = np.arange(1.0, 2_000.0)

    for coin in coins(60):
        tick, step = coin.instrument().tick, coin.instrument().step
        for price in coin.prices(whole)[::311].tolist():
            assert exact(price) == floor_to(exact(price), tick)
        for quantity in coin.quantities(whole)[::311].tolist():
            assert exact(quantity) == floor_to(exact(quantity), step)
        assert np.array_equal(np.rint(coin.in_ticks(coin.prices(whole))), whole)
        assert np.array_equal(np.rint(coin.in_steps(coin.quantities(whole))), whole)
