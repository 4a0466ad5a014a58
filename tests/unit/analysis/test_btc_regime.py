"""BTC's trend and volatility regime on made-up series, hand-computed."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from signalbot.analysis.btc_context import (
    BtcContext,
    BtcRules,
    BtcState,
    Trend,
    Volatility,
    btc_context,
)
from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import M1, M5, Timeframe

RULES = BtcRules()


def quiet(rows: int, size: float) -> list[float]:
    return [size if row % 2 else -size for row in range(rows)]


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


def state(context: BtcContext, row: int, timeframe: Timeframe = M1) -> BtcState | None:
    return context.at((row + 1) * timeframe.step_ms)


@pytest.mark.parametrize(("last", "trend"), [(101, Trend.UP), (99, Trend.DOWN)])
def test_the_trend_is_the_sign_between_the_fast_and_the_slow_average(last, trend):
    # After 59 closes at 100 the averages move by 2/21 and by 1/60 of the last step.
    context = btc_context(btc([*[0.0] * 58, math.log(last / 100)], M5), RULES)
    before = btc_context(btc([0.0] * 58, M5), RULES)

    assert state(context, 59, M5).trend is trend
    assert state(before, 58, M5).trend is Trend.UNKNOWN


def test_a_btc_that_does_not_move_has_no_trend():
    context = btc_context(btc([0.0] * 400), RULES)

    assert state(context, 400).trend is Trend.UNKNOWN


def test_one_minute_candles_know_a_trend_once_sixty_five_minute_candles_are_closed():
    context = btc_context(btc([0.0001] * 320), RULES)

    assert state(context, 298).trend is Trend.UNKNOWN
    assert state(context, 299).trend is Trend.UP


def test_the_trend_changes_at_five_minute_closes_only():
    rng = np.random.default_rng(8)
    context = btc_context(btc(rng.normal(0, 0.001, 3000)), RULES)

    changes = np.flatnonzero(np.diff(context.trend[300:])) + 301

    assert len(changes) >= 5
    assert {(int(row) + 1) % 5 for row in changes} == {0}


@pytest.mark.parametrize(
    ("amplitudes", "volatility"),
    [
        (np.linspace(0.001, 0.002, 500), Volatility.HIGH),
        (np.linspace(0.002, 0.001, 500), Volatility.LOW),
        # The last hundred are livelier than the first half and calmer than the second.
        ([0.001] * 400 + [0.003] * 400 + [0.002] * 100, Volatility.NORMAL),
        ([0.0] * 500, Volatility.NORMAL),
    ],
)
def test_volatility_is_the_tercile_of_sigma(amplitudes, volatility):
    returns = [move * sign for move, sign in zip(amplitudes, quiet(2000, 1), strict=False)]

    context = btc_context(btc(returns, M5), RULES)

    assert state(context, len(returns), M5).volatility is volatility


def test_the_terciles_are_those_of_its_rank():
    returns = (np.random.default_rng(6).standard_t(3, 900) * 0.001).tolist()
    context = btc_context(btc(returns, M5), RULES)
    decay, variance, sigma = 0.97**5, returns[0] ** 2, []

    for row, move in enumerate(returns, start=1):
        variance = decay * variance + (1 - decay) * move**2
        sigma.append(variance)
        known = sigma[47:]
        if len(known) < 288:
            continue
        rank = sum(each <= variance for each in known) / len(known)
        low, high = Volatility.LOW, Volatility.HIGH
        expected = low if rank <= 1 / 3 else Volatility.NORMAL if rank <= 2 / 3 else high
        assert state(context, row, M5).volatility is expected


def test_volatility_is_unknown_until_sigma_has_been_known_for_a_day():
    context = btc_context(btc(quiet(400, 0.001), M5), RULES)

    assert state(context, 48 + 288 - 2, M5).volatility is Volatility.UNKNOWN
    assert state(context, 48 + 288 - 1, M5).volatility is not Volatility.UNKNOWN


def test_volatility_forgets_after_seven_days():
    week = 7 * 288
    amplitudes = [*[0.0006] * 1500, *np.linspace(0.002, 0.001, week + 50)]
    returns = [move * sign for move, sign in zip(amplitudes, quiet(9999, 1), strict=False)]
    series = btc(returns, M5)

    one_week, two_weeks = (btc_context(series, BtcRules(volatility_days=days)) for days in (7, 14))

    assert state(one_week, len(returns), M5).volatility is Volatility.LOW
    assert state(two_weeks, len(returns), M5).volatility is Volatility.NORMAL
