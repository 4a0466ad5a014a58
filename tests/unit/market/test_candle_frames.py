"""Frames of candles as venues send them, and what is no frame."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.market.candle_frames import Frame, believable, hooks, reader_of

MINUTE = 60_000
OPEN_TIME = 1_795_658_760_000


def binance(**changes: Any) -> dict[str, Any]:
    kline = {"t": OPEN_TIME, "s": "LAYERUSDT", "i": "1m", "x": True}
    kline |= {"o": "1.0", "h": "1.2", "l": "0.9", "c": "1.1", "v": "1500"}
    message = {"e": "kline", "E": OPEN_TIME + MINUTE + 203, "s": "LAYERUSDT"}
    return message | {"k": kline | changes}


def bybit(**changes: Any) -> dict[str, Any]:
    candle = {"start": OPEN_TIME, "interval": "1", "confirm": True}
    candle |= {"open": "1.0", "high": "1.2", "low": "0.9", "close": "1.1", "volume": "1500"}
    candle |= {"timestamp": OPEN_TIME + MINUTE + 50}
    return {"topic": "kline.1.LAYERUSDT", "data": [candle | changes], "type": "snapshot"}


class Heard:
    def __init__(self, venue: str) -> None:
        self.frames: list[Frame] = []
        self.refused = 0
        read = reader_of(venue)
        assert read is not None
        self._parse = hooks(read, self.frames.append, self._refuse)["handle_ohlcv"]

    def _refuse(self) -> None:
        self.refused += 1

    def hear(self, message: Any) -> "Heard":
        self._parse(None, None, message)
        return self


class TestBinance:
    def test_a_closed_candle_is_called_closed(self):
        (frame,) = Heard("binanceusdm").hear(binance()).frames

        assert frame == Frame(
            name="LAYERUSDT",
            open_time=OPEN_TIME,
            values=(1.0, 1.2, 0.9, 1.1, 1500.0),
            is_closed=True,
            sent_at=OPEN_TIME + MINUTE + 203,
        )

    def test_one_that_is_forming_is_not(self):
        (frame,) = Heard("binanceusdm").hear(binance(x=False)).frames
        assert not frame.is_closed

    def test_other_lengths_are_passed_over(self):
        heard = Heard("binanceusdm").hear(binance(i="5m"))
        assert (heard.frames, heard.refused) == ([], 0)


class TestBybit:
    def test_confirm_says_that_it_is_closed(self):
        heard = Heard("bybit").hear(bybit()).hear(bybit(confirm=False))

        assert [frame.is_closed for frame in heard.frames] == [True, False]
        assert heard.frames[0].name == "LAYERUSDT"
        assert heard.frames[0].values == (1.0, 1.2, 0.9, 1.1, 1500.0)

    def test_other_lengths_are_passed_over(self):
        message = bybit() | {"topic": "kline.5.LAYERUSDT"}
        assert Heard("bybit").hear(message).frames == []


def test_the_other_venues_have_no_flag():
    assert [reader_of(venue) for venue in ("bingx", "weex", "mexc", "bitget")] == [None] * 4


@pytest.mark.parametrize(
    "changes",
    [
        {"x": "true"},
        {"x": None},
        {"t": str(OPEN_TIME)},
        {"t": OPEN_TIME + 1},
        {"t": True},
        {"s": None},
        {"o": "nan"},
        {"h": "inf"},
        {"h": "1.05"},
        {"l": "1.05"},
        {"l": "0"},
        {"l": "-1"},
        {"v": "-1"},
        {"v": "1e400"},
        {"c": ""},
        {"c": None},
        {"c": {"a": 1}},
    ],
)
def test_what_no_venue_could_mean_is_refused(changes):
    heard = Heard("binanceusdm").hear(binance(**changes))
    assert (heard.frames, heard.refused) == ([], 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ktEsiohlcvxde"), inner),
    )
)
def test_hostile_messages_never_leave_the_parser(message):
    for venue in ("binanceusdm", "bybit"):
        heard = Heard(venue).hear(message)
        assert all(believable(frame.values) for frame in heard.frames)


@given(st.text(), st.integers(0, 200))
def test_half_a_frame_is_refused_or_whole(noise, cut):
    text = json.dumps(binance())[:cut] + noise
    try:
        message = json.loads(text)
    except ValueError:
        return
    assert Heard("binanceusdm").hear(message).frames in (
        [],
        Heard("binanceusdm").hear(binance()).frames,
    )
