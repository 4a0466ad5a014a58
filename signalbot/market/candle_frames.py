"""Candles as the websockets of venues tell them, with the flag that says one is closed.

ccxt drops that flag, and wakes whoever waits for one candle only, so its parser is replaced: what
comes in is handed on at once, and what has not the venue's form is counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from signalbot.domain.timeframe import MINUTE_MS

Values = tuple[float, float, float, float, float]
"""Open, high, low, close and volume."""

LARGEST = 1e18
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One word of a venue about one minute of one contract.

    Attributes
    ----------
    name : str
        What the venue calls the contract.
    is_closed : bool
        Whether this is its last word.
    sent_at : int
        When the venue says it sent it, ms UTC.
    """

    name: str
    open_time: int
    values: Values
    is_closed: bool
    sent_at: int


Read = Callable[[Mapping[str, Any]], Iterator[Frame]]


def reader_of(venue: str) -> Read | None:
    """Return how a venue's messages about 1m candles are read; None where they have no flag."""
    return _READERS.get(venue)


def hooks(read: Read, take: Callable[[Frame], None], refuse: Callable[[], None]) -> dict[str, Any]:
    """Return what replaces methods of a client: frames go to `take`, malformed ones to `refuse`.

    An error that left the reading of a frame would end ccxt's reading of all, without a word.
    """

    def handle_ohlcv(exchange: Any, client: Any, message: Any) -> None:
        try:
            frames = list(read(message))
        except _MALFORMED:
            refuse()
            return
        for frame in frames:
            take(frame)

    def client(exchange: Any, url: str) -> Any:
        socket = super(type(exchange), exchange).client(url)

        def handle(data: str | bytes) -> None:
            try:
                type(socket).handle_text_or_binary_message(socket, data)
            except _MALFORMED:  # half of a frame is no JSON
                refuse()

        socket.handle_text_or_binary_message = handle
        return socket

    return {"handle_ohlcv": handle_ohlcv, "client": client}


def believable(values: Values) -> bool:
    """Return whether five numbers can be a candle."""
    open_, high, low, close, volume = values
    finite = all(abs(value) < LARGEST for value in values)  # NaN is not
    in_order = 0 < low <= min(open_, close) <= max(open_, close) <= high
    return finite and in_order and volume >= 0


def _binance(message: Mapping[str, Any]) -> Iterator[Frame]:
    kline = message["k"]
    if kline["i"] != "1m":
        return
    yield _frame(
        name=kline["s"],
        open_time=kline["t"],
        values=[kline[key] for key in "ohlcv"],
        is_closed=kline["x"],
        sent_at=message["E"],
    )


def _bybit(message: Mapping[str, Any]) -> Iterator[Frame]:
    _, minutes, name = message["topic"].split(".")
    if minutes != "1":
        return
    for candle in message["data"]:
        yield _frame(
            name=name,
            open_time=candle["start"],
            values=[candle[key] for key in ("open", "high", "low", "close", "volume")],
            is_closed=candle["confirm"],
            sent_at=candle["timestamp"],
        )


def _frame(
    *, name: object, open_time: object, values: list[object], is_closed: object, sent_at: object
) -> Frame:
    if not (isinstance(name, str) and isinstance(is_closed, bool)):
        raise TypeError("a name and a flag are wanted")
    if type(open_time) is not int or type(sent_at) is not int or open_time % MINUTE_MS:
        raise TypeError("whole milliseconds on the minute are wanted")
    open_, high, low, close, volume = (float(str(value)) for value in values)
    numbers = (open_, high, low, close, volume)
    if not believable(numbers):
        raise ValueError("no candle has these numbers")
    return Frame(
        name=name, open_time=open_time, values=numbers, is_closed=is_closed, sent_at=sent_at
    )


_READERS: Mapping[str, Read] = {"binanceusdm": _binance, "bybit": _bybit}
