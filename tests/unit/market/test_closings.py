import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.market.closings import KEPT_MS, Closings

A, B = "A/USDT:USDT", "B/USDT:USDT"
CLOSE = 1_795_658_760_000


@pytest.fixture
def closings() -> Closings:
    return Closings()


def test_who_closed_and_when_it_was_heard_is_known_by_minute(closings):
    closings.put(A, CLOSE, 10.0)
    closings.put(B, CLOSE, 11.5)
    closings.put(A, CLOSE + MINUTE_MS, 70.0)

    assert closings.at(CLOSE) == {A: 10.0, B: 11.5}
    assert closings.at(CLOSE + MINUTE_MS) == {A: 70.0}
    assert closings.at(CLOSE + 2 * MINUTE_MS) == {}


def test_the_first_word_stands(closings):
    closings.put(A, CLOSE, 10.0)
    closings.put(A, CLOSE, 12.0)

    assert closings.at(CLOSE) == {A: 10.0}


def test_every_close_is_news(closings):
    assert not closings.news.is_set()
    closings.put(A, CLOSE, 10.0)
    assert closings.news.is_set()
    closings.news.clear()
    closings.put(B, CLOSE, 10.1)
    assert closings.news.is_set()


def test_news_wake_whoever_waits(closings):
    async def scenario() -> None:
        asyncio.get_running_loop().call_soon(closings.put, A, CLOSE, 1.0)
        async with asyncio.timeout(5):
            await closings.news.wait()

    asyncio.run(scenario())


def test_what_is_repaired_long_after_is_neither_kept_nor_news(closings):
    closings.put(A, CLOSE, 10.0)
    closings.news.clear()
    closings.put(B, CLOSE - KEPT_MS, 11.0)

    assert closings.at(CLOSE - KEPT_MS) == {}
    assert not closings.news.is_set()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_only_the_newest_minutes_are_kept_in_whatever_order_they_come(minutes):
    closings = Closings()
    newest = 0
    for minute in minutes:
        newest = max(newest, minute)
        closings.put(A, CLOSE + minute * MINUTE_MS, 1.0)

    kept = {each for each in range(31) if closings.at(CLOSE + each * MINUTE_MS)}
    assert newest in kept
    assert min(kept) > newest - KEPT_MS // MINUTE_MS
    assert kept <= set(minutes)
