"""A hand-built fall and its first rise: fires, and falls silent by each condition alone.

Prices are multiples of 1/32 below 128, so that sums of them and their mirror images about 64 are
exact.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from signalbot.analysis.indicators import Indicators
from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.setups.rsi_stochastic_reversal import ON_1M, ON_5M, Parameters, find
from signalbot.setups.setup import Found

Bar = tuple[float, float, float]
"""Close, and how far the candle reaches above and below it."""

CALM: list[Bar] = [(64 + row % 2 / 4, 0.25, 0.25) for row in range(220)]
# The last step is the largest: %K, nearly still until then, falls below %D.
FALL: list[Bar] = [(64 - step / 2, 0.5, 0.125) for step in range(1, 18)] + [(54.75, 0.75, 0.125)]
RISE: Bar = (55.25, 0.0, 0.5)
LAST = len(CALM) + len(FALL)
"""Row of the candle after the fall."""


def panel_of(*after: Bar, side: Side = Side.LONG) -> Panel:
    """The fall and what comes after it; for a short its mirror image about 64."""
    close, above, below = (np.array(column) for column in zip(*CALM, *FALL, *after, strict=True))
    high, low = close + above, close - below
    if side is Side.SHORT:
        close, high, low = 128 - close, 128 - low, 128 - high
    candles = Candles(
        timeframe=M1,
        open_time=np.arange(len(close), dtype=np.int64) * MINUTE_MS,
        open=close,
        high=high,
        low=low,
        close=close,
        volume=np.ones(len(close)),
    )
    return build_panel({"A/USDT:USDT": candles}, M1)


def found_in(panel: Panel, side: Side, parameters: Parameters = ON_1M) -> Found:
    by_side = {found.side: found for found in find(panel, Indicators(panel), parameters)}
    return by_side[side]


def rows_of(panel: Panel, side: Side, parameters: Parameters = ON_1M) -> list[int]:
    rows = found_in(panel, side, parameters).row.tolist()
    return [row for row in rows if row >= len(CALM)]


def oscillators(panel: Panel, side: Side) -> tuple[Sequence[float], ...]:
    """RSI, %K and %D as a long would see them."""
    known = Indicators(panel)
    values = (known.rsi(7), *known.stochastic(14, 3, 3))
    return tuple((each if side is Side.LONG else 100 - each)[:, 0].tolist() for each in values)


def atr_of(panel: Panel) -> float:
    """Wilder's average true range at the last row."""
    high, low, close = (getattr(panel, name)[:, 0].tolist() for name in ("high", "low", "close"))
    ranges = [
        max(high[row], close[row - 1]) - min(low[row], close[row - 1])
        for row in range(1, len(close))
    ]
    average = sum(ranges[:14]) / 14
    for true_range in ranges[14:]:
        average = (13 * average + true_range) / 14
    return average


both_sides = pytest.mark.parametrize("side", Side)


@both_sides
def test_the_first_rise_after_a_fall_fires_for_that_side_only(side):
    panel = panel_of(RISE, side=side)
    other = Side.SHORT if side is Side.LONG else Side.LONG

    assert rows_of(panel, side) == [LAST]
    assert rows_of(panel, other) == []


@both_sides
def test_five_minute_parameters_fire_on_the_same_picture(side):
    assert rows_of(panel_of(RISE, side=side), side, ON_5M) == [LAST]


@both_sides
def test_the_stop_lies_half_an_atr_beyond_the_swing_and_the_target_three_atr_away(side):
    panel = panel_of(RISE, side=side)
    atr = atr_of(panel)

    found = found_in(panel, side)

    # The swing low 54.625 is 0.625 away; the high of 45 candles is far more than 2.5 R away.
    risk = 0.625 + 0.5 * atr
    assert atr < risk < 3 * atr < 2.5 * risk
    entry = 55.25 if side is Side.LONG else 128 - 55.25
    assert found.stop.tolist() == pytest.approx([entry - side.sign * risk])
    assert found.target.tolist() == pytest.approx([entry + side.sign * 3 * atr])


@both_sides
def test_a_stop_is_at_least_its_least_distance_away(side):
    panel = panel_of(RISE, side=side)

    found = found_in(panel, side, replace(ON_1M, min_stop_atr=2.0))

    assert abs(found.stop[0] - panel.close[LAST, 0]) == pytest.approx(2 * atr_of(panel))


@both_sides
@pytest.mark.parametrize(
    ("structure", "reward"), [(3, None), (4, 1.25), (5, 1.75), (6, 2.25), (7, None)]
)
def test_a_structure_between_one_and_two_and_a_half_r_is_the_target(side, structure, reward):
    # The highs of the fall rise by 0.5 a candle, from 0.75 above the entry two candles back; the
    # risk is about 0.94, so that 0.75 is too near and 2.75 too far.
    panel = panel_of(RISE, side=side)

    found = found_in(panel, side, replace(ON_1M, structure=structure))

    expected = 3 * atr_of(panel) if reward is None else reward
    assert abs(found.target[0] - panel.close[LAST, 0]) == pytest.approx(expected)


@both_sides
@pytest.mark.parametrize(
    ("least", "most", "expected"), [(1.0, 1.5, 1.5), (4.0, 9.0, 4.0), (1.0, 2.5, None)]
)
def test_without_structure_the_target_is_three_atr_brought_into_the_bounds(
    side, least, most, expected
):
    panel = panel_of(RISE, side=side)
    atr = atr_of(panel)
    risk = 0.625 + 0.5 * atr

    found = found_in(panel, side, replace(ON_1M, min_target_r=least, max_target_r=most))

    reward = 3 * atr if expected is None else expected * risk
    assert abs(found.target[0] - panel.close[LAST, 0]) == pytest.approx(reward)


@both_sides
def test_the_reasons_are_the_numbers_at_that_candle(side):
    panel = panel_of(RISE, side=side)
    rsi, slow_k, slow_d = oscillators(panel, side)

    reasons = {name: values.tolist() for name, values in found_in(panel, side).reasons.items()}

    as_shown = {
        name: 100 - value if side is Side.SHORT else value
        for name, value in {
            "rsi": rsi[LAST],
            "rsi_extreme": rsi[LAST - 1],
            "stochastic_k": slow_k[LAST],
            "stochastic_d": slow_d[LAST],
        }.items()
    }
    assert {name: reasons[name] for name in as_shown} == {
        name: pytest.approx([value]) for name, value in as_shown.items()
    }
    assert reasons["atr_pct"] == pytest.approx([100 * atr_of(panel) / panel.close[LAST, 0]])
    assert set(reasons) - set(as_shown) == {"atr_pct", "ema_gap_pct", "adx"}
    assert math.copysign(1, reasons["ema_gap_pct"][0]) == -side.sign


@both_sides
def test_an_rsi_that_was_not_extreme_is_silent(side):
    panel = panel_of(RISE, side=side)
    extreme = oscillators(panel, side)[0][LAST - 1]

    assert rows_of(panel, side, replace(ON_1M, oversold_rsi=extreme + 1e-6)) == [LAST]
    assert rows_of(panel, side, replace(ON_1M, oversold_rsi=extreme - 1e-6)) == []


@both_sides
def test_a_stochastic_that_comes_from_above_its_zone_is_silent(side):
    panel = panel_of(RISE, side=side)
    before = oscillators(panel, side)[1][LAST - 1]

    assert rows_of(panel, side, replace(ON_1M, oversold_stochastic=before + 1e-6)) == [LAST]
    assert rows_of(panel, side, replace(ON_1M, oversold_stochastic=before - 1e-6)) == []


@both_sides
def test_an_extreme_further_back_than_the_memory_is_silent(side):
    # Three small rises in candles that reach ever higher: the RSI leaves its low, %K does not.
    dull = [(54.78125, 16.0, 0.15625), (54.8125, 32.0, 0.1875), (54.84375, 48.0, 0.21875)]
    panel = panel_of(*dull, (56.0, 0.0, 0.5), side=side)
    rsi, slow_k, slow_d = oscillators(panel, side)
    low = LAST - 1
    only_the_low = replace(ON_1M, oversold_rsi=(rsi[low] + rsi[low + 1]) / 2)

    assert all(slow_k[row] < slow_d[row] for row in range(low, low + 4))
    assert rows_of(panel, side, replace(only_the_low, memory=4)) == [low + 4]
    assert rows_of(panel, side, replace(only_the_low, memory=3)) == []


@both_sides
def test_a_rise_without_a_cross_is_silent(side):
    # The candle reaches so high that its close is lower in the range than those before.
    panel = panel_of((55.25, 48.0, 0.5), side=side)
    rsi, slow_k, slow_d = oscillators(panel, side)

    assert rsi[LAST] > rsi[LAST - 1]
    assert slow_k[LAST] < slow_d[LAST]
    assert rows_of(panel, side) == []


@both_sides
def test_a_second_rise_is_silent_because_the_lines_have_crossed(side):
    panel = panel_of(RISE, (55.75, 0.0, 0.5), side=side)
    rsi, slow_k, slow_d = oscillators(panel, side)
    second = LAST + 1

    assert rsi[second] > rsi[LAST]
    assert min(rsi[second - 3 :]) < 15
    assert slow_k[second] > slow_d[second]
    assert slow_k[LAST] < 15
    assert rows_of(panel, side) == [LAST]


@both_sides
def test_a_cross_without_a_rise_of_the_rsi_is_silent(side):
    # A deeper low lifts %K although the close does not move; one 32nd more is a rise.
    still, rising = (54.75, 0.0, 0.5), (54.78125, 0.0, 0.53125)
    _, slow_k, slow_d = oscillators(panel_of(still, side=side), side)

    assert slow_k[LAST - 1] <= slow_d[LAST - 1]
    assert slow_k[LAST] > slow_d[LAST]
    assert rows_of(panel_of(still, side=side), side) == []
    assert rows_of(panel_of(rising, side=side), side) == [LAST]


@both_sides
@pytest.mark.parametrize("first_move", [0.5, -0.5])
def test_a_pair_that_never_moved_fires_for_no_side_when_it_first_does(side, first_move):
    frozen = panel_of(side=side)
    prices = np.full(frozen.shape, 64.0)
    prices[-1] += first_move
    panel = replace(
        frozen,
        open=prices,
        close=prices,
        high=np.maximum(prices, 64.0),
        low=np.minimum(prices, 64.0),
    )

    assert found_in(panel, side).row.tolist() == []
