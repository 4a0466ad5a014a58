"""Find a contract by whatever a person calls it: `layer`, `$LAYER`, `layerusdt.p`."""

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches

from signalbot.domain.coin_name import counted
from signalbot.domain.instrument import coin
from signalbot.errors import InputError

LONGEST = 64
"""Characters of a text that is looked at; no name of a contract comes near it."""

NEAREST = 3
"""How many known names an unknown one is answered with."""

_WRITTEN = re.compile(
    r"[$#]?(?P<coin>[^\W_]{1,30}?)"  # letters and digits of any script
    r"(?:[/:_\- ]?USDT){0,2}"  # the quote, and the currency it is settled in
    r"(?:\.P)?"
)


def unified(text: str) -> str:
    """Return ccxt's name, e.g. `LAYER/USDT:USDT`, of the USDT perpetual that `text` means.

    A coin alone means its USDT perpetual. `LAYERUSDT`, `LAYER-USDT`, `LAYER/USDT:USDT` and
    `LAYER_USDT_USDT` are understood, a `$` or `#` before and a `.P` behind them, and any case.
    Whether there is such a contract is not looked at.

    Raises
    ------
    InputError
        If `text` cannot be such a name, naming the field `symbol`.
    """
    found = _WRITTEN.fullmatch(_folded(text.strip())) if len(text) <= LONGEST else None
    if found is None or found["coin"] == "USDT":
        raise InputError("symbol", text, "a coin or its USDT perpetual, such as LAYER/USDT:USDT")
    return f"{found['coin']}/USDT:USDT"


def find_symbol(text: str, known: Collection[str]) -> str:
    """Return the one of the `known` unified names that `text` means.

    A coin that is only traded by the thousand is found by its plain name: `pepe` finds
    `1000PEPE/USDT:USDT` where there is no PEPE. Its price is that of 1000 coins, so a caller
    should say which contract was found. Where nothing is known, any well-formed name is taken.

    Raises
    ------
    InputError
        If `text` cannot be a name, or is none of the known ones: then with the nearest of them.
    """
    if text in known:
        return text
    symbol = unified(text)
    if not known:
        return symbol
    named = _named(known)
    if coin(symbol) not in named:
        raise InputError("symbol", text, f"a known contract; nearest: {_nearest(symbol, named)}")
    return named[coin(symbol)]


def _folded(text: str) -> str:
    # full-width letters, as Asian keyboards write them, are letters too
    return unicodedata.normalize("NFKC", text).upper()


def _named(known: Collection[str]) -> dict[str, str]:
    shortest_first = sorted(known, key=lambda symbol: (len(symbol), symbol))
    coins = {symbol: _folded(coin(symbol)) for symbol in shortest_first}
    named: dict[str, str] = {}
    for symbol, name in coins.items():
        named.setdefault(name, symbol)
    for symbol, name in coins.items():  # only now: a plain PEPE comes before 1000PEPE
        named.setdefault(counted(name).coin, symbol)
    return named


def _nearest(symbol: str, named: dict[str, str]) -> str:
    # a contract stands there under two names at most, so twice as many give enough of them
    names = get_close_matches(coin(symbol), named, n=2 * NEAREST, cutoff=0)
    return ", ".join(list(dict.fromkeys(named[name] for name in names))[:NEAREST])
