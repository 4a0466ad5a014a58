"""What the streams of a contract say between two instants, and on which path they are heard."""

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from signalbot.sandbox.exchange import kline_text
from signalbot.sandbox.exchange.candle_stream import told
from signalbot.sandbox.exchange.depth import UPDATES, last_update, levels_text, step_at
from signalbot.sandbox.exchange.events import Event
from signalbot.sandbox.exchange.liquidations import liquidations
from signalbot.sandbox.exchange.listings import TRADING
from signalbot.sandbox.exchange.venue import Contract, Venue
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

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
    contract = venue.coming(name) if name == name.lower() else None
    if contract is None or contract.listing.status != TRADING or topic not in TOPICS:
        return []
    return list(TOPICS[topic][1](contract, max(after, contract.tape.begins_at - 1), until))


def is_heard(stream: str, path: str) -> bool:
    """Whether a stream speaks on a path: since the venue split them, on one of them alone."""
    if stream == ALL_LIQUIDATIONS:
        return path == "market"
    topic = stream.partition("@")[2]
    return topic in TOPICS and TOPICS[topic][0] == path


def _klines(contract: Contract, after: int, until: int) -> Iterator[Event]:
    coin, name = contract.coin, contract.name
    for klines, instants, closed in told(contract.tape, after, until):
        texts = kline_text.frames(klines, coin, name, instants, closed=closed)
        for at, text in zip(instants, texts, strict=True):
            yield Event(at, text, closed=closed)


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
