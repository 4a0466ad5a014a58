"""Hand-computed values, scale invariance, and candles with nothing to say."""

import ast
import inspect
import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.analysis.features import FEATURES, ROWS, describe
from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import M1, MINUTE_MS

NAMES = [feature.name for feature in FEATURES]
VOLUME_NAMES = {
    "vwap_gap_pct",
    "chaikin_money_flow_ratio",
    "on_balance_volume_ratio",
    "force_index_pct",
    "volume_z_score",
}
RISING = list(range(100, 220))


def candles(
    close: Sequence[float],
    *,
    above: float = 0.0,
    below: float = 0.0,
    volume: Sequence[float] | None = None,
) -> Candles:
    """Candles that open at their close and reach `above` over and `below` under it."""
    prices = np.array(close, dtype=np.float64)
    return Candles(
        timeframe=M1,
        open_time=np.arange(len(prices), dtype=np.int64) * MINUTE_MS,
        open=prices,
        high=prices + above,
        low=prices - below,
        close=prices,
        volume=np.ones(len(prices)) if volume is None else np.array(volume, dtype=np.float64),
    )


def random_walk(rows: int) -> Candles:
    rng = np.random.default_rng(5)
    close = np.exp(np.cumsum(rng.normal(0, 0.002, rows)))
    reach = close * rng.exponential(0.001, rows)
    walk = candles(close, volume=rng.lognormal(8, 1, rows))
    return replace(walk, high=close + reach, low=close - reach[::-1])


def times(series: Candles, factor: float) -> Candles:
    prices = {name: getattr(series, name) * factor for name in ("open", "high", "low", "close")}
    return replace(series, **prices)


def assert_alike(one: dict[str, Decimal], other: dict[str, Decimal]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert math.isclose(value, other[name], rel_tol=1e-5, abs_tol=3e-9), name


def test_there_are_about_fifteen_features_with_a_name_of_their_own_and_a_meaning():
    assert 12 <= len(FEATURES) <= 16
    assert len(set(NAMES)) == len(NAMES)
    assert all(feature.meaning.endswith(".") for feature in FEATURES)


@pytest.mark.parametrize("feature", FEATURES, ids=NAMES)
def test_no_feature_hides_a_python_loop(feature):
    source = textwrap.dedent(inspect.getsource(feature.indicator))

    nodes = list(ast.walk(ast.parse(source)))

    assert not any(isinstance(node, ast.For | ast.While | ast.comprehension) for node in nodes)
    assert not any(isinstance(node, ast.Attribute) and node.attr == "apply" for node in nodes)


def test_the_source_names_the_class_its_inputs_and_its_parameters():
    sources = {feature.name: feature.source for feature in FEATURES}

    assert sources["williams_r"] == "WilliamsRIndicator(high, low, close, lbp=14).williams_r()"
    assert sources["on_balance_volume_ratio"] == (
        "OnBalanceVolumeIndicator(close, volume).on_balance_volume()"
    )


def test_three_hundred_rows_have_every_feature_in_the_order_of_the_table():
    assert list(describe(random_walk(ROWS))) == NAMES


@pytest.mark.parametrize(
    ("name", "series", "value"),
    [
        # 13 still rows, one up, one down: averages 1/14 * 13/14 and 1/14.
        ("rsi", candles([100] * 13 + [101, 100]), "48.1481"),
        ("rsi", candles(RISING), "100"),
        ("rsi", candles(RISING[::-1]), "0"),
        ("tsi", candles(RISING), "100"),
        ("tsi", candles(RISING[::-1]), "-100"),
        # The range of 14 rows is 99..115 and the close 114.
        ("williams_r", candles(range(100, 115), above=1, below=2), "-6.25"),
        ("williams_r", candles(RISING), "0"),
        ("rate_of_change_pct", candles([100, *[90] * 11, 110]), "10"),
        # Averages after the jump 1 + .27 * 2/13 and 1 + .27 * 2/27; the signal follows by a fifth.
        ("ppo_histogram_pct", candles([1] * 60 + [1.27]), "1.68929"),
        # The average moves by 2/51 of the jump: to 102.
        ("ema_gap_pct", candles([100] * 50 + [151]), "32.4503"),
        ("mass_index", candles(RISING, above=1, below=1), "25"),
        # Mean 100, deviation 1: bands at 98 and 102.
        ("bollinger_position_ratio", candles([99, 101] * 10), "0.75"),
        ("bollinger_width_pct", candles([99, 101] * 10), "4"),
        ("donchian_position_ratio", candles([20] * 59 + [10]), "0"),
        # The range of 60 rows is 10..30.
        ("donchian_position_ratio", candles([10, 30, *[20] * 57, 15]), "0.25"),
        ("vwap_gap_pct", candles([99, 101] * 30), "0.990099"),
        ("chaikin_money_flow_ratio", candles(RISING, below=1), "1"),
        # Each close is at three quarters of its candle.
        ("chaikin_money_flow_ratio", candles(RISING, above=1, below=3), "0.5"),
        ("on_balance_volume_ratio", candles(RISING), "1"),
        ("on_balance_volume_ratio", candles(RISING[::-1]), "-1"),
        # Ten candles rise on three quarters of the volume.
        ("on_balance_volume_ratio", candles([99, 101] * 15, volume=[1, 3] * 15), "0.5"),
        # One move of 10 in 110 at the mean volume, of which the average takes 2/14.
        ("force_index_pct", candles([100] * 30 + [110]), "1.2987"),
        # Mean 2, variance (19 + 19^2) / 20 = 19.
        ("volume_z_score", candles(RISING[:20], volume=[1] * 19 + [21]), "4.3589"),
    ],
)
def test_a_feature_has_the_value_computed_by_hand(name, series, value):
    assert describe(series)[name] == Decimal(value)


def test_values_have_at_most_six_significant_digits_and_nine_decimal_places():
    for value in describe(random_walk(ROWS)).values():
        assert len(value.as_tuple().digits) <= 6
        assert value.as_tuple().exponent >= -9


def test_nothing_is_reported_as_minus_zero():
    assert str(describe(candles(RISING))["williams_r"]) == "0"


def test_rows_before_the_newest_three_hundred_change_nothing():
    history = random_walk(ROWS + 200)

    newest = history.between(int(history.open_time[200]), None)

    assert describe(history) == describe(newest)


def test_the_same_candles_give_the_same_features_and_stay_as_they_were():
    series = random_walk(ROWS)
    for name in ("open", "high", "low", "close", "volume"):
        getattr(series, name).setflags(write=False)

    assert describe(series) == describe(series)


def test_a_pair_whose_close_never_moved_is_not_described():
    assert describe(candles([100] * ROWS, above=1, below=1)) == {}
    assert describe(candles([100])) == {}


def test_a_price_that_stands_still_lately_has_no_place_in_its_range():
    described = describe(candles([90, *[100] * 100]))

    assert described["bollinger_width_pct"] == 0
    assert not described.keys() & {
        "bollinger_position_ratio",
        "donchian_position_ratio",
        "williams_r",
        "volume_z_score",
    }


def test_without_volume_lately_the_features_of_volume_are_left_out():
    described = describe(candles(RISING, below=1, volume=[5] * 100 + [0] * 20))

    assert set(NAMES) - described.keys() == VOLUME_NAMES


def test_a_new_listing_has_the_features_its_rows_suffice_for():
    assert set(describe(random_walk(2))) == set()
    assert "rate_of_change_pct" in describe(random_walk(13))
    assert "rsi" in describe(random_walk(14))
    assert "ema_gap_pct" not in describe(random_walk(49))
    assert set(NAMES) == set(describe(random_walk(60)))


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e3, 1e6])
def test_a_random_walk_is_described_alike_at_any_price(factor):
    series = random_walk(ROWS)

    assert_alike(describe(series), describe(times(series, factor)))


@st.composite
def tick_series(draw, least: int = 1, most: int = 120) -> Candles:
    row = st.tuples(*[st.integers(900, 1100)] * 4, st.integers(0, 1000))
    rows = np.array(draw(st.lists(row, min_size=least, max_size=most)), dtype=np.float64)
    prices = rows[:, :4]
    return replace(
        candles(prices[:, 1], volume=rows[:, 4]),
        open=prices[:, 0],
        high=prices.max(axis=1),
        low=prices.min(axis=1),
    )


@settings(deadline=None, max_examples=50)
@given(tick_series(), st.sampled_from([1e-9, 1e3]))
def test_the_price_level_does_not_matter(series, factor):
    assert_alike(describe(series), describe(times(series, factor)))


@settings(deadline=None, max_examples=50)
@given(tick_series(), st.sampled_from([1e-6, 1e6]))
def test_the_unit_of_volume_does_not_matter(series, factor):
    assert_alike(describe(series), describe(replace(series, volume=series.volume * factor)))


amounts = st.floats(min_value=0, max_value=1e15)
any_price = st.floats(min_value=1e-12, max_value=1e12)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(any_price, any_price, amounts), min_size=1, max_size=80))
def test_no_candles_bring_an_exception_a_warning_or_a_value_that_is_no_number(rows):
    close, other, volume = (np.array(column) for column in zip(*rows, strict=True))
    wild = replace(
        candles(close, volume=volume),
        high=np.maximum(close, other),
        low=np.minimum(close, other),
    )

    described = describe(wild)

    assert wild.fault() is None
    assert described.keys() <= set(NAMES)
    assert all(value.is_finite() for value in described.values())
