"""Maintenance tiers of many contracts at once, where a venue tells them to everybody, or a file.

* Bybit: one call, page by page.
* MEXC: they stand in its contracts, which are loaded anyway.
* Bitget: one call a contract, so only for those that are asked for.
* Binance tells them to its customers only: an operator may give a file (`tier_file`).
* WEEX and BingX: not at all, and to customers only. A position there is capped by the worst rate.

A contract whose tiers are damaged has none; the others keep theirs.
"""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from signalbot.domain.listing import Listing
from signalbot.errors import InputError, UnavailableError
from signalbot.market.calls import Calls
from signalbot.market.ccxt_tiers import tiers_of_ccxt
from signalbot.market.tier_file import read_all_tiers
from signalbot.risk.tiers import Tier, tiers_of
from signalbot.risk.venue_rules import rule_for

Tiers = dict[str, tuple[Tier, ...]]
"""By symbol, the lowest tier first."""

MOST_FAILURES = 3
"""One after the other; then the venue is not asked any more: it is down, not the contract."""

_Stated = AsyncIterator[tuple[str, Sequence[Mapping[str, Any]]]]
_log = logging.getLogger(__name__)


async def public_tiers(
    venue: str, calls: Calls, symbols: Collection[str], prices: Mapping[str, Decimal]
) -> Tiers:
    """Return the tiers that a venue tells of contracts, those that it does not tell left out.

    Its markets are loaded. Nothing is raised: without tiers caps are stricter, not wrong.

    Parameters
    ----------
    prices : mapping of str to Decimal
        By symbol, in USDT. Only MEXC needs them, whose tiers count contracts: they are those of
        this moment, so ask again when prices have moved.
    """
    found: Tiers = {}
    if venue not in _STATED:
        return found
    async for symbol, rows in _STATED[venue](calls, symbols):
        if tiers := _read(venue, symbol, rows, prices.get(symbol)):
            found[symbol] = tiers
    return found


def tiers_of_file(path: Path | None, listed: Collection[Listing]) -> Tiers:
    """Return the tiers that a file gives of listed contracts; nothing without a file.

    Raises
    ------
    InputError
        Naming file, symbol, tier and field of the first thing that is wrong.
    """
    if path is None:
        return {}
    symbols = {each.symbol for each in listed}
    return {name: tiers for name, tiers in read_all_tiers(path).items() if name in symbols}


async def _bybit(calls: Calls, symbols: Collection[str]) -> _Stated:
    try:
        answer = await calls("fetch_leverage_tiers")
    except UnavailableError as error:
        _log.warning("%s", error)
        return
    for symbol in symbols:
        if symbol in answer:
            yield symbol, answer[symbol]


async def _mexc(calls: Calls, symbols: Collection[str]) -> _Stated:
    for symbol in symbols:
        if symbol in calls.client.markets:
            yield symbol, [{"symbol": symbol, "info": calls.client.markets[symbol].get("info")}]


async def _bitget(calls: Calls, symbols: Collection[str]) -> _Stated:
    failures = 0
    for symbol in symbols:
        try:
            rows = await calls("fetch_market_leverage_tiers", symbol)
        except UnavailableError as error:
            _log.warning("%s", error)
            failures += 1
            if failures == MOST_FAILURES:
                return
            continue
        failures = 0
        yield symbol, rows


def _read(
    venue: str, symbol: str, rows: Sequence[Mapping[str, Any]], price: Decimal | None
) -> tuple[Tier, ...]:
    try:
        bands = tiers_of_ccxt(venue, rows, price)
        return tiers_of(bands, recompute=rule_for(venue).recomputes_amount, where=symbol)
    except InputError as error:
        _log.warning("tiers of %s on %s are not used: %s", symbol, venue, error)
        return ()


_STATED: Mapping[str, Callable[[Calls, Collection[str]], _Stated]] = {
    "bybit": _bybit,
    "mexc": _mexc,
    "bitget": _bitget,
}
