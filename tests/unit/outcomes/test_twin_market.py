from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.candles import Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5
from signalbot.outcomes.twin_market import Geometry, Series

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z
M = M1.step_ms
GEOMETRY = Geometry(
    side=Side.LONG,
    risk=1.0,
    reward=2.0,
    tick=0.01,
    starts_ms=12_500,
    expires_ms=2_500 + 60 * M,
    taker_rate=0.0,
    maker_rate=0.0,
    slippage_rate=0.0,
)


def candles(*rows: int) -> Candles:
    prices = 100.0 + np.array(rows)
    return Candles(
        timeframe=M1,
        open_time=FIRST + M * np.array(rows, dtype=np.int64),
        **dict.fromkeys(("open", "high", "low", "close", "volume"), prices),
    )


def test_a_missing_candle_is_a_hole_in_the_grid() -> None:
    series = Series.of(candles(0, 1, 4))

    assert len(series) == 5
    assert np.isnan(series.close).tolist() == [False, False, True, True, False]
    assert series.open[4] == 104.0


def test_a_row_is_found_by_the_close_of_its_candle() -> None:
    series = Series.of(candles(0, 1, 2))

    assert [series.row_closing_at(FIRST + minute * M) for minute in (0, 1, 3, 9)] == [-1, 0, 2, 8]
    assert series.closes_at(np.array([0, 2])).tolist() == [FIRST + M, FIRST + 3 * M]


def test_funding_is_paid_after_the_fill_up_to_and_with_the_exit() -> None:
    payments = [
        FundingPayment(time=FIRST + minute * M, rate=Decimal(rate), price=Decimal(100))
        for minute, rate in ((1, "0.001"), (2, "-0.003"), (3, "0.005"))
    ]
    series = Series.of(candles(0, 1, 2, 3), payments)
    at = [FIRST + minute * M for minute in range(5)]

    paid = series.paid_between(np.array([at[0], at[1], at[3]]), np.array([at[3], at[2], at[4]]))

    assert paid == pytest.approx([0.1 - 0.3 + 0.5, -0.3, 0.0])
    assert Series.of(candles(0)).paid_between(np.array(at[:1]), np.array(at[1:2])) == [0.0]


def test_an_hour_from_2_and_a_half_seconds_after_the_close_ends_with_the_62nd_candle() -> None:
    # rows after that of the closed candle: entered in the next, expired at the open of the 62nd
    assert (GEOMETRY.entered_after(M), GEOMETRY.expired_after(M)) == (1, 62)
    assert (GEOMETRY.entered_after(M5.step_ms), GEOMETRY.expired_after(M5.step_ms)) == (1, 14)


@pytest.mark.parametrize(
    ("starts_ms", "expires_ms", "entered", "expired"),
    [
        (0, M, 1, 2),  # on the grid: at the open of the second candle
        (59_999, M, 1, 2),
        (M, 5 * M + 1, 2, 7),
        (3 * M, M, 4, 4),  # expired before anybody could enter: closed where it is entered
    ],
)
def test_rows_of_entry_and_expiry_follow_from_the_times(
    starts_ms: int, expires_ms: int, entered: int, expired: int
) -> None:
    geometry = replace(GEOMETRY, starts_ms=starts_ms, expires_ms=expires_ms)

    assert (geometry.entered_after(M), geometry.expired_after(M)) == (entered, expired)
