"""What the streams of a contract say between two instants, and on which path they are heard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange.depth import UPDATES, last_update, levels_text, step_at
from signalbot.sandbox.exchange.klines import PUSH_EVERY_MS, Kline, closed_kline, forming_kline
from signalbot.sandbox.exchange.listings import TRADING
from signalbot.sandbox.exchange.tape import CLOSES_WITHIN_MS
from signalbot.sandbox.exchange.venue import Contract, Venue
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One frame of a stream, and when it leaves, ms UTC."""

    stream: str
    at: int
    payload: Json
    closed: bool = False


Says = Callable[[Contract, int, int], Iterator[tuple[int, Json]]]


def events(venue: Venue, stream: str, after: int, until: int) -> list[Event]:
    """Return what a stream says in after < instant <= until; nothing if there is none such."""
    name, _, topic = stream.partition("@")
    contract = venue.contract(name)
    if contract is None or contract.listing.status != TRADING or topic not in TOPICS:
        return []
    said = TOPICS[topic][1](contract, after, until)
    return [
        Event(stream=stream, at=at, payload=said_, closed=said_.get("k", {}).get("x", False))
        for at, said_ in said
    ]


def is_heard(stream: str, path: str) -> bool:
    """Whether a stream speaks on a path: since the venue split them, on one of them alone."""
    topic = stream.partition("@")[2]
    return topic in TOPICS and TOPICS[topic][0] == path


def _klines(contract: Contract, after: int, until: int) -> Iterator[tuple[int, Json]]:
    tape = contract.tape
    first = max(tape.row_at(after - CLOSES_WITHIN_MS), 0)
    for row in range(first, min(tape.row_at(until), len(tape.count) - 1) + 1):
        ends_at = int(tape.open_time[row]) + MINUTE_MS
        trades = tape.minute(row).within(after - PUSH_EVERY_MS - 1, until)
        slots = sorted({time // PUSH_EVERY_MS + 1 for time in trades.time.tolist()})
        for at in (PUSH_EVERY_MS * slot for slot in slots):
            if after < at <= until and at < ends_at:
                yield at, _kline(contract, forming_kline(tape, row, at), at, closed=False)
        at = tape.starts(row + 1)
        if after < at <= until:
            yield at, _kline(contract, closed_kline(tape, row), at, closed=True)


def _kline(contract: Contract, kline: Kline, at: int, *, closed: bool) -> Json:
    pushed = kline.pushed(contract.coin, contract.name, closed=closed)
    return {"e": "kline", "E": at, "s": contract.name, "k": pushed}


def _depth(contract: Contract, after: int, until: int) -> Iterator[tuple[int, Json]]:
    for step in range(step_at(after) + 1, step_at(until) + 1):
        book = contract.book.at(step)
        bids, asks = contract.book.changes(step)
        last = last_update(step)
        yield (
            book.time,
            {
                "e": "depthUpdate",
                "E": book.time,
                "T": book.time,
                "s": contract.name,
                "U": last - UPDATES + 1,
                "u": last,
                "pu": last - UPDATES,
                "b": bids,
                "a": asks,
            },
        )


def _best(contract: Contract, after: int, until: int) -> Iterator[tuple[int, Json]]:
    for step in range(step_at(after) + 1, step_at(until) + 1):
        book = contract.book.at(step)
        (bid,), (ask,) = levels_text(book.bids, 1), levels_text(book.asks, 1)
        best = {"b": bid[0], "B": bid[1], "a": ask[0], "A": ask[1]}
        head = {"e": "bookTicker", "u": last_update(step), "s": contract.name}
        yield book.time, head | best | {"T": book.time, "E": book.time}


def _trades(contract: Contract, after: int, until: int) -> Iterator[tuple[int, Json]]:
    for trade in agg_trades(contract, after, until):
        yield trade["T"], {"e": "aggTrade", "E": trade["T"], "s": contract.name} | trade


def agg_trades(contract: Contract, after: int, until: int) -> Iterator[Json]:
    """Yield the trades of a contract with after < time <= until, each for itself."""
    coin = contract.coin
    for batch in contract.tape.trades(after, until):
        columns = (batch.id, batch.ticks, batch.steps, batch.time, batch.sold)
        for id_, ticks, steps, time, sold in zip(*(c.tolist() for c in columns), strict=True):
            amounts = {"p": price_text(coin, ticks), "q": quantity_text(coin, steps)}
            yield {"a": id_, **amounts, "f": id_, "l": id_, "T": time, "m": sold}


TOPICS: dict[str, tuple[str, Says]] = {
    "kline_1m": ("market", _klines),
    "aggTrade": ("market", _trades),
    "depth": ("public", _depth),
    "depth@100ms": ("public", _depth),
    "depth@500ms": ("public", _depth),
    "bookTicker": ("public", _best),
}
