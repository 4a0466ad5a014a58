"""What the streams of a contract say between two instants, and on which path they are heard."""

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from signalbot.domain.timeframe import MINUTE_MS
from signalbot.sandbox.exchange import kline_text
from signalbot.sandbox.exchange.depth import UPDATES, last_update, levels_text, step_at
from signalbot.sandbox.exchange.events import Event
from signalbot.sandbox.exchange.klines import closed, forming
from signalbot.sandbox.exchange.liquidations import liquidations
from signalbot.sandbox.exchange.listings import TRADING
from signalbot.sandbox.exchange.tape import CLOSES_WITHIN_MS
from signalbot.sandbox.exchange.venue import Contract, Venue
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

PUSH_EVERY_MS = 250
"""A forming candle is pushed at most so often."""

ALL_LIQUIDATIONS = "!forceOrder@arr"
"""The stream of every contract's liquidations."""

Json = dict[str, Any]


Says = Callable[[Contract, int, int], Iterator[Event]]


def events(venue: Venue, stream: str, after: int, until: int) -> list[Event]:
    """Return what a stream says in after < instant <= until; nothing if there is none such."""
    if stream == ALL_LIQUIDATIONS:
        everyone = (_liquidations(each, after, until) for each in venue.trading())
        return sorted(chain.from_iterable(everyone))
    name, _, topic = stream.partition("@")
    contract = venue.coming(name)
    if contract is None or contract.listing.status != TRADING or topic not in TOPICS:
        return []
    return list(TOPICS[topic][1](contract, after, until))


def is_heard(stream: str, path: str) -> bool:
    """Whether a stream speaks on a path: since the venue split them, on one of them alone."""
    if stream == ALL_LIQUIDATIONS:
        return path == "market"
    topic = stream.partition("@")[2]
    return topic in TOPICS and TOPICS[topic][0] == path


def kline_instants(contract: Contract, row: int, after: int, until: int) -> list[int]:
    """Return when a forming candle is pushed: at the end of each slot that has a trade."""
    ends_at = int(contract.tape.open_time[row]) + MINUTE_MS
    times = contract.tape.minute(row).within(after - PUSH_EVERY_MS - 1, until).time
    slots = np.unique(PUSH_EVERY_MS * (times // PUSH_EVERY_MS + 1)).tolist()
    return [at for at in slots if after < at <= until and at < ends_at]


def _klines(contract: Contract, after: int, until: int) -> Iterator[Event]:
    tape, coin, name = contract.tape, contract.coin, contract.name
    first = max(tape.row_at(after - CLOSES_WITHIN_MS), 0)
    last = min(tape.row_at(until), len(tape.count) - 1)
    for row in range(first, last + 1):
        if not tape.is_there[row]:
            continue
        if instants := kline_instants(contract, row, after, until):
            rows = forming(tape, row, instants)
            texts = kline_text.frames(rows, coin, name, instants, closed=False)
            yield from map(Event, instants, texts)
        if tape.row_at(until) > row and after < (at := tape.starts(row + 1)) <= until:
            rows = closed(tape, slice(row, row + 1))
            (text,) = kline_text.frames(rows, coin, name, [at], closed=True)
            yield Event(at, text, closed=True)


def _depth(contract: Contract, after: int, until: int) -> Iterator[Event]:
    for step in range(step_at(after) + 1, step_at(until) + 1):
        book = contract.book.at(step)
        bids, asks = contract.book.changes(step)
        last = last_update(step)
        head = {"e": "depthUpdate", "E": book.time, "T": book.time, "s": contract.name}
        ids = {"U": last - UPDATES + 1, "u": last, "pu": last - UPDATES}
        yield _event(book.time, head | ids | {"b": bids, "a": asks})


def _best(contract: Contract, after: int, until: int) -> Iterator[Event]:
    for step in range(step_at(after) + 1, step_at(until) + 1):
        book = contract.book.at(step)
        (bid,), (ask,) = levels_text(book.bids, 1), levels_text(book.asks, 1)
        best = {"b": bid[0], "B": bid[1], "a": ask[0], "A": ask[1]}
        head = {"e": "bookTicker", "u": last_update(step), "s": contract.name}
        yield _event(book.time, head | best | {"T": book.time, "E": book.time})


def _trades(contract: Contract, after: int, until: int) -> Iterator[Event]:
    for trade in agg_trades(contract, after, until):
        head = {"e": "aggTrade", "E": trade["T"], "s": contract.name}
        yield _event(trade["T"], head | trade)


def agg_trades(contract: Contract, after: int, until: int) -> Iterator[Json]:
    """Yield the trades of a contract with after < time <= until, each for itself."""
    coin = contract.coin
    for batch in contract.tape.trades(after, until):
        columns = (batch.id, batch.ticks, batch.steps, batch.time, batch.sold)
        for id_, ticks, steps, time, sold in zip(*(c.tolist() for c in columns), strict=True):
            amounts = {"p": price_text(coin, ticks), "q": quantity_text(coin, steps)}
            yield {"a": id_, **amounts, "f": id_, "l": id_, "T": time, "m": sold}


def _liquidations(contract: Contract, after: int, until: int) -> Iterator[Event]:
    for time, ticks, steps, was_long in liquidations(contract.tape, after, until):
        price, quantity = price_text(contract.coin, ticks), quantity_text(contract.coin, steps)
        side = {"s": contract.name, "S": "SELL" if was_long else "BUY", "o": "LIMIT", "f": "IOC"}
        filled = {"q": quantity, "p": price, "ap": price, "X": "FILLED", "l": quantity}
        order = side | filled | {"z": quantity, "T": time}
        yield _event(time, {"e": "forceOrder", "E": time, "o": order})


def _event(at: int, payload: Json) -> Event:
    return Event(at, json.dumps(payload, separators=(",", ":")))


TOPICS: dict[str, tuple[str, Says]] = {
    "kline_1m": ("market", _klines),
    "aggTrade": ("market", _trades),
    "forceOrder": ("market", _liquidations),
    "depth": ("public", _depth),
    "depth@100ms": ("public", _depth),
    "depth@500ms": ("public", _depth),
    "bookTicker": ("public", _best),
}
