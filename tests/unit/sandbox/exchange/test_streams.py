"""A stream says the same however often it is looked at."""

import json
from itertools import pairwise

import pytest

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange.streams import TOPICS, events
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.market import NEW_YEAR_2026, generate

BEGINS = NEW_YEAR_2026 + 60 * MINUTE_MS
ENDS = BEGINS + 5 * MINUTE_MS
VENUE = Venue(generate(7, 6, 120), lambda: BEGINS)


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "forceOrder"])
@pytest.mark.parametrize("step_ms", [20, 777])
def test_many_looks_hear_what_one_look_hears(topic: str, step_ms: int) -> None:
    for name in ("btcusdt", "fauxusdt"):
        stream = f"{name}@{topic}"
        whole = events(VENUE, stream, BEGINS, ENDS)
        looks = range(BEGINS, ENDS, step_ms)
        pieces = [events(VENUE, stream, at, min(at + step_ms, ENDS)) for at in looks]
        assert [event for piece in pieces for event in piece] == whole
        assert whole


def test_the_updates_of_a_book_follow_each_other() -> None:
    said = [json.loads(event.text) for event in events(VENUE, "btcusdt@depth@100ms", BEGINS, ENDS)]
    assert all(new["pu"] == old["u"] for old, new in pairwise(said))
    assert all(each["pu"] < each["U"] <= each["u"] for each in said)


def test_nobody_speaks_for_a_contract_that_went() -> None:
    venue = Venue(generate(7, 2, 120), lambda: BEGINS)
    venue.listings.delist("BTCUSDT")
    assert events(venue, "btcusdt@aggTrade", BEGINS, ENDS) == []
    assert events(venue, "nobody@aggTrade", BEGINS, ENDS) == []


def test_nobody_hears_a_stream_in_capitals() -> None:
    assert events(VENUE, "BTCUSDT@aggTrade", BEGINS, ENDS) == []


def test_liquidations_are_trades_of_minutes_that_moved_far() -> None:
    venue = Venue(generate(7, 6, 3 * 1_440), lambda: BEGINS)
    after, until = BEGINS, BEGINS + 24 * 60 * MINUTE_MS
    everyone = events(venue, "!forceOrder@arr", after, until)
    assert [event.at for event in everyone] == sorted(event.at for event in everyone)
    orders = [json.loads(event.text)["o"] for event in everyone]
    assert {order["S"] for order in orders} == {"BUY", "SELL"}
    own = [event for event in everyone if '"s":"SHAMUSDT"' in event.text]
    assert own == events(venue, "shamusdt@forceOrder", after, until)
    assert own
    for order in (order for order in orders if order["s"] == "SHAMUSDT"):
        (trade,) = events(venue, "shamusdt@aggTrade", order["T"] - 1, order["T"])[:1]
        row = venue.contract("SHAMUSDT").tape.row_at(order["T"])
        tape = venue.contract("SHAMUSDT").tape
        turned = tape.low[row] if order["S"] == "SELL" else tape.high[row]
        assert float(order["p"]) == tape.coin.prices(float(turned))
        assert json.loads(trade.text)["p"]
