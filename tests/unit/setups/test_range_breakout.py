"""A hand-built quiet range and the close that leaves it; each condition alone silences it.

Every candle of the range is 0.5 high and so is the ATR; 30 of them reach from 63.75 to 64.3125.
Prices are multiples of 1/32, so that sums of them and their mirror images about 64 are exact.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from signalbot.analysis.indicators import Indicators
from signalbot.domain.candles import Candles
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.setups.range_breakout import ON_1M, ON_5M, Parameters, find
from signalbot.setups.setup import Found

Bar = tuple[float, float, float, float]
"""Close, how far the candle reaches above and below it, and its volume."""

QUIET: list[Bar] = [(64 + row % 2 / 16, 0.25, 0.25, 100.0) for row in range(220)]
LEAVES: Bar = (64.8125, 0.1875, 0.8125, 300.0)
LAST = len(QUIET)
HEIGHT = 0.5625
ATR = (13 * 0.5 + 1) / 14
RISK = 64.8125 - 63.75 + 0.1 * ATR

both_sides = pytest.mark.parametrize("side", Side)


def panel_of(bars: Sequence[Bar], side: Side) -> Panel:
    """The candles; for a short their mirror image about 64."""
    close, above, below, volume = (np.array(column) for column in zip(*bars, strict=True))
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
        volume=volume,
    )
    return build_panel({"A/USDT:USDT": candles}, M1)


def found_in(bars: Sequence[Bar], side: Side, parameters: Parameters = ON_1M) -> Found:
    panel = panel_of(bars, side)
    by_side = {found.side: found for found in find(panel, Indicators(panel), parameters)}
    return by_side[side]


def fires(bars: Sequence[Bar], side: Side, parameters: Parameters = ON_1M) -> bool:
    return LAST in found_in(bars, side, parameters).row.tolist()


def closing_at(close: float) -> Bar:
    return (close, 0.1875, 0.8125, 300.0)


def with_low_wick(back: int) -> list[Bar]:
    """The range and its breakout, with a low of 62 so many candles before it."""
    bars = [*QUIET, LEAVES]
    close, above, _, volume = bars[LAST - back]
    bars[LAST - back] = (close, above, close - 62, volume)
    return bars


@both_sides
@pytest.mark.parametrize("parameters", [ON_1M, ON_5M])
def test_a_loud_close_beyond_a_quiet_range_fires_for_that_side_only(side, parameters):
    other = Side.SHORT if side is Side.LONG else Side.LONG
    here = found_in([*QUIET, LEAVES], side, parameters)
    mirror_image = found_in([*QUIET, LEAVES], other, parameters)

    assert here.row.tolist() == mirror_image.row.tolist() == [LAST]

    panel = panel_of([*QUIET, LEAVES], side)
    wrong = {found.side: found for found in find(panel, Indicators(panel), parameters)}[other]
    assert wrong.row.tolist() == []


@both_sides
def test_the_stop_lies_beyond_the_other_end_and_the_target_at_least_one_r_away(side):
    found = found_in([*QUIET, LEAVES], side)

    entry = 64.8125 if side is Side.LONG else 128 - 64.8125
    assert 1.5 * HEIGHT < RISK
    assert found.stop.tolist() == pytest.approx([entry - side.sign * RISK])
    assert found.target.tolist() == pytest.approx([entry + side.sign * RISK])


@both_sides
@pytest.mark.parametrize(("heights", "reward"), [(3.0, 3 * HEIGHT), (10.0, 2.5 * RISK)])
def test_the_target_is_some_range_heights_away_but_not_too_many_r(side, heights, reward):
    found = found_in([*QUIET, LEAVES], side, replace(ON_1M, target_heights=heights))

    entry = 64.8125 if side is Side.LONG else 128 - 64.8125
    assert side.sign * (found.target[0] - entry) == pytest.approx(reward)


@both_sides
def test_a_stop_is_at_least_its_least_distance_away(side):
    found = found_in([*QUIET, LEAVES], side, replace(ON_1M, min_stop_atr=5.0))

    entry = 64.8125 if side is Side.LONG else 128 - 64.8125
    assert side.sign * (entry - found.stop[0]) == pytest.approx(5 * ATR)


@both_sides
def test_the_reasons_are_the_numbers_at_that_candle(side):
    reasons = found_in([*QUIET, LEAVES], side).reasons

    entry = 64.8125 if side is Side.LONG else 128 - 64.8125
    expected = {
        "range_pct": 100 * HEIGHT / entry,
        "range_widths": HEIGHT / 0.5,
        "volume_ratio": 3.0,
        "atr_pct": 100 * ATR / entry,
        # The closes of the range lie 1/32 around their mean: four deviations are 1/8.
        "band_width_pct": 100 * 0.125 / entry,
    }
    assert {name: reasons[name].tolist() for name in expected} == {
        name: pytest.approx([value]) for name, value in expected.items()
    }
    assert set(reasons) - set(expected) == {"adx", "money_flow"}


@both_sides
def test_a_close_on_the_edge_of_the_range_is_silent(side):
    assert not fires([*QUIET, closing_at(64.3125)], side)
    assert fires([*QUIET, closing_at(64.34375)], side)


@both_sides
def test_a_close_further_than_two_slow_atr_beyond_the_range_is_silent(side):
    assert fires([*QUIET, closing_at(65.3125)], side)
    assert not fires([*QUIET, closing_at(65.34375)], side)


@both_sides
def test_a_range_that_is_not_quiet_is_silent(side):
    assert fires([*QUIET, LEAVES], side, replace(ON_1M, max_width=HEIGHT / 0.5))
    assert not fires([*QUIET, LEAVES], side, replace(ON_1M, max_width=HEIGHT / 0.5 - 1e-9))


@both_sides
def test_the_range_is_made_of_the_thirty_candles_before(side):
    assert not fires(with_low_wick(30), side)
    assert fires(with_low_wick(31), side)


@both_sides
def test_a_volume_below_three_times_the_mean_before_it_is_silent(side):
    assert not fires([*QUIET, (*LEAVES[:3], 299.0)], side)
    assert fires([*QUIET, (*LEAVES[:3], 300.0)], side)


@both_sides
@pytest.mark.parametrize("volume", [100.0, 95610.83])
def test_a_mean_volume_of_nothing_has_no_multiple(side, volume):
    traded: list[Bar] = [(*bar[:3], volume + row / 10) for row, bar in enumerate(QUIET[:-20])]
    still: list[Bar] = [(*bar[:3], 0.0) for bar in QUIET[-20:]]
    one_trade: list[Bar] = [(*QUIET[-20][:3], 1.0), *still[1:]]

    assert not fires([*traded, *still, LEAVES], side)
    assert fires([*traded, *one_trade, LEAVES], side)
