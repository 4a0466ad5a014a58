"""Closed candles by REST, from a client that answers what a test wants."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.candles import Candles
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.rest_candles import FEW, MOST, SETTLED_MS, closed_candles

SYMBOL = "TOY/USDT:USDT"
SINCE = 1_795_658_760_000


class Venue:
    """Has a candle every minute, and tells them as `spoilt` makes of them."""

    def __init__(self, spoilt: Any = lambda rows: rows) -> None:
        self.asked: list[tuple[int, int]] = []
        self._spoilt = spoilt

    async def fetch_ohlcv(self, symbol: str, timeframe: str, since: int, limit: int) -> Any:
        assert (symbol, timeframe) == (SYMBOL, "1m")
        self.asked.append((since, limit))
        return self._spoilt([row(since + minute * MINUTE_MS) for minute in range(limit)])


def row(open_time: int) -> list[Any]:
    price = 1.0 + open_time // MINUTE_MS % 1_000
    return [open_time, price, price + 2, price - 0.5, price + 1, 10 * price]


def fetched(venue: Venue, minutes: int, now: int = SINCE + 10**9) -> Candles:
    calls = Calls("binanceusdm", venue)
    until = SINCE + minutes * MINUTE_MS
    return asyncio.run(closed_candles(calls, SYMBOL, SINCE, until, now))


def test_the_candles_of_a_span_are_told_to_the_last_digit():
    found = fetched(Venue(), 3)

    assert found.open_time.tolist() == [SINCE + minute * MINUTE_MS for minute in range(3)]
    first = row(SINCE)
    assert [
        float(getattr(found, name)[0]) for name in ("open", "high", "low", "close", "volume")
    ] == first[1:]


@pytest.mark.parametrize(
    ("minutes", "limits"),
    [
        (1, [1]),
        (FEW, [FEW]),
        (FEW + 1, [FEW + 1]),
        (MOST, [MOST]),
        (MOST + 1, [MOST, 1]),
        (2 * MOST + 5, [MOST, MOST, 5]),
    ],
)
def test_a_long_span_is_asked_for_in_pages_without_a_hole(minutes, limits):
    venue = Venue()
    found = fetched(venue, minutes)

    assert [limit for _, limit in venue.asked] == limits
    assert len(found) == minutes


@pytest.mark.parametrize(
    ("after_ms", "count"), [(0, 1), (SETTLED_MS - 1, 1), (SETTLED_MS, 2), (MINUTE_MS, 2)]
)
def test_a_candle_is_final_so_long_after_its_end(after_ms, count):
    assert len(fetched(Venue(), 5, now=SINCE + 2 * MINUTE_MS + after_ms)) == count


def test_nothing_is_asked_for_while_nothing_is_final():
    venue = Venue()

    assert len(fetched(venue, 5, now=SINCE + MINUTE_MS)) == 0
    assert venue.asked == []


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda rows: rows[::-1],
        lambda rows: rows + rows,
        lambda rows: [row(SINCE - MINUTE_MS), *rows, row(SINCE + 9 * MINUTE_MS)],
        lambda rows: [*rows, None, 7, [], "x", {}, [SINCE], [SINCE + 1, 1, 2, 0.5, 1, 1]],
        lambda rows: [*rows, [SINCE, 1.0, 2.0, 3.0, 4.0, 5.0]],
        lambda rows: [*rows, [SINCE, None, None, None, None, None]],
        lambda rows: [*rows, [float(SINCE), 1.0, 1.0, 1.0, 1.0, 1.0]],
        lambda rows: [*rows, [SINCE, True, True, True, True, True]],
        lambda rows: [*rows, [SINCE, 10**400, 10**400, 10**400, 10**400, 1]],
    ],
    ids=[
        "shuffled",
        "twice",
        "unasked",
        "rubbish",
        "upside down",
        "empty",
        "float",
        "true",
        "huge",
    ],
)
def test_what_a_venue_tells_wrongly_changes_nothing(spoilt):
    found = fetched(Venue(spoilt), 4)
    truth = fetched(Venue(), 4)

    assert found.open_time.tolist() == truth.open_time.tolist()
    assert found.close.tolist() == truth.close.tolist()


@pytest.mark.parametrize("told", [None, [], {}, "rows", 3])
def test_an_answer_without_rows_is_no_candle_and_no_end(told):
    venue = Venue(lambda rows: told)

    assert len(fetched(venue, MOST + 3)) == 0
    assert [limit for _, limit in venue.asked] == [MOST, 3]


def test_minutes_that_are_missing_stay_missing():
    found = fetched(Venue(lambda rows: [each for each in rows if each[0] != SINCE + MINUTE_MS]), 3)

    assert found.open_time.tolist() == [SINCE, SINCE + 2 * MINUTE_MS]


def test_a_venue_that_does_not_answer_is_told():
    def fails(rows: Any) -> Any:
        raise UnavailableError("away")

    with pytest.raises(UnavailableError):
        fetched(Venue(fails), 3)


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)


@given(st.lists(st.lists(NUMBERS, max_size=7) | NUMBERS, max_size=6))
def test_whatever_comes_is_a_candle_or_left_out(rubbish):
    found = fetched(Venue(lambda rows: [*rubbish, *rows]), 3)

    assert len(found) == 3
    assert (found.low <= found.open).all()
    assert (found.high >= found.close).all()
