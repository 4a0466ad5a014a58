"""Ask CoinGecko for the largest coins; its library's errors end here.

Without a key its answers are shared by everybody at this address, and it soon says 429: what had
been answered until then is handed on all the same.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from coingecko_sdk import AsyncCoingecko, CoingeckoError, Omit

from signalbot.errors import UnavailableError

ADDRESS = "https://api.coingecko.com/api/v3"
PAGES, PER_PAGE = 4, 250
"""The thousand largest coins."""

TIMEOUT_S = 15.0
"""Longest silence within one answer."""

LONGEST_S = 90.0
"""Longest wait for all of them, with the pauses that are asked for."""

TRIES = 3
LARGEST = 20_000_000
"""Characters of a page that are read; 250 coins have some 200,000."""

KEY_HEADER, PAID_KEY_HEADER = "x-cg-demo-api-key", "x-cg-pro-api-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where market caps come from, and how patiently it is asked.

    Attributes
    ----------
    url : str
        Of the interface, with its version.
    key : str or None
        Of a free account; it works without one, more slowly.
    longest_s : float
        Longest wait for everything, in seconds.
    """

    url: str = ADDRESS
    key: str | None = None
    tries: int = TRIES
    timeout_s: float = TIMEOUT_S
    longest_s: float = LONGEST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered; `trouble` says why there is no more of it, None where it is all."""

    rows: tuple[object, ...]
    trouble: str | None = None


async def largest_coins(source: Source) -> Answer:
    """Return the rows of `/coins/markets`, the largest coins first; every number is a text."""
    rows: list[object] = []
    try:
        async with asyncio.timeout(source.longest_s):
            async for page in _pages(source):
                rows += page
    except TimeoutError:
        trouble = f"CoinGecko did not answer within {source.longest_s:g} s"
        return Answer(rows=tuple(rows), trouble=trouble)
    except UnavailableError as error:
        return Answer(rows=tuple(rows), trouble=str(error))
    return Answer(rows=tuple(rows))


async def _pages(source: Source) -> AsyncIterator[list[object]]:
    client = AsyncCoingecko(
        demo_api_key=source.key,
        base_url=source.url,
        timeout=source.timeout_s,
        max_retries=source.tries - 1,
    )
    # the library would take a key from the environment, of whatever program it is
    unused = {PAID_KEY_HEADER} if source.key is not None else {PAID_KEY_HEADER, KEY_HEADER}
    headers: dict[str, Any] = dict.fromkeys(unused, Omit())
    async with client:
        for page in range(1, PAGES + 1):
            try:
                answer = await client.coins.markets.with_raw_response.get(
                    vs_currency="usd",
                    order="market_cap_desc",
                    per_page=PER_PAGE,
                    page=page,
                    precision="full",
                    extra_headers=headers,
                )
                text = await answer.text()
            except (CoingeckoError, httpx.HTTPError, ValueError) as error:
                raise UnavailableError(f"CoinGecko did not answer: {_said(error)}") from error
            found = _rows(text)
            yield found
            if len(found) < PER_PAGE:
                return


def _rows(text: str) -> list[object]:
    try:
        # a number that no float holds costs its row, not the page
        rows = json.loads(
            text[:LARGEST], parse_float=str, parse_int=str, parse_constant=lambda _: None
        )
    except (ValueError, RecursionError) as error:
        raise UnavailableError("CoinGecko answered something that is no JSON") from error
    if not isinstance(rows, list):
        raise UnavailableError("CoinGecko answered something that is no list of coins")
    return rows[:PER_PAGE]


def _said(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)[:120]
