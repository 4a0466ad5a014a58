"""Read a contract from ccxt's unified market dict, in base units.

ccxt unifies the names of the fields, not their meaning; what differs is put right here:

* MEXC counts amounts, steps and minimums in contracts of `contractSize` coins.
* WEEX counts them in coins, although it states a `contractSize` other than 1.
* A precision is the grid itself (ccxt's TICK_SIZE mode): 0.01 is a tick, not two places.
* WEEX and MEXC state no smallest notional.
* The fees of Binance, Bybit and BingX are constants of ccxt, not the venue's word.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from signalbot.domain.instrument import Instrument
from signalbot.errors import InputError
from signalbot.market.ccxt_numbers import number, optional_number
from signalbot.market.instrument_file import BOUNDS
from signalbot.risk.venue_rules import rule_for

VENUES = ("binanceusdm", "bybit", "bingx", "weex", "mexc", "bitget")

CONSTANT_FEES = frozenset({"binanceusdm", "bybit", "bingx"})
"""Venues whose fees ccxt fills in itself: the table of venue rules is asked instead."""

COINS_NOT_CONTRACTS = frozenset({"weex"})
"""Venues whose `contractSize` must not be used: their amounts are coins already."""

_USDT_PERPETUAL = {"swap": True, "linear": True, "quote": "USDT", "settle": "USDT"}
_STATED = {
    "min_qty": "limits.amount.min",
    "min_notional": "limits.cost.min",
    "taker_rate": "taker",
    "maker_rate": "maker",
}


def require_venue(venue: str, where: str | None = None) -> None:
    """Refuse a venue that is none of the six.

    Raises
    ------
    InputError
        Naming `venue`.
    """
    if venue not in VENUES:
        raise InputError("venue", venue, f"one of {', '.join(VENUES)}", where)


def instrument_of(venue: str, market: Mapping[str, Any]) -> Instrument:
    """Return the contract that one of ccxt's markets describes.

    `assumed` lists the minimums the venue does not state (0 then) and the fees that are not its
    own.

    Raises
    ------
    InputError
        Naming the first field that is wrong: an unknown venue, a market other than a linear USDT
        perpetual, a grid or a contract size that is missing, or a number nobody would believe.
    """
    where = f"{venue} {str(market.get('symbol'))[:40]}"
    _check(venue, market, where)
    size = _contract_size(venue, market, where)
    found = {
        name: optional_number(market, path, BOUNDS[name], where) for name, path in _STATED.items()
    }
    rule = rule_for(venue)
    stated = {} if venue in CONSTANT_FEES else found
    return Instrument(
        venue=venue,
        symbol=market["symbol"],
        tick=number(market, "precision.price", BOUNDS["tick"], where),
        step=size * number(market, "precision.amount", BOUNDS["step"], where),
        min_qty=size * _or(found["min_qty"], Decimal(0)),
        min_notional=_or(found["min_notional"], Decimal(0)),
        contract_size=size,
        taker_rate=_or(stated.get("taker_rate"), rule.taker_rate),
        maker_rate=_or(stated.get("maker_rate"), rule.maker_rate),
        assumed=tuple(name for name in found if found[name] is None or _is_constant(venue, name)),
    )


def _check(venue: str, market: Mapping[str, Any], where: str) -> None:
    require_venue(venue, where)
    for field, expected in _USDT_PERPETUAL.items():
        if market.get(field) != expected:
            raise InputError(field, market.get(field), f"{expected}", where)
    symbol = market.get("symbol")
    if not isinstance(symbol, str) or not symbol.endswith("/USDT:USDT"):
        raise InputError("symbol", symbol, "a name such as LAYER/USDT:USDT", where)


def _contract_size(venue: str, market: Mapping[str, Any], where: str) -> Decimal:
    if venue in COINS_NOT_CONTRACTS:
        return Decimal(1)
    return number(market, "contractSize", BOUNDS["contract_size"], where)


def _is_constant(venue: str, name: str) -> bool:
    return venue in CONSTANT_FEES and name in ("taker_rate", "maker_rate")


def _or(value: Decimal | None, default: Decimal) -> Decimal:
    return default if value is None else value  # 0 is a value: some fees are 0
