"""Make ccxt's client of a venue: public data of USDT perpetuals, never a key.

A client may be pointed at another address, which is how tests and the sandbox keep it on this
machine. Every address it knows is replaced then, so that nothing of it can leave.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ccxt.pro

from signalbot.market.ccxt_metadata import require_venue

TIMEOUT_MS = 10_000
"""Longest wait for one answer."""

_ORIGIN = re.compile(r"^(?P<kind>https?|wss?)://[^/]+")
_ONLY_LINEAR: Mapping[str, Mapping[str, object]] = {
    "bybit": {"fetchMarkets": {"types": ["linear"]}},
    "bitget": {"fetchMarkets": {"types": ["swap"]}, "defaultType": "swap"},
    "mexc": {"fetchMarkets": {"types": {"spot": False, "swap": {"linear": True}}}},
}
"""Options that keep a venue's other markets from being loaded."""


def venue_client(
    venue: str, url: str | None = None, hooks: Mapping[str, Callable[..., None]] | None = None
) -> Any:
    """Return a client of a venue; whoever asks for it closes it.

    Parameters
    ----------
    url : str, optional
        What replaces scheme and host of all its addresses; websockets get `ws` for `http`.
    hooks : mapping of str to callable, optional
        Methods of the client that are replaced, by name: its parsers keep less than a venue says.

    Raises
    ------
    InputError
        Naming `venue`, if it is none of the six.
    """
    require_venue(venue)
    kind = getattr(ccxt.pro, venue)
    client = type(kind.__name__, (kind,), {**_HOOKS, **(hooks or {})})(_options(venue))
    if url is not None:
        client.urls["api"] = _replaced(client.urls["api"], url.rstrip("/"))
    return client


def hasten(client: Any, speed: float) -> None:
    """Let a client ask so many times as often: its venue's minutes pass faster."""
    if speed != 1:
        client.rateLimit /= speed
        client.tokenBucket = None  # made of the pace before, and kept if it is there
        client.init_rest_rate_limiter()


@dataclass(slots=True)
class Answered:
    """What ccxt forgets of an answer: it names the error of the body.

    Attributes
    ----------
    status : int or None
        Of HTTP; None where no answer came.
    pause : str or None
        For how many seconds the venue wants to be left alone.
    """

    status: int | None = None
    pause: str | None = None


_ANSWERED: ContextVar[Answered] = ContextVar("answered")


def note_answer() -> Answered:
    """Return what the next answer in this task is noted in: others may be on their way."""
    answered = Answered()
    _ANSWERED.set(answered)
    return answered


def _note(client: Any, status: int, *answer: Any) -> str:
    headers, body = answer[3], answer[4]
    answered = _ANSWERED.get(Answered())
    answered.status = status
    answered.pause = headers.get("Retry-After") or headers.get("retry-after")
    return str(body.strip())


def _read_json(client: Any, text: str) -> Any:
    # ccxt makes an empty list of half an answer, and does not say so
    read = ccxt.Exchange.parse_json(client, text)
    if read is None and _ANSWERED.get(Answered()).status == _OK:
        raise ccxt.BadResponse(f"{client.id} answered with something that is no JSON")
    return read


_OK = 200
_HOOKS = {"on_rest_response": _note, "parse_json": _read_json}


def _options(venue: str) -> dict[str, object]:
    options: dict[str, object] = {
        "defaultType": "swap",
        "OHLCVLimit": 5,  # it would keep a thousand candles of every pair: 163 MiB for 430
        "tradesLimit": 1_000,
        "warnOnFetchOpenOrdersWithoutSymbol": False,
    }
    return {
        "enableRateLimit": True,
        "timeout": TIMEOUT_MS,
        "options": {**options, **_ONLY_LINEAR.get(venue, {})},
    }


def _replaced(urls: Any, url: str) -> Any:
    if isinstance(urls, dict):
        return {name: _replaced(each, url) for name, each in urls.items()}
    if not isinstance(urls, str):
        return urls
    socket_url = url.replace("http", "ws", 1)
    return _ORIGIN.sub(lambda found: url if found["kind"][0] == "h" else socket_url, urls)
