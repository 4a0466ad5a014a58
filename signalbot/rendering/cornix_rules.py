"""Read a post in Cornix's format by its documented rules, to check it before it is sent.

Only what we write ourselves has to be understood: labelled blocks of numbered prices.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.side import Side
from signalbot.errors import InputError

LONGEST = 4096
"""Characters of a message."""
MOST_LEVERAGE = 125

_PAIR = re.compile(r"^#?([A-Z0-9]+/[A-Z]+)$", re.MULTILINE)
_ANY_PAIR = re.compile(r"[A-Z0-9]+/[A-Z]+")
_TYPE = re.compile(r"^Signal Type: Regular \((Long|Short)\)$", re.MULTILINE)
_LEVERAGE = re.compile(r"^Leverage: Isolated \((\d+(?:\.\d+)?)X\)$", re.MULTILINE)
_AMOUNT = re.compile(r"^Amount: (\d+(?:\.\d+)?)% Risk$", re.MULTILINE)
_BLOCK = r"^{} Targets:\n((?:\d+\) \S+(?:\n|\Z))+)"
_NUMBERED = re.compile(r"(\d+)\) (\S+)")
_PRICE = re.compile(r"\d+\.\d+")
_MOST_AMOUNT = Decimal(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class CornixSignal:
    """What a reader of the format takes from a post."""

    pair: str
    side: Side
    entry: Decimal
    targets: tuple[Decimal, ...]
    stop: Decimal
    leverage: Decimal


def read_back(text: str) -> CornixSignal:
    """Return what a post says.

    Raises
    ------
    InputError
        Naming the first rule it breaks: pure ASCII, one pair, fixed-point prices with decimals, a
        stop and targets on their sides of the entry.
    """
    if not text.isascii() or len(text) > LONGEST:
        raise InputError("post", text, f"ASCII of at most {LONGEST} characters")
    pair = _only(_PAIR, text, "pair")
    if len(_ANY_PAIR.findall(text)) != 1:
        raise InputError("pair", text, "one pair a post")
    signal = CornixSignal(
        pair=pair,
        side=Side(_only(_TYPE, text, "signal type").lower()),
        entry=_prices(text, "Entry")[0],
        targets=_prices(text, "Take-Profit"),
        stop=_prices(text, "Stop")[0],
        leverage=_up_to(MOST_LEVERAGE, _only(_LEVERAGE, text, "leverage"), "leverage"),
    )
    _up_to(_MOST_AMOUNT, _only(_AMOUNT, text, "amount"), "amount")
    _refuse_sides(signal)
    return signal


def _only(pattern: re.Pattern[str], text: str, field: str) -> str:
    found = pattern.findall(text)
    if len(found) != 1:
        raise InputError(field, " ".join(found) or None, "once, in the form of this format")
    return str(found[0])


def _up_to(most: Decimal | int, text: str, field: str) -> Decimal:
    value = Decimal(text)
    if not 0 < value <= most:
        raise InputError(field, text, f"above 0, at most {most}")
    return value


def _prices(text: str, name: str) -> tuple[Decimal, ...]:
    block = _only(re.compile(_BLOCK.format(name), re.MULTILINE), text, f"{name} Targets")
    numbered = _NUMBERED.findall(block)
    if [number for number, _ in numbered] != [str(n + 1) for n in range(len(numbered))]:
        raise InputError(f"{name} Targets", block, "numbered from 1")
    for _, price in numbered:
        if not _PRICE.fullmatch(price) or not Decimal(price):
            raise InputError(f"{name} Targets", price, "a price with decimals, not 1e-05 or 30000")
    return tuple(Decimal(price) for _, price in numbered)


def _refuse_sides(signal: CornixSignal) -> None:
    sign = signal.side.sign
    losing, winning = ("below", "above") if signal.side is Side.LONG else ("above", "below")
    at = f"the entry {signal.entry} of a {signal.side}"
    if sign * (signal.entry - signal.stop) <= 0:
        raise InputError("stop", signal.stop, f"{losing} {at}")
    for target in signal.targets:
        if sign * (target - signal.entry) <= 0:
            raise InputError("target", target, f"{winning} {at}")
