"""What the venue's name of a coin counts: `1000PEPE` is a thousand PEPE, `1INCH` is one coin."""

import re
from typing import NamedTuple

_MANY = "1000000|100000|10000|1000"
# Digits belong to many names (1INCH, 0G, 4, 42): only these, before a letter, count several coins.
_BEFORE = re.compile(rf"(?P<many>{_MANY}|1M)(?=[^\W\d_])")
_BEHIND = re.compile(rf"(?P<coin>[^\W\d_]{{2,}})(?P<many>{_MANY})")

OTHER_NAMES = {
    "FILECOIN": "FIL",
    "PUMPFUN": "PUMP",
    "TRUMPOFFICIAL": "TRUMP",
    "TRUMPSOL": "TRUMP",
    "NEIROCTO": "NEIRO",
    "MONAD": "MON",
    "GASNEO": "GAS",
    "STEPN": "GMT",
    "TONCOIN": "TON",
}
"""What a venue calls a coin, and the symbol of that coin."""


class Counted(NamedTuple):
    """A coin, and how many of it one unit of a contract is."""

    coin: str
    multiplier: int


def counted(name: str, *, behind: bool = False) -> Counted:
    """Return which coin a name means, and how many of it.

    Parameters
    ----------
    name : str
        Base asset as a venue writes it, in capitals.
    behind : bool
        Whether the venue also puts the number behind the name: Bybit has `SHIB1000`.
    """
    if found := _BEFORE.match(name):
        return Counted(name[found.end() :], _number(found["many"]))
    if behind and (found := _BEHIND.fullmatch(name)):
        return Counted(found["coin"], _number(found["many"]))
    return Counted(name, 1)


def common_name(name: str, *, behind: bool = False) -> str:
    """Return what most venues call the coin that a name means: `FIL` for `FILECOIN`."""
    coin = counted(name, behind=behind).coin.upper()
    return OTHER_NAMES.get(coin, coin)


def _number(many: str) -> int:
    return 1_000_000 if many == "1M" else int(many)
