"""Hand-computed values, the textbook formulas in plain Python, gaps, and no look ahead."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.analysis.indicators import Indicators, Run, previous, unbroken_runs
from signalbot.domain.candles import FIELDS, PRICES, Candles, Floats
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.timeframe import M1, MINUTE_MS

COMPUTE = {
    "age": lambda known: (known.age(),),
    "rsi": lambda known: (known.rsi(7),),
    "stochastic": lambda known: known.stochastic(5, 3, 3),
    "atr": lambda known: (known.atr(5),),
    "adx": lambda known: (known.adx(5),),
    "money_flow": lambda known: (known.money_flow(5),),
    "bands": lambda known: known.bands(5, 2.0),
    "ema": lambda known: (known.ema(5),),
    "highest": lambda known: (known.highest(5),),
    "lowest": lambda known: (known.lowest(5),),
    "mean_volume": lambda known: (known.mean_volume(5),),
}
WARMUP = {
    "age": (0,),
    "rsi": (7,),
    "stochastic": (6, 8),
    "atr": (5,),
    "adx": (9,),
    "money_flow": (5,),
    "bands": (4, 4, 4),
    "ema": (4,),
    "highest": (4,),
    "lowest": (4,),
    "mean_volume": (4,),
}
"""Rows before the first value of each array."""


def candles(
    close: Sequence[float],
    *,
    high: Sequence[float] | None = None,
    low: Sequence[float] | None = None,
    volume: Sequence[float] | None = None,
) -> Candles:
    prices = np.array(close, dtype=np.float64)
    return Candles(
        timeframe=M1,
        open_time=np.arange(len(prices), dtype=np.int64) * MINUTE_MS,
        open=prices,
        high=prices if high is None else np.array(high, dtype=np.float64),
        low=prices if low is None else np.array(low, dtype=np.float64),
        close=prices,
        volume=np.ones(len(prices)) if volume is None else np.array(volume, dtype=np.float64),
    )


def random_walk(rows: int, seed: int = 5) -> Candles:
    rng = np.random.default_rng(seed)
    close = 100 + np.cumsum(rng.normal(0, 0.1, rows))
    return candles(
        close,
        high=close + rng.exponential(0.05, rows),
        low=close - rng.exponential(0.05, rows),
        volume=rng.lognormal(8, 1, rows),
    )


def without(series: Candles, *missing: int) -> Candles:
    columns = {name: np.delete(getattr(series, name), missing) for name in ("open_time", *FIELDS)}
    return replace(series, **columns)


def known_of(*series: Candles) -> Indicators:
    return Indicators(panel_of(*series))


def panel_of(*series: Candles) -> Panel:
    return build_panel({f"P{pair}/USDT:USDT": each for pair, each in enumerate(series)}, M1)


def close_to(values: Floats, expected: Sequence[float | None]) -> None:
    wanted = [math.nan if value is None else value for value in expected]
    np.testing.assert_allclose(values[:, 0], wanted, rtol=1e-9, atol=1e-8)


def test_runs_are_the_stretches_between_gaps_pair_by_pair():
    panel = panel_of(without(random_walk(9), 3, 4), without(random_walk(9), 0, 8))

    assert unbroken_runs(panel) == (
        Run(pair=0, first=0, last=3),
        Run(pair=0, first=5, last=9),
        Run(pair=1, first=1, last=8),
    )


def test_a_pair_without_candles_has_no_run():
    nothing = without(random_walk(3), 0, 1, 2)

    assert unbroken_runs(panel_of(random_walk(3), nothing)) == (Run(pair=0, first=0, last=3),)


def test_the_age_counts_the_candles_of_the_unbroken_run():
    known = known_of(without(random_walk(6), 2))

    close_to(known.age(), [1, 2, None, 1, 2, 3])


def test_rsi_by_hand():
    # Moves +1 -1 +2 -3: the averages are 1/2 and 1/2, then 5/4 and 1/4, then 5/8 and 13/8.
    known = known_of(candles([10, 11, 10, 12, 9]))

    close_to(known.rsi(2), [None, None, 50, 100 * 5 / 6, 100 * 5 / 18])


def test_rsi_is_wilders_formula():
    walk = random_walk(120)
    moves = np.diff(walk.close).tolist()
    gain = sum(max(move, 0) for move in moves[:14]) / 14
    loss = sum(max(-move, 0) for move in moves[:14]) / 14
    expected = [None] * 14 + [100 * gain / (gain + loss)]

    for move in moves[14:]:
        gain, loss = (13 * gain + max(move, 0)) / 14, (13 * loss + max(-move, 0)) / 14
        expected.append(100 * gain / (gain + loss))

    close_to(known_of(walk).rsi(14), expected)


def test_stochastic_by_hand():
    # Raw %K over 3 rows: (12-9)/(13-9), (10-9)/(14-9), (13-9)/(14-9), (11-8)/(14-8).
    known = known_of(
        candles([10, 11, 12, 10, 13, 11], high=[11, 12, 13, 14, 13, 12], low=[9, 10, 11, 9, 10, 8])
    )

    slow_k, slow_d = known.stochastic(3, 2, 2)

    close_to(slow_k, [None, None, None, 47.5, 50, 65])
    close_to(slow_d, [None, None, None, None, 48.75, 57.5])


def test_stochastic_is_its_formula():
    walk = random_walk(90)
    raw = []
    for last in range(13, 90):
        bottom, top = min(walk.low[last - 13 : last + 1]), max(walk.high[last - 13 : last + 1])
        raw.append(100 * (walk.close[last] - bottom) / (top - bottom))
    smoothed = [sum(raw[last - 2 : last + 1]) / 3 for last in range(2, len(raw))]
    signal = [sum(smoothed[last - 2 : last + 1]) / 3 for last in range(2, len(smoothed))]

    slow_k, slow_d = known_of(walk).stochastic(14, 3, 3)

    close_to(slow_k, [None] * 15 + smoothed)
    close_to(slow_d, [None] * 17 + signal)


def test_atr_by_hand():
    # True ranges from the second row on: 3 (from the close before), 2, 5, 4.
    known = known_of(candles([10, 12, 12, 8, 11], high=[11, 13, 13, 11, 12], low=[9, 11, 11, 7, 9]))

    close_to(known.atr(2), [None, None, 2.5, 3.75, 3.875])


def test_atr_is_wilders_formula():
    walk = random_walk(120)
    ranges = [
        max(high - low, abs(high - before), abs(low - before))
        for high, low, before in zip(walk.high[1:], walk.low[1:], walk.close, strict=False)
    ]
    average = sum(ranges[:14]) / 14
    expected = [None] * 14 + [average]

    for true_range in ranges[14:]:
        average = (13 * average + true_range) / 14
        expected.append(average)

    close_to(known_of(walk).atr(14), expected)


def test_adx_of_a_trend_without_a_step_back_is_one_hundred_whatever_its_direction():
    rising = np.arange(100.0, 140.0)
    falling = rising[::-1]

    up = known_of(candles(rising, high=rising + 1, low=rising - 1)).adx(5)
    down = known_of(candles(falling, high=falling + 1, low=falling - 1)).adx(5)

    close_to(up, [None] * 9 + [100] * 31)
    close_to(down, [None] * 9 + [100] * 31)


def test_adx_by_hand():
    # +DM is 2, 1, 0 and -DM 0, 0, 3. Wilder's sums halve before each is added: 2/2 + 1 = 2 against
    # 0, then 2/2 + 0 = 1 against 3. So DX is 100 and then 50; the true ranges cancel.
    known = known_of(candles([9, 11, 10, 7], high=[10, 12, 13, 13], low=[8, 9, 9, 6]))

    close_to(known.adx(2), [None, None, None, 75])


def test_money_flow_by_hand():
    # Flows +22 and -20, then -20 and +24.
    known = known_of(candles([10, 11, 10, 12], volume=[1, 2, 2, 2]))

    close_to(known.money_flow(2), [None, None, 100 * 22 / 42, 100 * 24 / 44])


def test_bands_by_hand():
    # Mean 100 and a deviation of 1 (of the population).
    upper, middle, lower = known_of(candles([99, 101, 99, 101])).bands(4, 2.0)

    close_to(upper, [None, None, None, 102])
    close_to(middle, [None, None, None, 100])
    close_to(lower, [None, None, None, 98])


def test_averages_and_extremes_by_hand():
    known = known_of(
        candles([1, 2, 3, 7], high=[2, 5, 4, 8], low=[1, 1, 2, 3], volume=[1, 3, 8, 1])
    )

    close_to(known.ema(3), [None, None, 2, 4.5])
    close_to(known.highest(2), [None, 5, 5, 8])
    close_to(known.lowest(2), [None, 1, 1, 2])
    close_to(known.mean_volume(2), [None, 2, 5.5, 4.5])


def test_oscillators_of_a_pair_that_never_moved_stand_in_the_middle():
    known = known_of(candles([100] * 40))

    slow_k, slow_d = known.stochastic(14, 3, 3)

    assert known.rsi(7)[-1, 0] == slow_k[-1, 0] == slow_d[-1, 0] == 50


def test_oscillators_that_stand_still_are_equal_to_the_last_bit():
    walk = random_walk(60).close
    still = known_of(candles([*walk, *[min(walk) - 1] * 20]))

    slow_k, slow_d = still.stochastic(40, 3, 3)

    assert len(set(still.rsi(7)[-18:, 0])) == 1
    assert set(slow_k[-15:, 0]) == set(slow_d[-15:, 0]) == {0.0}


def test_a_stretch_without_trades_has_a_mean_volume_of_exactly_zero():
    traded = random_walk(60).volume

    means = known_of(candles([100] * 85, volume=[*traded, *[0] * 25])).mean_volume(20)

    assert (means[79:, 0] == 0).all()
    assert (means[19:79, 0] > 0).all()


@pytest.mark.parametrize("name", COMPUTE)
def test_a_gap_silences_an_indicator_for_its_warmup_and_no_longer(name):
    gap = 30
    broken = COMPUTE[name](known_of(without(random_walk(60), gap)))
    fresh = COMPUTE[name](known_of(without(random_walk(60), *range(gap + 1))))

    for one, other, warmup in zip(broken, fresh, WARMUP[name], strict=True):
        silent = np.flatnonzero(np.isnan(one[gap:, 0])).tolist()
        assert silent == list(range(1 + warmup))
        np.testing.assert_array_equal(one[gap + 1 :], other)


@pytest.mark.parametrize("name", COMPUTE)
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_runs_too_short_for_an_indicator_have_no_value(name, rows):
    values = COMPUTE[name](known_of(random_walk(rows)))

    for each in values:
        assert np.isnan(each).all() == (name != "age")


@given(cut=st.integers(1, 60), missing=st.sets(st.integers(0, 59), max_size=8), seed=st.integers(0))
@settings(max_examples=40, deadline=None)
def test_no_row_knows_of_later_ones(cut, missing, seed):
    whole = panel_of(without(random_walk(60, seed), *missing), random_walk(60, seed + 1))
    columns = {name: getattr(whole, name)[:cut] for name in ("open_time", *FIELDS)}
    known, known_then = Indicators(whole), Indicators(replace(whole, **columns))

    for compute in COMPUTE.values():
        for value, value_then in zip(compute(known), compute(known_then), strict=True):
            np.testing.assert_array_equal(value[:cut], value_then)


@given(power=st.integers(-40, 40), seed=st.integers(0))
@settings(max_examples=25, deadline=None)
def test_oscillators_do_not_depend_on_what_a_coin_costs(power, seed):
    walk = random_walk(80, seed)
    # a power of two scales a float without rounding
    scaled = replace(walk, **{name: getattr(walk, name) * 2.0**power for name in PRICES})
    known, known_scaled = known_of(walk), known_of(scaled)

    for name in ("rsi", "stochastic", "adx"):
        for value, value_scaled in zip(
            COMPUTE[name](known), COMPUTE[name](known_scaled), strict=True
        ):
            np.testing.assert_allclose(value, value_scaled, rtol=0, atol=1e-8)
    np.testing.assert_allclose(known.atr(5) * 2.0**power, known_scaled.atr(5), rtol=1e-12)


def test_an_indicator_is_computed_once_however_often_it_is_asked_for():
    known = known_of(random_walk(30))

    assert known.rsi(7) is known.rsi(7)
    assert known.rsi(7) is not known.rsi(14)


def test_previous_moves_rows_down_and_leaves_its_argument_alone():
    values = np.array([[1.0], [2.0], [3.0]])

    moved = previous(values, 2)

    close_to(moved, [None, None, 1])
    close_to(previous(values), [None, 1, 2])
    close_to(previous(values, 5), [None, None, None])
    assert values[:, 0].tolist() == [1, 2, 3]
