"""REST, stream, trades, ticker and Bybit tell of the same minute in the same numbers."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.sandbox.exchange import streams
from signalbot.sandbox.exchange.bybit import streams as bybit_streams
from signalbot.sandbox.exchange.day import last_day
from signalbot.sandbox.exchange.kline_text import rest_rows
from signalbot.sandbox.exchange.klines import klines
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.market import NEW_YEAR_2026, generate

VENUE = Venue(generate(11, 6, 3 * 1_440), lambda: NEW_YEAR_2026 + 2 * DAY_MS)
contracts = st.sampled_from(VENUE.trading())
rows = st.integers(1, 3 * 1_440 - 2)
FIELDS = {"t": 0, "o": 1, "h": 2, "l": 3, "c": 4, "v": 5, "T": 6, "q": 7, "n": 8, "V": 9, "Q": 10}


@given(contracts, rows)
def test_a_closed_minute_is_one_and_the_same_everywhere(contract, row) -> None:
    tape, name = contract.tape, contract.name
    starts_at = int(tape.open_time[row])
    ends_at = tape.starts(row + 1)
    rest = klines(tape, ends_at, MINUTE_MS, starts_at, starts_at)
    (line,) = map(json.loads, rest_rows(rest, contract.coin, MINUTE_MS))
    stream = f"{name.lower()}@kline_1m"
    closed = [
        json.loads(event.text)["k"]
        for event in streams.events(VENUE, stream, starts_at + 3_000, ends_at)
        if event.closed
    ]
    (candle,) = closed
    assert {key: candle[key] for key in FIELDS} == {key: line[at] for key, at in FIELDS.items()}
    trades = [
        json.loads(event.text)
        for event in streams.events(
            VENUE, f"{name.lower()}@aggTrade", starts_at - 1, starts_at + MINUTE_MS - 1
        )
    ]
    assert sum(Decimal(trade["q"]) for trade in trades) == Decimal(line[5])
    assert len(trades) == line[8]
    if len(trades) >= 4:
        prices = [Decimal(trade["p"]) for trade in trades]
        told = [prices[0], max(prices), min(prices), prices[-1]]
        assert told == [Decimal(text) for text in line[1:5]]
    (other,) = [
        json.loads(event.text)["data"][0]
        for event in bybit_streams.events(VENUE, f"kline.1.{name}", starts_at + 3_000, ends_at)
        if event.closed
    ]
    assert (other["start"], other["confirm"]) == (line[0], True)
    names = ("open", "high", "low", "close", "volume")
    assert [other[field] for field in names] == line[1:6]


@given(contracts, rows, st.integers(0, MINUTE_MS - 1))
def test_a_pushed_candle_is_what_rest_says_at_that_instant(contract, row, into) -> None:
    starts_at = int(contract.tape.open_time[row])
    stream = f"{contract.name.lower()}@kline_1m"
    said = streams.events(VENUE, stream, starts_at + into, starts_at + MINUTE_MS - 1)
    forming = [event for event in said if not event.closed]
    for event in forming[:1]:
        shown = klines(contract.tape, int(event.at), MINUTE_MS, starts_at, starts_at)
        (line,) = map(json.loads, rest_rows(shown, contract.coin, MINUTE_MS))
        candle = json.loads(event.text)["k"]
        assert {key: candle[key] for key in FIELDS} == {key: line[at] for key, at in FIELDS.items()}


@given(contracts, st.integers(DAY_MS, 3 * DAY_MS - MINUTE_MS))
def test_a_day_is_the_sum_of_its_minutes(contract, into) -> None:
    now = NEW_YEAR_2026 + into
    day = last_day(contract.tape, now)
    minutes = klines(contract.tape, now, MINUTE_MS, now - DAY_MS, now)
    assert day.volume == sum(minutes.volume.tolist())
    assert day.count == sum(minutes.count.tolist())
    assert day.value == pytest.approx(sum(minutes.value.tolist()))
    assert (day.open, day.last) == (minutes.open[0], minutes.close[-1])
    assert (day.high, day.low) == (max(minutes.high.tolist()), min(minutes.low.tolist()))
