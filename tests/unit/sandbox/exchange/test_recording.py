"""A recording is read line by line, and asked by instant."""

import pytest

from signalbot.errors import InputError
from signalbot.sandbox.exchange.recording import read_recording

ANSWERS = """
https://fapi.binance.com/fapi/v1/depth?symbol=COINUSDT&limit=5 -> 2.5: {"lastUpdateId":2}
https://fapi.binance.com/fapi/v1/depth?symbol=COINUSDT&limit=5 -> 1.5: {"lastUpdateId":1}
https://fapi.binance.com/fapi/v1/exchangeInfo -> 1.0: {"symbols":[]}
configuration: {"pairs":["COIN"]}
"""
FRAMES = """wss://fstream.binance.com/stream?streams=coinusdt@kline_1m <-> 1.0
1.25: {"stream":"coinusdt@kline_1m","data":{"k":{"x":false}}}
2.75: {"stream":"coinusdt@kline_1m","data":{"k":{"x":true}}}
"""


def test_answers_are_the_newest_by_then_or_the_first() -> None:
    recording = read_recording([ANSWERS, FRAMES])
    assert recording.answer("depth", "COINUSDT", 1_000) == '{"lastUpdateId":1}'
    assert recording.answer("depth", "COINUSDT", 2_499) == '{"lastUpdateId":1}'
    assert recording.answer("depth", "COINUSDT", 2_500) == '{"lastUpdateId":2}'
    assert recording.answer("exchangeInfo", None, 9) == '{"symbols":[]}'
    assert recording.answer("depth", "OTHERUSDT", 2_500) is None


def test_frames_are_given_word_for_word_at_their_instants() -> None:
    recording = read_recording([FRAMES])
    assert (recording.begins_at, recording.ends_at) == (1_249, 2_751)
    said = recording.says("coinusdt@kline_1m", 1_250, 3_000)
    assert [(event.at, event.closed) for event in said] == [(2_750, True)]
    assert said[0].text in FRAMES
    assert recording.says("coinusdt@depth", 0, 3_000) == []


@pytest.mark.parametrize("text", ["", "nonsense", "1.0: {}", "soon: {}", "1.0: [1]"])
def test_what_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_recording([text])
