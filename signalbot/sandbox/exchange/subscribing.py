"""Subscriptions as Binance USD-M takes them, and its limits."""

import json

from signalbot.sandbox.exchange.sockets import Talk
from signalbot.sandbox.exchange.streams import is_heard

MOST_STREAMS = 1_024
LONGEST_FRAME = 4_096
"""Bytes of a frame; a longer one is ignored without a word, as reports of the venue say."""

MOST_ORDERS = 10
"""Frames a second, by this machine's clock; who sends more is cut off."""


def talk_on(path: str) -> Talk:
    """Return how the venue talks on a path: `market`, `public`, or any other where it is silent."""
    return Talk(
        order=take_order,
        hears=lambda stream: is_heard(stream, path),
        longest_frame=LONGEST_FRAME,
        most_orders=MOST_ORDERS,
    )


def take_order(streams: set[str], text: str) -> list[str]:
    """Change the subscriptions as a frame says, and return the replies."""
    try:
        order = json.loads(text)
        method, named, number = order["method"], set(order["params"]), order["id"]
        if not all(isinstance(stream, str) for stream in named):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        return ['{"error":{"code":3,"msg":"Invalid JSON"}}']
    if method == "SUBSCRIBE" and len(streams | named) <= MOST_STREAMS:
        streams |= named
    elif method == "UNSUBSCRIBE":
        streams -= named
    else:
        error = {"code": 2, "msg": "Invalid request: unknown method or too many streams"}
        return [json.dumps({"error": error, "id": number})]
    return [json.dumps({"result": None, "id": number})]
