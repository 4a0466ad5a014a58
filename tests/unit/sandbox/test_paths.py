import numpy as np
import pytest

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.sandbox.coins import draw_coins
from signalbot.sandbox.paths import CASCADE_EVERY, DAY, daily_rhythm, draw_paths, persist


@pytest.mark.parametrize("length", [1, 2, 3, 64, 100])
def test_persistence_equals_the_recursion_it_stands_for(length):
    noise = np.random.default_rng(1).standard_normal((3, length))
    weight = 0.5 ** (1 / 5)
    expected = noise.copy()
    for minute in range(1, length):
        expected[:, minute] += weight * expected[:, minute - 1]

    assert persist(noise, 5) == pytest.approx(expected)


def test_a_single_shock_halves_in_a_half_life_and_the_argument_is_left_alone():
    shock = np.r_[1.0, np.zeros(20)]

    assert persist(shock, 10)[[0, 10, 20]] == pytest.approx([1, 0.5, 0.25])
    assert shock[1:].sum() == 0


def test_the_busiest_minute_is_in_the_american_morning_wherever_the_market_starts():
    shift = 5 * 60
    day = daily_rhythm(0, DAY)

    assert day.argmax() == 14 * 60 + 30
    assert day.max() == pytest.approx(1)
    assert day.min() == pytest.approx(-1)
    assert daily_rhythm(DAY_MS + shift * MINUTE_MS, DAY - shift) == pytest.approx(day[shift:])


def moves_of_four_minutes(minutes: int, seed: int, pairs: int = 20) -> np.ndarray:
    rng = np.random.default_rng(seed)
    paths = draw_paths(rng, draw_coins(rng, pairs), minutes, 0)
    return paths.log_price[:, 4:] - paths.log_price[:, :-4]


@pytest.mark.parametrize("seed", range(12))
def test_bitcoin_cascades_in_every_market_of_two_days_and_the_others_fall_further(seed):
    moves = moves_of_four_minutes(2 * DAY, seed)
    at = moves[0].argmin()

    assert -0.03 < moves[0, at] < -0.01
    assert moves[1:, at].mean() < 1.4 * moves[0, at]


def test_a_long_market_has_a_cascade_a_month():
    moves = moves_of_four_minutes(3 * CASCADE_EVERY, seed=3, pairs=1)[0]

    falls = np.flatnonzero(moves < -0.012)

    assert set(falls // CASCADE_EVERY) == {0, 1, 2}


def test_a_short_market_has_no_cascade():
    typical = [moves_of_four_minutes(DAY, seed)[0].min() for seed in range(12)]

    assert np.median(typical) > -0.008


def test_volatility_stays_raised_after_a_cascade():
    rng = np.random.default_rng(5)
    paths = draw_paths(rng, draw_coins(rng, 40), 2 * DAY, 0)
    end = (paths.log_price[0, 4:] - paths.log_price[0, :-4]).argmin() + 4

    before, after = paths.volatility[:, end - 20], paths.volatility[:, end + 2]

    assert np.median(after / before) > 1.5
