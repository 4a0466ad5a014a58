from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS, from_iso
from signalbot.rendering.charts.scale import PriceRange, apart, price_marks, time_marks

NOON = from_iso("2026-11-01T12:00:00Z")


def between(low: float, high: float) -> PriceRange:
    return PriceRange(low=low, high=high, lowest=low, highest=high)


class TestTheRangeOfPrices:
    def test_shows_all_candles_near_the_plan(self, candles: Callable[..., Candles]) -> None:
        shown = PriceRange.of(candles([99, 103]), [Decimal(100), Decimal(102)])

        assert shown.low < 98.9
        assert shown.high > 103.1
        assert (shown.lowest, shown.highest) == (99 * 0.999, 103 * 1.001)

    def test_cuts_off_what_would_flatten_the_plan(self, candles: Callable[..., Candles]) -> None:
        # twice the plan's 2 below 100 and above 102, and 4 % of those 10 as a margin
        shown = PriceRange.of(candles([1, 900]), [Decimal(102), Decimal(100)])

        assert (shown.low, shown.high) == pytest.approx((95.6, 106.4))

    def test_never_cuts_off_the_plan(self, candles: Callable[..., Candles]) -> None:
        shown = PriceRange.of(candles([100, 100]), [Decimal(90), Decimal(130)])

        assert shown.low < 90 < 130 < shown.high

    def test_gives_a_price_its_share_of_the_height(self) -> None:
        assert between(100, 104).share(Decimal(103)) == 0.75


class TestMarksOfPrices:
    @pytest.mark.parametrize(
        ("low", "high", "tick", "marks"),
        [
            (1.0341, 1.0529, "0.0001", ["1.035", "1.040", "1.045", "1.050"]),
            (97_100, 98_900, "0.1", ["97500", "98000", "98500"]),
            (1.2e-5, 1.24e-5, "1E-8", ["0.0000120", "0.0000121", "0.0000122", "0.0000123"]),
            (0.9, 4.1, "0.25", ["1", "2", "3", "4"]),
            (10, 13, "1", ["10", "11", "12", "13"]),
        ],
    )
    def test_are_round(self, low: float, high: float, tick: str, marks: list[str]) -> None:
        found = price_marks(between(low, high), Decimal(tick), most=5)

        assert found[: len(marks)] == [Decimal(mark) for mark in marks]

    @given(
        ticks=st.integers(2, 10**9),
        height=st.integers(2, 10**6),
        tick=st.sampled_from(["1E-11", "0.00025", "0.1", "0.5", "1", "25"]),
    )
    def test_are_few_inside_and_written_exactly(self, ticks: int, height: int, tick: str) -> None:
        grid = Decimal(tick)
        shown = between(float(ticks * grid), float((ticks + height) * grid))

        marks = price_marks(shown, grid, most=7)

        assert len(marks) <= 8
        assert all(shown.low <= float(mark) <= shown.high * (1 + 1e-15) for mark in marks)
        places = max(-grid.normalize().as_tuple().exponent, 0)
        assert all(mark == round(mark, places) for mark in marks)


class TestMarksOfTimes:
    def test_are_round_and_in_utc(self) -> None:
        marks = time_marks(NOON + 1, NOON + 90 * MINUTE_MS, most=4)

        assert [label for _, label in marks] == ["12:30", "13:00", "13:30"]
        assert marks[0][0] == NOON + 30 * MINUTE_MS

    def test_midnight_names_the_new_day(self) -> None:
        marks = time_marks(NOON + 11 * HOUR_MS, NOON + 13 * HOUR_MS, most=3)

        assert [label for _, label in marks] == ["23:00", "00:00\n2026-11-02", "01:00"]

    def test_the_first_one_needs_no_day(self) -> None:
        assert time_marks(NOON + 12 * HOUR_MS, NOON + 13 * HOUR_MS, most=2)[0][1] == "00:00"

    @given(span=st.integers(MINUTE_MS, 40 * 24 * HOUR_MS), most=st.integers(1, 9))
    def test_are_never_more_than_asked_for(self, span: int, most: int) -> None:
        marks = time_marks(NOON, NOON + span, most)

        assert 1 <= len(marks) <= most + 1
        assert len({second[0] - first[0] for first, second in pairwise(marks)}) <= 1


class TestHeightsApart:
    @pytest.mark.parametrize(
        ("heights", "moved"),
        [
            ([0.2, 0.8], [0.2, 0.8]),
            ([0.5, 0.52], [0.5, 0.6]),
            ([0.97, 0.98], [0.85, 0.95]),
            ([0.0, 0.01], [0.05, 0.15]),
            ([], []),
        ],
    )
    def test_move_only_as_far_as_they_must(self, heights: list[float], moved: list[float]) -> None:
        assert apart(heights, 0.1, 0.05, 0.95) == pytest.approx(moved)

    @given(st.lists(st.floats(-1, 2), max_size=6).map(sorted))
    def test_keep_their_order_and_their_distance_inside(self, heights: list[float]) -> None:
        moved = apart(heights, 0.1, 0.05, 0.95)

        assert all(second - first > 0.1 - 1e-9 for first, second in pairwise(moved))
        assert all(0.05 - 1e-9 <= height <= 0.95 + 1e-9 for height in moved)
