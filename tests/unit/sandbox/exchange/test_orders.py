"""Whatever is sent over a websocket is answered, and what is subscribed to can be looked up."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.sandbox.exchange import streams
from signalbot.sandbox.exchange.bybit import streams as bybit_streams
from signalbot.sandbox.exchange.subscribing import MOST_STREAMS, take_order, talk_on
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.market import NEW_YEAR_2026, generate

NOW = NEW_YEAR_2026 + 3_600_000
VENUE = Venue(generate(3, 2, 120), lambda: NOW)
BYBIT = bybit_streams.talk_of(VENUE)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = st.sampled_from(["btcusdt@kline_1m", "kline.1.BTCUSDT", "!forceOrder@arr", "@", ".", ""])
orders = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["SUBSCRIBE", "UNSUBSCRIBE"]) | anything,
        "params": st.lists(names | anything) | anything,
        "id": st.integers() | anything,
        "op": st.sampled_from(["subscribe", "unsubscribe", "ping"]) | anything,
        "args": st.lists(names | anything) | anything,
        "req_id": anything,
    },
)


@pytest.mark.parametrize(
    ("order", "events"), [(take_order, streams.events), (BYBIT.order, bybit_streams.events)]
)
@given(text=st.text() | (orders | anything).map(json.dumps))
def test_every_frame_is_answered_and_breaks_nothing(order, events, text: str) -> None:
    subscribed: set[str] = set()
    replies = order(subscribed, text)
    assert replies
    assert all(json.loads(reply) is not None for reply in replies)
    for stream in subscribed:
        assert isinstance(events(VENUE, stream, NOW, NOW + 1_000), list)


def test_a_line_takes_so_many_streams_and_no_more() -> None:
    subscribed = {f"{number}@kline_1m" for number in range(MOST_STREAMS - 1)}
    order = partial(json.dumps, separators=(",", ":"))
    two = {"method": "SUBSCRIBE", "params": ["a@depth", "b@depth"], "id": 1}
    assert "error" in json.loads(take_order(subscribed, order(two))[0])
    assert len(subscribed) == MOST_STREAMS - 1
    assert json.loads(take_order(subscribed, order(two | {"params": ["a@depth"]}))[0]) == {
        "result": None,
        "id": 1,
    }


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("btcusdt@kline_1m", "market"),
        ("btcusdt@aggTrade", "market"),
        ("btcusdt@forceOrder", "market"),
        ("!forceOrder@arr", "market"),
        ("btcusdt@depth@100ms", "public"),
        ("btcusdt@bookTicker", "public"),
    ],
)
def test_a_stream_speaks_on_one_path_alone(stream: str, path: str) -> None:
    heard = [each for each in ("market", "public", "legacy") if talk_on(each).hears(stream)]
    assert heard == [path]
