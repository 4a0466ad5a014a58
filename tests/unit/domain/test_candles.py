from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.candles import FIELDS, Candle, Candles, Fault
from signalbot.domain.timeframe import M1, M5, MINUTE_MS, Timeframe

Row = tuple[int, float, float, float, float, float]

GOOD = [
    (0, 10.0, 11.0, 9.0, 10.5, 7.0),
    (1, 10.5, 10.5, 10.5, 10.5, 0.0),
    (2, 10.5, 12.0, 10.0, 11.0, 3.0),
]


def series(rows: Sequence[Row], frame: Timeframe = M1) -> Candles:
    """Return candles of rows whose first column counts steps."""
    columns = list(zip(*rows, strict=True)) or [()] * 6
    return Candles(
        timeframe=frame,
        open_time=np.array(columns[0], dtype=np.int64) * frame.step_ms,
        **{
            field: np.array(column, dtype=np.float64)
            for field, column in zip(FIELDS, columns[1:], strict=True)
        },
    )


def rows_of(candles: Candles) -> list[Row]:
    arrays = (getattr(candles, field).tolist() for field in FIELDS)
    return list(zip(candles.open_time.tolist(), *arrays, strict=True))


def broken(row: int, field: str, value: float) -> Candles:
    values = getattr(series(GOOD), field).copy()
    values[row] = value
    return replace(series(GOOD), **{field: values})


ROWS = st.builds(
    lambda steps, prices: [
        (step, price, price + up, price - down, price, volume)
        for step, (price, up, down, volume) in zip(sorted(steps), prices, strict=False)
    ],
    st.sets(st.integers(0, 24)),
    st.lists(
        st.tuples(
            st.floats(2, 1e5), st.floats(0, 1e4), st.floats(0, 1), st.floats(0, 1e9, width=32)
        ),
        min_size=25,
        max_size=25,
    ),
)


def test_a_sound_series_has_no_fault() -> None:
    assert series(GOOD).fault() is None
    assert series([]).fault() is None


@pytest.mark.parametrize("field", ["open", "high", "low", "close"])
@pytest.mark.parametrize("price", [0.0, -1.0, nan, inf, -inf])
def test_every_price_is_finite_and_above_zero(field: str, price: float) -> None:
    fault = broken(1, field, price).fault()

    assert fault is not None
    assert (fault.row, fault.field, fault.allowed) == (1, field, "a finite price above 0")
    assert str(fault.was) == str(price)


@pytest.mark.parametrize("volume", [-1e-9, nan, inf])
def test_volume_is_finite_and_not_negative(volume: float) -> None:
    fault = broken(2, "volume", volume).fault()

    assert fault is not None
    assert (fault.row, fault.field) == (2, "volume")
    assert fault.allowed == "a finite amount of 0 or more"


@pytest.mark.parametrize(
    ("field", "price", "allowed"),
    [("high", 10.4, "at least max(open, close)"), ("low", 10.1, "at most min(open, close)")],
)
def test_high_and_low_enclose_open_and_close(field: str, price: float, allowed: str) -> None:
    assert broken(0, field, price).fault() == Fault(row=0, field=field, was=price, allowed=allowed)


def test_a_candle_opens_on_the_grid_of_its_step() -> None:
    times = np.array([0, MINUTE_MS, 2 * MINUTE_MS + 1])

    fault = replace(series(GOOD), open_time=times).fault()

    assert fault == Fault(row=2, field="open_time", was=120_001, allowed="a multiple of 60000 ms")


@pytest.mark.parametrize(
    ("steps", "row"), [([0, 0, 1], 1), ([0, 2, 1], 2), ([1, 0, 2], 1), ([2, 2, 2], 1)]
)
def test_times_ascend(steps: list[int], row: int) -> None:
    times = np.array(steps) * MINUTE_MS

    assert replace(series(GOOD), open_time=times).fault() == Fault(
        row=row, field="open_time", was=steps[row] * MINUTE_MS, allowed="later than the row before"
    )


def test_times_too_far_apart_to_subtract_still_descend() -> None:
    late = 2**63 // MINUTE_MS * MINUTE_MS
    times = np.array([0, late, -late])

    fault = replace(series(GOOD), open_time=times).fault()

    assert fault is not None
    assert (fault.row, fault.allowed) == (2, "later than the row before")


def test_the_first_row_that_is_wrong_is_named_whatever_is_wrong_with_it() -> None:
    candles = replace(
        series(GOOD), close=np.array([10.5, 10.5, nan]), volume=np.array([7.0, -1.0, 3.0])
    )

    assert candles.fault() == Fault(
        row=1, field="volume", was=-1.0, allowed="a finite amount of 0 or more"
    )


@given(rows=ROWS)
def test_a_series_made_to_the_contract_keeps_it(rows: list[Row]) -> None:
    assert series(rows).fault() is None


@pytest.mark.parametrize(
    ("steps", "missing"), [([], 0), ([7], 0), ([7, 8, 9], 0), ([0, 3, 4, 9], 6)]
)
def test_missing_steps_are_counted(steps: list[int], missing: int) -> None:
    assert series([(step, *GOOD[0][1:]) for step in steps], M5).gaps() == missing


@pytest.mark.parametrize(
    ("since", "until", "opened"),
    [
        (None, None, [0, 1, 2]),
        (MINUTE_MS, None, [1, 2]),
        (MINUTE_MS + 1, None, [2]),
        (None, 2 * MINUTE_MS, [0, 1]),
        (None, 2 * MINUTE_MS - 1, [0]),
        (MINUTE_MS, 2 * MINUTE_MS, [1]),
        (9 * MINUTE_MS, None, []),
        (None, 0, []),
        (2 * MINUTE_MS, MINUTE_MS, []),
    ],
)
def test_a_period_holds_the_candles_that_open_and_close_in_it(
    since: int | None, until: int | None, opened: list[int]
) -> None:
    chosen = series(GOOD).between(since, until)

    assert rows_of(chosen) == [rows_of(series(GOOD))[row] for row in opened]


def test_a_row_is_exact() -> None:
    assert broken(0, "open", 0.1 + 0.2).row(0) == Candle(
        open_time=0,
        open=Decimal("0.30000000000000004"),
        high=Decimal(11),
        low=Decimal(9),
        close=Decimal("10.5"),
        volume=Decimal(7),
    )


def test_a_row_is_a_line_of_a_candle_file() -> None:
    row = series([(2, 1e-05, 2.5e-05, 1e-06, 2e-05, 1e22)]).row(0)

    assert row.csv_line() == "120000,0.00001,0.000025,0.000001,0.00002,10000000000000000000000"


MINUTES = [
    (10, 100.0, 103.0, 99.0, 101.0, 1.0),
    (11, 101.0, 102.0, 100.0, 102.0, 2.0),
    (12, 102.0, 109.0, 101.0, 104.0, 3.0),
    (13, 104.0, 105.0, 95.0, 96.0, 4.0),
    (14, 96.0, 98.0, 96.0, 97.0, 5.5),
]


def test_five_minutes_make_one_candle() -> None:
    candles = series(MINUTES).resample(M5)

    assert candles.timeframe == M5
    assert rows_of(candles) == [(10 * MINUTE_MS, 100.0, 109.0, 95.0, 97.0, 15.5)]


@pytest.mark.parametrize("missing", range(5))
def test_an_incomplete_set_of_minutes_makes_none(missing: int) -> None:
    rows = MINUTES[:missing] + MINUTES[missing + 1 :]
    complete = [(step + 5, *row) for step, *row in MINUTES]

    assert rows_of(series(rows).resample(M5)) == []
    assert series(rows + complete).resample(M5).open_time.tolist() == [15 * MINUTE_MS]


def test_five_minutes_across_the_grid_make_none() -> None:
    assert len(series([(step + 1, *row) for step, *row in MINUTES]).resample(M5)) == 0


def test_the_same_step_is_the_same_series() -> None:
    assert rows_of(series(MINUTES).resample(M1)) == rows_of(series(MINUTES))


def test_an_empty_series_stays_empty() -> None:
    candles = series([]).resample(M5)

    assert len(candles) == 0
    assert candles.open_time.dtype == np.int64
    assert candles.high.dtype == np.float64


@given(rows=ROWS)
def test_a_longer_candle_is_what_its_five_parts_say(rows: list[Row]) -> None:
    by_step = {row[0]: row for row in rows}
    sets = [[by_step.get(start + part) for part in range(5)] for start in range(0, 25, 5)]

    found = rows_of(series(rows).resample(M5))

    assert [row[:5] for row in found] == [
        (
            parts[0][0] * MINUTE_MS,
            parts[0][1],
            max(part[2] for part in parts),
            min(part[3] for part in parts),
            parts[4][4],
        )
        for parts in sets
        if None not in parts
    ]
    assert [row[5] for row in found] == pytest.approx(
        [sum(part[5] for part in parts) for parts in sets if None not in parts]
    )


@given(rows=ROWS, known=st.integers(0, 25))
def test_what_was_known_of_a_longer_series_never_changes(rows: list[Row], known: int) -> None:
    earlier = rows_of(series(rows[:known]).resample(M5))
    later = rows_of(series(rows).resample(M5))

    assert later[: len(earlier)] == earlier
    assert series(rows[:known]).resample(M5).fault() is None


def test_reading_a_series_changes_nothing_in_it() -> None:
    candles = series(GOOD)
    for array in (candles.open_time, *(getattr(candles, field) for field in FIELDS)):
        array.setflags(write=False)

    candles.fault()
    candles.gaps()
    candles.between(None, MINUTE_MS)
    candles.resample(M5)

    assert rows_of(candles) == rows_of(series(GOOD))


def test_a_series_without_a_row_is_a_series():
    nothing = Candles.none(M1)

    assert (len(nothing), nothing.gaps(), nothing.fault()) == (0, 0, None)
    assert len(nothing.resample(M5)) == 0
