"""What the scanner adds to the setups: warm-up, dead candles, order, blocks of pairs, one truth.

The walks are coarse on purpose: their prices are multiples of 1/1024 near 128, so that the mirror
image of one about 128 is exact.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.analysis.btc_context import BtcRules
from signalbot.domain.candles import FIELDS, PRICES, Candles
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import PAIRS_AT_ONCE, scan
from signalbot.setups.setup import Match

SETUPS = setups_for(M1, Rules(), BtcRules(), REFERENCE_PROFILE)
WARMUP = 200


def candles(
    close: Sequence[float], above: Sequence[float], below: Sequence[float], volume: Sequence[float]
) -> Candles:
    prices = np.array(close, dtype=np.float64)
    return Candles(
        timeframe=M1,
        open_time=np.arange(len(prices), dtype=np.int64) * MINUTE_MS,
        open=prices,
        high=prices + np.array(above),
        low=prices - np.array(below),
        close=prices,
        volume=np.array(volume, dtype=np.float64),
    )


def walk(seed: int, rows: int = 400) -> Candles:
    """A walk that is now lively and now quiet, with volume where it moves."""
    rng = np.random.default_rng(seed)
    lively = np.repeat(rng.choice([20, 200], rows // 40), 40)
    steps, above, below = rng.normal(0, 1, rows), *rng.exponential(0.5, (2, rows))
    return candles(
        128 + np.round(np.cumsum(lively * steps)) / 1024,
        (1 + np.round(lively * above)) / 1024,
        (1 + np.round(lively * below)) / 1024,
        lively * np.exp(2 * np.abs(steps)),
    )


def fall_and_rise(calm: int) -> Candles:
    """So many calm candles, a fall of 18 and the rise at which the reversal fires."""
    close = [64 + row % 2 / 4 for row in range(calm)]
    close += [64 - step / 2 for step in range(1, 18)] + [54.75, 55.25]
    above = [0.25] * calm + [0.5] * 17 + [0.75, 0.0]
    below = [0.25] * calm + [0.125] * 18 + [0.5]
    return candles(close, above, below, [100.0] * len(close))


def without(series: Candles, *missing: int) -> Candles:
    columns = {name: np.delete(getattr(series, name), missing) for name in ("open_time", *FIELDS)}
    return replace(series, **columns)


def panel_of(*series: Candles) -> Panel:
    return build_panel({f"P{pair}/USDT:USDT": each for pair, each in enumerate(series)}, M1)


def cut_at(panel: Panel, rows: int) -> Panel:
    columns = {name: getattr(panel, name)[:rows] for name in ("open_time", *FIELDS)}
    return replace(panel, **columns)


def set_last(series: Candles, **values: float) -> Candles:
    columns = {}
    for name, value in values.items():
        columns[name] = getattr(series, name).copy()
        columns[name][-1] = value
    return replace(series, **columns)


def fires_at_last(series: Candles) -> bool:
    panel = panel_of(series)
    return scan(panel, SETUPS, first_row=len(panel.open_time) - 1) != []


def facts(match: Match) -> tuple[object, ...]:
    return (match.setup.name, match.row, match.side, match.entry, match.stop, match.target)


def test_a_match_says_what_fired_where_and_why():
    series = fall_and_rise(calm=220)

    (match,) = scan(panel_of(series), SETUPS)

    assert match.setup is SETUPS[0]
    assert (match.pair, match.symbol) == (0, "P0/USDT:USDT")
    assert (match.row, match.candle_close) == (238, 239 * MINUTE_MS)
    assert (match.side, match.entry) == (Side.LONG, 55.25)
    assert match.stop < 54.625
    assert match.target > match.entry


def test_the_first_candle_that_may_fire_comes_after_two_hundred_others():
    # The fall and its rise are 19 candles: with 182 calm ones before it is the 201st that fires.
    assert fires_at_last(fall_and_rise(calm=WARMUP + 1 - 19))
    assert not fires_at_last(fall_and_rise(calm=WARMUP - 19))


def test_a_gap_silences_a_pair_for_its_warmup_and_no_longer():
    series = fall_and_rise(calm=500)
    last = len(series) - 1

    assert fires_at_last(without(series, last - WARMUP - 1))
    assert not fires_at_last(without(series, last - WARMUP))


@pytest.mark.parametrize(
    "dead",
    [{"volume": 0.0}, {"high": 55.25, "low": 55.25}, {"high": 55.25, "low": 55.25, "volume": 0.0}],
)
def test_a_dead_candle_never_fires(dead):
    series = set_last(fall_and_rise(calm=220), **dead)

    assert scan(panel_of(series), SETUPS) == []


def test_a_pair_without_candles_and_a_panel_without_rows_have_no_matches():
    nothing = without(walk(1), *range(400))

    assert scan(panel_of(nothing), SETUPS) == []
    assert scan(panel_of(), SETUPS) == []
    assert {match.pair for match in scan(panel_of(nothing, walk(1)), SETUPS)} == {1}


def test_matches_come_in_order_of_time():
    rows = [match.row for match in scan(panel_of(*map(walk, range(40))), SETUPS)]

    assert len(rows) > 100
    assert rows == sorted(rows)


def test_a_scan_in_blocks_finds_what_scanning_each_pair_alone_finds():
    series = [walk(seed) for seed in range(2 * PAIRS_AT_ONCE + 3)]
    together = scan(panel_of(*series), SETUPS)

    for pair, each in enumerate(series):
        alone = scan(panel_of(each), SETUPS)
        symbol = f"P{pair}/USDT:USDT"
        assert [match for match in together if match.pair == pair] == [
            replace(match, pair=pair, symbol=symbol) for match in alone
        ]
    # pairs of every block fire
    assert {match.pair // PAIRS_AT_ONCE for match in together} == {0, 1, 2}


def test_both_setups_and_both_sides_are_asked():
    matches = scan(panel_of(*map(walk, range(40))), SETUPS)

    assert {(match.setup.name, match.side) for match in matches} == {
        (setup.name, side) for setup in SETUPS for side in Side
    }


def test_the_newest_row_of_a_live_scan_is_that_row_of_a_replay():
    panel = panel_of(*map(walk, range(6)))
    replayed = scan(panel, SETUPS)

    for row in range(WARMUP, 400):
        live = scan(cut_at(panel, row + 1), SETUPS, first_row=row)
        assert live == [match for match in replayed if match.row == row]


def test_a_scan_from_a_row_on_is_the_end_of_the_whole_scan():
    panel = panel_of(*map(walk, range(6)))

    assert scan(panel, SETUPS, 300) == [match for match in scan(panel, SETUPS) if match.row >= 300]


@given(cut=st.integers(1, 400), seed=st.integers(0), gaps=st.sets(st.integers(0, 190), max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_match_knows_of_later_candles(cut, seed, gaps):
    whole = panel_of(without(walk(seed), *gaps), walk(seed + 1), walk(seed + 2))

    known_then = scan(cut_at(whole, cut), SETUPS)

    assert known_then == [match for match in scan(whole, SETUPS) if match.row < cut]


@given(seed=st.integers(0))
@settings(max_examples=40, deadline=None)
def test_the_mirror_image_of_a_market_swaps_longs_and_shorts(seed):
    series = walk(seed)
    mirror_image = replace(
        series,
        open=256 - series.open,
        close=256 - series.close,
        high=256 - series.low,
        low=256 - series.high,
    )
    other = {Side.LONG: Side.SHORT, Side.SHORT: Side.LONG}

    matches = {facts(match)[:3]: match for match in scan(panel_of(series), SETUPS)}
    mirrored = {facts(match)[:3]: match for match in scan(panel_of(mirror_image), SETUPS)}

    assert {(name, row, other[side]) for name, row, side in matches} == set(mirrored)
    for (name, row, side), match in matches.items():
        image = mirrored[name, row, other[side]]
        assert image.entry == 256 - match.entry
        assert image.stop == pytest.approx(256 - match.stop, rel=1e-12)
        assert image.target == pytest.approx(256 - match.target, rel=1e-12)
        for reason in {"rsi", "rsi_extreme", "stochastic_k", "stochastic_d"} & set(match.reasons):
            turned = 100 - float(match.reasons[reason])
            assert float(image.reasons[reason]) == pytest.approx(turned, abs=1e-3)


@given(seed=st.integers(0), power=st.integers(-30, 10))
@settings(max_examples=25, deadline=None)
def test_a_coin_fires_alike_whatever_it_costs(seed, power):
    series = walk(seed)
    # a power of two scales a float without rounding
    scaled = replace(series, **{name: getattr(series, name) * 2.0**power for name in PRICES})

    matches, images = (scan(panel_of(each), SETUPS) for each in (series, scaled))

    assert [facts(match)[:3] for match in matches] == [facts(image)[:3] for image in images]
    for match, image in zip(matches, images, strict=True):
        assert image.stop == pytest.approx(match.stop * 2.0**power, rel=1e-12)
        assert image.target == pytest.approx(match.target * 2.0**power, rel=1e-12)


@given(seed=st.integers(0))
@settings(max_examples=25, deadline=None)
def test_every_match_is_a_trade_between_one_and_two_and_a_half_r_with_finite_reasons(seed):
    for match in scan(panel_of(walk(seed)), SETUPS):
        risk = match.side.sign * (match.entry - match.stop)
        reward = match.side.sign * (match.target - match.entry)
        assert risk > 0
        assert 1 - 1e-9 <= reward / risk <= 2.5 + 1e-9
        assert all(math.isfinite(value) for value in match.reasons.values())


@given(seed=st.integers(0), order=st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_pairs_changes_nothing(seed, order):
    series = {f"P{pair}/USDT:USDT": walk(seed + pair) for pair in range(5)}
    shuffled = {symbol: series[symbol] for symbol in (f"P{pair}/USDT:USDT" for pair in order)}

    matches, images = (
        {(match.symbol, *facts(match)): match.reasons for match in scan(panel, SETUPS)}
        for panel in (build_panel(series, M1), build_panel(shuffled, M1))
    )

    assert matches == images


def test_scanning_leaves_the_panel_alone():
    panel = panel_of(walk(3))
    before = {name: getattr(panel, name).copy() for name in FIELDS}

    scan(panel, SETUPS)

    for name, values in before.items():
        np.testing.assert_array_equal(getattr(panel, name), values)
