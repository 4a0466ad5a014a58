"""The trades of a minute add up to its candle, and time shows no more than it may."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange.klines import Klines, closed, forming, klines, newest_row
from signalbot.sandbox.exchange.tape import CLOSES_WITHIN_MS, Tape
from signalbot.sandbox.market import generate

MARKET = generate(7, 6, 300)
TAPES = [Tape(MARKET, symbol) for symbol in MARKET.series]
tapes = st.sampled_from(TAPES)
rows = st.integers(1, 298)


def told(candles: Klines) -> list[tuple]:
    return list(zip(*(getattr(candles, each).tolist() for each in candles.__slots__), strict=True))


@given(tapes, rows)
def test_the_trades_of_a_minute_add_up_to_its_candle(tape: Tape, row: int) -> None:
    whole = forming(tape, row, [int(tape.open_time[row]) + MINUTE_MS - 1])
    finished = closed(tape, slice(row, row + 1))
    assert (whole.volume, whole.count) == (finished.volume, finished.count)
    if finished.count >= 4:
        assert told(whole) == told(finished)


@given(tapes, rows)
def test_the_ids_of_trades_go_on_over_minutes(tape: Tape, row: int) -> None:
    batches = tape.trades(int(tape.open_time[row - 1]) - 1, int(tape.open_time[row + 1]) - 1)
    ids = np.concatenate([batch.id for batch in batches]) if batches else np.zeros(1)
    assert (np.diff(ids) == 1).all()


@given(tapes, rows, st.integers(0, MINUTE_MS - 1))
def test_a_candle_appears_with_its_first_trade_or_two_seconds_late(
    tape: Tape, row: int, into: int
) -> None:
    now = int(tape.open_time[row]) + into
    traded = len(tape.minute(row).within(0, now)) > 0
    assert newest_row(tape, now) == (row if traded or into >= CLOSES_WITHIN_MS else row - 1)


@pytest.mark.parametrize("tape", TAPES)
def test_five_minutes_are_five_candles_of_one(tape: Tape) -> None:
    now = tape.begins_at + 100 * MINUTE_MS - 1
    ones = klines(tape, now, MINUTE_MS, 0, now)
    fives = klines(tape, now, 5 * MINUTE_MS, 0, now)
    assert (len(ones), len(fives)) == (100, 20)
    parts = ones.take(slice(15, 20))
    assert fives.volume[3] == parts.volume.sum()
    assert fives.value[3] == pytest.approx(parts.value.sum())
    assert (fives.high[3], fives.low[3]) == (parts.high.max(), parts.low.min())
    assert (fives.open[3], fives.close[3]) == (parts.open[0], parts.close[-1])
