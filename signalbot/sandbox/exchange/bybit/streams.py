"""What Bybit's public topics of linear contracts say, and how they are subscribed to."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from signalbot.sandbox.books import LEVELS
from signalbot.sandbox.exchange.bybit.candles import pushes
from signalbot.sandbox.exchange.bybit.listed import ticker
from signalbot.sandbox.exchange.bybit.rest import book_entry
from signalbot.sandbox.exchange.candle_stream import told
from signalbot.sandbox.exchange.depth import last_update, step_at
from signalbot.sandbox.exchange.events import Event
from signalbot.sandbox.exchange.liquidations import liquidations
from signalbot.sandbox.exchange.listings import TRADING
from signalbot.sandbox.exchange.sockets import Talk
from signalbot.sandbox.exchange.streams import agg_trades
from signalbot.sandbox.exchange.venue import Contract, Venue
from signalbot.sandbox.exchange.wire_numbers import price_text, quantity_text

TICKER_EVERY_MS = 1_000
MOST_LETTERS = 21_000
"""Of all topics of a connection together."""

Json = dict[str, Any]
Says = Callable[[Contract, str, int, int], Iterator[Event]]


def talk_of(venue: Venue) -> Talk:
    """Return how the venue talks on /v5/public/linear."""
    return Talk(order=partial(_take_order, venue), hears=lambda topic: topic.count(".") > 0)


def events(venue: Venue, topic: str, after: int, until: int) -> list[Event]:
    """Return what a topic says in after < instant <= until; nothing if there is none such."""
    contract, says = _find(venue, topic)
    if contract is None or says is None or contract.listing.status != TRADING:
        return []
    return list(says(contract, topic, max(after, contract.tape.begins_at - 1), until))


def _find(venue: Venue, topic: str) -> tuple[Contract | None, Says | None]:
    kind, _, name = topic.rpartition(".")
    return venue.coming(name), TOPICS.get(kind)


def _take_order(venue: Venue, topics: set[str], text: str) -> list[str]:
    try:
        order = json.loads(text)
        method, named = order["op"], order.get("args", [])
        wrong = [topic for topic in named if None in _find(venue, topic)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ['{"success":false,"ret_msg":"Invalid request","op":""}']
    reply = {"conn_id": "local", "req_id": order.get("req_id", ""), "op": method}
    if method == "ping":
        return [json.dumps({"success": True, "ret_msg": "pong"} | reply)]
    if wrong:  # one wrong topic, and none of the frame is taken
        words = f"error:handler not found,topic:{wrong[0]}"
        return [json.dumps({"success": False, "ret_msg": words} | reply)]
    if method == "subscribe" and sum(map(len, topics.union(named))) <= MOST_LETTERS:
        topics |= set(named)
        books = [topic for topic in named if topic.startswith("orderbook.")]
        done = json.dumps({"success": True, "ret_msg": ""} | reply)
        return [done, *(_snapshot(venue, topic) for topic in books)]
    if method == "unsubscribe":
        topics -= set(named)
        return [json.dumps({"success": True, "ret_msg": ""} | reply)]
    return [json.dumps({"success": False, "ret_msg": "Request not supported"} | reply)]


def _snapshot(venue: Venue, topic: str) -> str:
    contract = venue.contract(topic.rpartition(".")[2])
    step = step_at(venue.now())
    data = book_entry(contract, step, LEVELS) if contract else {}
    return _text(topic, venue.now(), data)


def _klines(contract: Contract, topic: str, after: int, until: int) -> Iterator[Event]:
    for klines, instants, closed in told(contract.tape, after, until):
        texts = pushes(klines, contract.coin, contract.name, instants, closed=closed)
        for at, text in zip(instants, texts, strict=True):
            yield Event(at, text, closed=closed)


def _book(contract: Contract, topic: str, after: int, until: int) -> Iterator[Event]:
    for step in range(step_at(after) + 1, step_at(until) + 1):
        bids, asks = contract.book.changes(step)
        data = {"s": contract.name, "b": bids, "a": asks, "u": step, "seq": last_update(step)}
        time = contract.book.at(step).time
        yield Event(time, _text(topic, time, data, kind="delta"))


def _trades(contract: Contract, topic: str, after: int, until: int) -> Iterator[Event]:
    for trade in agg_trades(contract, after, until):
        side = {"S": "Sell" if trade["m"] else "Buy", "v": trade["q"], "p": trade["p"]}
        more = {"L": "ZeroPlusTick", "i": f"{contract.name}-{trade['a']}", "BT": False}
        data = {"T": trade["T"], "s": contract.name} | side | more
        yield Event(trade["T"], _text(topic, trade["T"], [data]))


def _tickers(contract: Contract, topic: str, after: int, until: int) -> Iterator[Event]:
    for slot in range(after // TICKER_EVERY_MS + 1, until // TICKER_EVERY_MS + 1):
        at = slot * TICKER_EVERY_MS
        yield Event(at, _text(topic, at, ticker(contract, at)))


def _liquidations(contract: Contract, topic: str, after: int, until: int) -> Iterator[Event]:
    coin = contract.coin
    for time, ticks, steps, was_long in liquidations(contract.tape, after, until):
        # S is the side of the position that was closed
        order = {"T": time, "s": contract.name, "S": "Buy" if was_long else "Sell"}
        filled = {"v": quantity_text(coin, steps), "p": price_text(coin, ticks)}
        yield Event(time, _text(topic, time, [order | filled]))


def _text(topic: str, at: int, data: object, kind: str = "snapshot") -> str:
    push = {"topic": topic, "type": kind, "ts": at, "data": data}
    return json.dumps(push, separators=(",", ":"))


TOPICS: dict[str, Says] = {
    "kline.1": _klines,
    "orderbook.1": _book,
    "orderbook.50": _book,
    "orderbook.200": _book,
    "publicTrade": _trades,
    "tickers": _tickers,
    "allLiquidation": _liquidations,
}
