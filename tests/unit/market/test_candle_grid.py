"""The grid of closed candles."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.market.candle_grid import BTC, SPARE_ROWS, CandleGrid, Grids

SINCE = 1_795_658_760_000
A, B, C = "A/USDT:USDT", "B/USDT:USDT", "C/USDT:USDT"


def at(minute: int) -> int:
    return SINCE + minute * MINUTE_MS


def values(price: float) -> tuple[float, float, float, float, float]:
    return price, price + 1, price - 0.5, price + 0.5, 10 * price


def grid(rows: int = 10) -> CandleGrid:
    return CandleGrid([A, B], rows, SINCE)


class TestPut:
    def test_a_candle_is_new_once(self):
        mine = grid()

        assert mine.put(A, at(3), values(5.0))
        assert not mine.put(A, at(3), values(6.0))
        assert mine.candles(A, at(4), 4).close.tolist() == [5.5]

    def test_who_has_no_column_is_not_kept(self):
        assert not grid().put(C, at(0), values(1.0))

    def test_what_lies_before_the_grid_is_not_kept(self):
        assert not grid().put(A, at(-1), values(1.0))

    def test_a_far_minute_moves_the_grid_and_what_is_kept_stays(self):
        mine = grid(rows=10)
        newest = 10 + SPARE_ROWS
        for minute in (0, newest - 1, newest):
            assert mine.put(A, at(minute), values(minute + 1.0))

        assert not mine.has(A, at(0))
        assert mine.has(A, at(newest - 1))
        assert mine.has(A, at(newest))
        assert mine.newest(A) == at(newest + 1)

    def test_a_minute_beyond_everything_leaves_an_empty_grid(self):
        mine = grid(rows=10)
        mine.put(A, at(5), values(1.0))
        assert mine.put(A, at(100_000), values(2.0))
        assert mine.oldest(A) == at(100_000)


class TestColumns:
    def test_a_pair_keeps_its_column_when_others_come(self):
        mine = grid()
        mine.put(B, at(0), values(2.0))
        mine.add([C, B])

        assert mine.symbols == (A, B, C)
        assert mine.column_of(B) == 1
        assert mine.column_of("D/USDT:USDT") is None
        assert mine.has(B, at(0))
        assert mine.put(C, at(0), values(3.0))

    def test_btc_has_a_grid_of_its_own(self):
        both = Grids(rows=5, btc_rows=50, now=at(50))
        both.pairs.add([A])

        assert both.of(BTC) is both.btc
        assert both.of(A) is both.pairs
        assert both.btc.put(BTC, at(0), values(1.0))


class TestPanel:
    def test_it_is_what_was_put_as_columns_in_a_row_each(self):
        mine = grid()
        mine.put(A, at(1), values(5.0))
        mine.put(B, at(2), values(7.0))
        panel = mine.panel(at(3), 2)

        assert panel.open_time.tolist() == [at(1), at(2)]
        assert panel.close[0, 0] == 5.5
        assert np.isnan(panel.close[0, 1])
        assert panel.high[1, 1] == 8.0
        assert panel.volume.flags.f_contiguous
        assert not panel.close.flags.writeable

    def test_named_pairs_come_in_the_order_in_which_they_are_named(self):
        mine = grid()
        mine.put(A, at(0), values(5.0))
        panel = mine.panel(at(1), 1, [B, A])

        assert panel.symbols == (B, A)
        assert panel.close[0, 1] == 5.5

    def test_minutes_that_the_grid_has_not_reached_are_empty(self):
        mine = grid(rows=10)
        panel = mine.panel(at(10 + SPARE_ROWS + 3), 5)

        assert panel.shape == (5, 2)
        assert np.isnan(panel.close).all()

    def test_a_panel_does_not_change_when_the_grid_does(self):
        mine = grid()
        before = mine.panel(at(2), 2)
        mine.put(A, at(1), values(5.0))

        assert np.isnan(before.close).all()

    @settings(max_examples=60)
    @given(st.data())
    def test_it_is_the_same_however_the_candles_came(self, data: st.DataObject):
        cells = data.draw(
            st.dictionaries(
                st.tuples(st.sampled_from([A, B]), st.integers(0, 30)), st.floats(1, 100)
            )
        )
        order = data.draw(st.permutations(list(cells.items())))
        one, other = grid(), grid()
        for mine, found in ((one, list(cells.items())), (other, order)):
            for (symbol, minute), price in found:
                assert mine.put(symbol, at(minute), values(price))
        np.testing.assert_array_equal(one.panel(at(31), 31).high, other.panel(at(31), 31).high)
        missing = {(A, at(m)) for m in range(31)} - {(s, at(m)) for s, m in cells}
        assert one.missing(A, at(0), at(31)) == sorted(minute for _, minute in missing)


def test_a_series_is_kept_row_by_row_and_what_is_new_is_returned():
    mine = grid()
    mine.put(A, at(1), values(5.0))
    series: dict[str, Any] = {
        field: np.array([1.0, 1.0, 1.0]) for field in ("open", "high", "low", "close", "volume")
    }
    times = np.array([at(0), at(1), at(2)], dtype=np.int64)
    new = mine.put_all(A, Candles(timeframe=M1, open_time=times, **series))

    assert new.open_time.tolist() == [at(0), at(2)]
    assert mine.oldest(B) is None
    assert mine.newest(B) is None
