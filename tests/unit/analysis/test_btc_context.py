"""HALT on made-up BTC series, hand-computed; what is unknown; and no look ahead.

A quiet BTC moves by the same amount up and down, so that its sigma is that amount, five moves in a
row sum up to one, and four to nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.analysis.btc_context import BtcContext, BtcRules, BtcState, btc_context
from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.timeframe import M1, M5, Timeframe

RULES = BtcRules()
SIGMA = 0.0005
ROOT = math.sqrt(5)
WARM = 260
"""Quiet minutes before something happens: row 260 is the last of them."""


def quiet(rows: int, sigma: float = SIGMA) -> list[float]:
    return [sigma if row % 2 else -sigma for row in range(rows)]


def btc(returns: Sequence[float], timeframe: Timeframe = M1) -> Candles:
    """A series whose row t + 1 is reached by the log return t."""
    close = 100 * np.exp(np.cumsum([0.0, *returns]))
    return Candles(
        timeframe=timeframe,
        open_time=np.arange(len(close), dtype=np.int64) * timeframe.step_ms,
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.ones(len(close)),
    )


def without(series: Candles, *missing: int) -> Candles:
    columns = {name: np.delete(getattr(series, name), missing) for name in ("open_time", *FIELDS)}
    return replace(series, **columns)


def state(context: BtcContext, row: int, timeframe: Timeframe = M1) -> BtcState | None:
    return context.at((row + 1) * timeframe.step_ms)


def halted_rows(returns: Sequence[float], timeframe: Timeframe = M1) -> list[int]:
    context = btc_context(btc(returns, timeframe), RULES)
    states = ((row, state(context, row, timeframe)) for row in range(len(returns) + 1))
    return [row for row, each in states if each and each.halted]


def test_a_quiet_btc_never_halts():
    assert halted_rows(quiet(500)) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_six_sigmas_in_one_minute_halt_and_a_little_less_does_not(sign):
    shock, tremor = ([*quiet(WARM), sign * z * SIGMA, *quiet(40)] for z in (6.01, 5.99))

    assert halted_rows(shock)[0] == WARM + 1
    assert halted_rows(tremor) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_four_sigmas_in_five_minutes_halt_and_a_little_less_does_not(sign):
    shock, tremor = (
        [*quiet(WARM), *[sign * z * SIGMA / ROOT] * 5, *quiet(40)] for z in (4.01, 3.99)
    )

    assert halted_rows(shock)[0] == WARM + 5
    assert halted_rows(tremor) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_a_move_of_nearly_one_per_cent_halts_even_a_wild_btc(sign):
    wild = 0.002  # 0.8 % are 4 sigmas of one minute and 1.8 of five
    shock, tremor = (
        [*quiet(WARM, wild), sign * move, *quiet(40, wild)] for move in (0.00801, 0.00799)
    )

    # calm by its sigmas, but not before the move has left the five minutes
    assert halted_rows(shock) == list(range(WARM + 1, WARM + 1 + 5 + 15))
    assert halted_rows(tremor) == []


@pytest.mark.parametrize(
    ("rule", "measure", "others"),
    [
        ("halt_z1", "z_1m", {"halt_z5": 99.0, "halt_return_5m": 99.0}),
        ("halt_z5", "z_5m", {"halt_z1": 99.0, "halt_return_5m": 99.0}),
        ("halt_return_5m", "return_5m", {"halt_z1": 99.0, "halt_z5": 99.0}),
    ],
)
def test_a_move_of_exactly_the_threshold_halts(rule, measure, others):
    series = btc([*quiet(WARM), 0.003])
    moved = float(getattr(btc_context(series, RULES), measure)[-1])
    least, more = (
        btc_context(series, BtcRules(**{rule: threshold}, **others))
        for threshold in (moved, math.nextafter(moved, math.inf))
    )

    assert least.halted[-1]
    assert not more.halted[-1]


def test_a_halt_ends_after_fifteen_calm_minutes_and_not_before():
    # The shock stays in the five-minute return of the next four rows, then fifteen are calm.
    returns = [*quiet(WARM), 6.01 * SIGMA, *quiet(60)]
    shock = WARM + 1

    assert halted_rows(returns) == list(range(shock, shock + 5 + 15))


def test_an_unrest_below_the_alarm_starts_the_calm_minutes_anew():
    # Ten calm minutes after the shock sigma is still 1.33 times the quiet one: seven of those are
    # 2.4 sigmas of five minutes and 5.4 of one.
    returns = [*quiet(WARM), 6.01 * SIGMA, *quiet(14), 7 * SIGMA, *quiet(60)]
    unrest = WARM + 1 + 15

    assert halted_rows(returns) == list(range(WARM + 1, unrest + 5 + 15))


def test_a_second_halt_begins_after_the_first_has_ended():
    returns = [*quiet(WARM), 6.01 * SIGMA, *quiet(200), 10 * SIGMA, *quiet(60)]
    first, second = WARM + 1, WARM + 202

    assert halted_rows(returns) == [*range(first, first + 20), *range(second, second + 20)]


def test_the_floor_of_sigma_keeps_a_sleeping_btc_from_halting_at_every_step():
    # 1.1 and 1.3 permille are 5.5 and 6.5 times the floor of 2 bp.
    assert halted_rows([*[0.0] * WARM, 0.0011, *[0.0] * 30]) == []
    assert halted_rows([*[0.0] * WARM, 0.0013, *[0.0] * 30])[0] == WARM + 1


def test_the_context_is_unknown_until_sigma_and_a_window_after_it_are_full():
    context = btc_context(btc(quiet(WARM)), RULES)

    assert next(row for row in range(WARM + 1) if state(context, row)) == 240 + 5


def test_a_crash_in_the_warmup_halts_until_fifteen_known_minutes_were_calm():
    returns = [*quiet(100), *[-0.003] * 5, *quiet(200)]

    assert halted_rows(returns) == list(range(245, 260))


def test_a_missing_candle_makes_every_minute_unknown_whose_five_minutes_need_it():
    context = btc_context(without(btc(quiet(400)), 300), RULES)

    unknown = [row for row in range(245, 401) if state(context, row) is None]

    assert unknown == [300, 301, 302, 303, 304, 305]


def test_an_instant_that_is_no_close_of_the_series_is_unknown():
    context = btc_context(btc(quiet(WARM)), RULES)
    last = (WARM + 1) * M1.step_ms

    assert context.at(last) is not None
    assert context.at(last - 1) is context.at(last + M1.step_ms) is context.at(0) is None


@pytest.mark.parametrize("rows", [0, 1, 3, 7])
def test_a_btc_without_history_is_unknown(rows):
    series = without(btc(quiet(8)), *range(rows, 9))

    context = btc_context(series, RULES)

    assert [context.at(close) for close in context.close_time.tolist()] == [None] * rows
    assert context.at(M1.step_ms) is None


@pytest.mark.parametrize(("timeframe", "bars", "warmup"), [(M1, 5, 240), (M5, 1, 48)])
def test_z_is_its_formula_with_sigma_taken_before_the_window(timeframe, bars, warmup):
    rng = np.random.default_rng(3)
    returns = rng.normal(0, 0.001, 400).tolist()
    context = btc_context(btc(returns, timeframe), RULES)
    decay, floor = 0.97**timeframe.minutes, 0.0002 * math.sqrt(timeframe.minutes)

    variance, sigma = returns[0] ** 2, [math.nan]
    for move in returns:
        variance = decay * variance + (1 - decay) * move**2
        sigma.append(max(math.sqrt(variance), floor))

    for row in range(warmup + bars, 401):
        moved = sum(returns[row - bars : row])
        known = state(context, row, timeframe)
        assert known is not None
        assert known.return_5m == pytest.approx(moved)
        assert known.z_5m == pytest.approx(moved / (sigma[row - bars] * math.sqrt(bars)))
        if timeframe is M1:
            assert known.z_1m == pytest.approx(returns[row - 1] / sigma[row - 1])
        else:
            assert known.z_1m is None


def test_a_gap_adds_nothing_to_sigma_and_does_not_age_it():
    returns = np.random.default_rng(4).normal(0, 0.001, 310).tolist()
    context = btc_context(without(btc(returns), 300), RULES)

    variance = returns[0] ** 2
    for row in [*range(1, 300), *range(302, 306)]:  # no return to row 300 nor to the one after
        variance = 0.97 * variance + 0.03 * returns[row - 1] ** 2

    expected = sum(returns[305:310]) / (math.sqrt(variance) * ROOT)
    assert state(context, 310).z_5m == pytest.approx(expected)


def test_on_five_minute_candles_the_same_rules_are_counted_in_candles():
    sigma, shock = 0.0015, 61
    calm = quiet(60, sigma)

    # 4 sigmas are 0.6 %; the shock is in its own candle only, then three are calm.
    assert halted_rows([*calm, 4.01 * sigma, *calm], M5) == [shock, 62, 63, 64]
    assert halted_rows([*calm, 3.99 * sigma, *calm], M5) == []
    assert halted_rows([*quiet(60, 0.003), 0.00801], M5) == [shock]
    assert halted_rows([*quiet(60, 0.003), 0.00799], M5) == []


def test_on_five_minute_candles_the_warmup_is_four_hours_too():
    context = btc_context(btc(quiet(60), M5), RULES)

    assert next(row for row in range(61) if state(context, row, M5)) == 48 + 1


@given(
    cut=st.integers(0, 330),
    seed=st.integers(0),
    missing=st.sets(st.integers(0, 330), max_size=6),
    timeframe=st.sampled_from([M1, M5]),
)
@settings(max_examples=40, deadline=None)
def test_no_state_knows_of_later_candles(cut, seed, missing, timeframe):
    rng = np.random.default_rng(seed)
    moves = rng.standard_t(3, 330) * 0.0006
    whole = without(btc(moves.tolist(), timeframe), *missing)

    context = btc_context(whole, RULES)
    context_then = btc_context(without(whole, *range(cut, len(whole))), RULES)

    for field in fields(BtcContext):
        known, known_then = getattr(context, field.name), getattr(context_then, field.name)
        np.testing.assert_array_equal(known[:cut], known_then)


def test_a_gap_halts_because_nobody_knows_what_happened_in_it():
    whole = btc([*quiet(WARM), -0.05, *quiet(60)])
    crash = WARM + 1

    context = btc_context(without(whole, crash), RULES)

    states = [state(context, row) for row in range(crash + 1, crash + 60)]
    known = [each.halted for each in states if each]
    assert known[:15] == [True] * 15
    assert known[-1] is False
