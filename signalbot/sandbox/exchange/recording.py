"""What a venue said for a while, word for word: answers over HTTP and frames of streams.

A recording is text: `address -> seconds since 1970: answer` for HTTP, and for a websocket a line
`address <-> seconds` with the lines `seconds: frame` behind it, each frame as
`{"stream": ..., "data": ...}`. Empty lines, and the recorder's `configuration: `, say nothing.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from signalbot.errors import InputError
from signalbot.sandbox.exchange.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer and when it came, ms UTC; endpoint and symbol are what was asked for."""

    at: float
    endpoint: str
    symbol: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Answers and frames in the order of time.

    Attributes
    ----------
    frames : mapping of str to list of Event
        By stream.
    """

    answers: list[Answer]
    frames: dict[str, list[Event]]

    @property
    def begins_at(self) -> int:
        """The instant before the first frame, ms UTC."""
        return math.ceil(min(events[0].at for events in self.frames.values())) - 1

    @property
    def ends_at(self) -> int:
        """An instant behind the last frame, ms UTC."""
        return int(max(events[-1].at for events in self.frames.values())) + 1

    def answer(self, endpoint: str, symbol: str | None, now: int) -> str | None:
        """Return the newest answer by now, or else the first there is; None without any."""
        fitting = [a for a in self.answers if (a.endpoint, a.symbol) == (endpoint, symbol)]
        past = [answer for answer in fitting if answer.at <= now]
        chosen = past[-1:] or fitting[:1]
        return chosen[0].text if chosen else None

    def says(self, stream: str, after: int, until: int) -> list[Event]:
        """Return what a stream said in after < instant <= until."""
        return [event for event in self.frames.get(stream, ()) if after < event.at <= until]


def read_recording(texts: Iterable[str]) -> Recording:
    """Return what some texts have recorded.

    Raises
    ------
    InputError
        If a line is neither an answer nor a frame, or there is no frame at all.
    """
    answers: list[Answer] = []
    frames: dict[str, list[Event]] = {}
    for line in (line for text in texts for line in text.splitlines() if line):
        if line.startswith(("wss://", "configuration: ")):
            continue
        address, arrow, rest = line.partition(" -> ")
        if arrow and address.startswith("https://"):
            answers.append(_answer(address, rest))
        else:
            stream, event = _frame(line)
            frames.setdefault(stream, []).append(event)
    if not frames:
        raise InputError("recording", "(no frame)", "one line `seconds: frame` at least")
    return Recording(answers=sorted(answers, key=lambda answer: answer.at), frames=frames)


def _answer(address: str, rest: str) -> Answer:
    seconds, _, text = rest.partition(": ")
    parts = urlsplit(address)
    (symbol,) = parse_qs(parts.query).get("symbol", [None])
    endpoint = parts.path.removeprefix("/fapi/v1/")
    return Answer(at=_ms(seconds), endpoint=endpoint, symbol=symbol, text=text)


def _frame(line: str) -> tuple[str, Event]:
    seconds, _, text = line.partition(": ")
    try:
        said = json.loads(text)
        closed = bool(said["data"].get("k", {}).get("x"))
        return said["stream"], Event(_ms(seconds), text, closed=closed)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("line", line[:60], "`seconds: frame`") from None


def _ms(seconds: str) -> float:
    try:
        return float(seconds) * 1_000
    except ValueError:
        raise InputError("line", seconds[:60], "seconds since 1970") from None
