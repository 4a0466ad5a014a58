from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.candles import FIELDS, Candle, Candles
from signalbot.domain.panel import Panel, build_panel
from signalbot.domain.timeframe import M1, M5, MINUTE_MS

HOUR = 60  # in minutes; the grid of the examples begins at one o'clock


def series(prices: Mapping[int, float]) -> Candles:
    """Return flat candles: price by the minute at which they open, the minute as volume."""
    values = np.array(list(prices.values()), dtype=np.float64)
    minutes = np.array(list(prices), dtype=np.int64)
    return Candles(
        timeframe=M1,
        open_time=minutes * MINUTE_MS,
        open=values,
        high=values + 1,
        low=values - 0.5,
        close=values + 0.25,
        volume=minutes.astype(np.float64),
    )


def staggered() -> Panel:
    return build_panel(
        {
            "OLD": series({60: 1.0, 61: 1.1, 63: 1.3}),
            "YOUNG": series({62: 2.2, 63: 2.3, 64: 2.4}),
            "NONE": series({}),
        },
        M1,
    )


def test_the_grid_reaches_from_the_earliest_to_the_latest_row_without_holes() -> None:
    panel = staggered()

    assert panel.symbols == ("OLD", "YOUNG", "NONE")
    assert panel.shape == (5, 3)
    assert panel.open_time.tolist() == [minute * MINUTE_MS for minute in range(60, 65)]
    assert panel.close_time.tolist() == [minute * MINUTE_MS for minute in range(61, 66)]


def test_where_a_pair_has_no_candle_every_field_is_nan() -> None:
    panel = staggered()

    nan = np.nan
    np.testing.assert_array_equal(
        panel.open.T, [[1.0, 1.1, nan, 1.3, nan], [nan, nan, 2.2, 2.3, 2.4], [nan] * 5]
    )
    for field in FIELDS:
        np.testing.assert_array_equal(np.isnan(getattr(panel, field)), np.isnan(panel.open))


def test_no_field_is_mistaken_for_another() -> None:
    panel = staggered()

    row = [getattr(panel, field)[3, 1] for field in FIELDS]

    assert row == [2.3, 3.3, pytest.approx(1.8), pytest.approx(2.55), 63.0]


def test_one_pair_is_one_contiguous_run() -> None:
    panel = staggered()

    assert all(getattr(panel, field)[:, 1].flags.c_contiguous for field in FIELDS)


@pytest.mark.parametrize("field", ["open_time", *FIELDS])
def test_a_panel_cannot_be_written_to(field: str) -> None:
    array = getattr(staggered(), field)

    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0


def test_the_series_are_copied_not_kept() -> None:
    candles = series({60: 1.0})
    panel = build_panel({"TOY": candles}, M1)

    candles.open[0] = 9.0

    assert panel.open[0, 0] == 1.0


@pytest.mark.parametrize(
    ("minute", "row"), [(60, 0), (62, 2), (64, 4), (65, 5), (59, -1), (50, -10)]
)
def test_a_row_is_found_by_its_open_time(minute: int, row: int) -> None:
    assert staggered().row_of(minute * MINUTE_MS) == row


def test_an_instant_within_a_candle_is_in_its_row() -> None:
    assert staggered().row_of(62 * MINUTE_MS + 59_999) == 2
    assert staggered().row_of(60 * MINUTE_MS - 1) == -1


@pytest.mark.parametrize("series_by_symbol", [{}, {"TOY": series({})}])
def test_a_panel_of_nothing_has_no_rows(series_by_symbol: dict[str, Candles]) -> None:
    panel = build_panel(series_by_symbol, M5)

    assert panel.shape == (0, len(series_by_symbol))
    assert panel.open_time.dtype == np.int64
    assert panel.row_of(0) == -1


def test_some_pairs_are_a_view_of_the_same_rows() -> None:
    panel = staggered()

    part = panel.pairs(1, 3)

    assert part.symbols == ("YOUNG", "NONE")
    assert part.shape == (5, 2)
    assert part.open_time is panel.open_time
    for field in FIELDS:
        array = getattr(part, field)
        assert np.shares_memory(array, getattr(panel, field))
        np.testing.assert_array_equal(array, getattr(panel, field)[:, 1:3])


def test_candles_come_out_exact_and_without_the_missing_ones() -> None:
    assert staggered().candles(0, 1, 4) == (
        Candle(
            open_time=61 * MINUTE_MS,
            open=Decimal("1.1"),
            high=Decimal("2.1"),
            low=Decimal("0.6000000000000001"),  # 1.1 - 0.5 as a float
            close=Decimal("1.35"),
            volume=Decimal(61),
        ),
        Candle(
            open_time=63 * MINUTE_MS,
            open=Decimal("1.3"),
            high=Decimal("2.3"),
            low=Decimal("0.8"),
            close=Decimal("1.55"),
            volume=Decimal(63),
        ),
    )


@pytest.mark.parametrize(
    ("first", "last", "minutes"),
    [
        (-3, 2, [60, 61]),
        (3, 99, [63]),
        (5, 99, []),
        (2, 2, []),
        (3, 1, []),
        (-1, 0, []),
        (-3, -1, []),
    ],
)
def test_rows_outside_the_grid_hold_no_candles(first: int, last: int, minutes: list[int]) -> None:
    found = staggered().candles(0, first, last)

    assert [candle.open_time for candle in found] == [minute * MINUTE_MS for minute in minutes]


SPARSE = st.dictionaries(st.integers(0, 30), st.floats(1, 1e6), max_size=12).map(
    lambda prices: dict(sorted(prices.items()))
)


@given(st.lists(SPARSE, max_size=4))
def test_every_candle_goes_in_and_comes_out_again(pairs: list[dict[int, float]]) -> None:
    given_series = [series(prices) for prices in pairs]

    panel = build_panel({f"PAIR{n}": each for n, each in enumerate(given_series)}, M1)

    rows = panel.shape[0]
    for pair, candles in enumerate(given_series):
        known = tuple(candles.row(index) for index in range(len(candles)))
        assert panel.candles(pair, 0, rows) == known
        found = [panel.row_of(candle.open_time) for candle in known]
        assert panel.open_time[found].tolist() == candles.open_time.tolist()


@given(prices=SPARSE, start=st.integers(-40, 40), length=st.integers(-5, 40))
def test_a_stretch_of_rows_is_the_stretch_of_time(
    prices: dict[int, float], start: int, length: int
) -> None:
    panel = build_panel({"TOY": series(prices)}, M1)
    since, until = start * MINUTE_MS, (start + length) * MINUTE_MS

    found = panel.candles(0, panel.row_of(since), panel.row_of(until))

    expected = [minute * MINUTE_MS for minute in prices if start <= minute < start + length]
    assert [candle.open_time for candle in found] == expected
