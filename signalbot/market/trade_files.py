"""Read a tape: `time,price,size`, time in ms UTC, one trade a row, in the order they came.

Further columns, such as the side, are allowed and ignored. Rows of one time keep their order.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from signalbot.domain.trade import Trade
from signalbot.errors import InputError
from signalbot.market.candle_files import PLAUSIBLE, PLAUSIBLE_TEXT
from signalbot.market.text_files import read_text

COLUMNS = ("time", "price", "size")
LARGEST = Decimal("1e15")
SMALLEST = Decimal("1e-15")
_WHOLE = re.compile(r"[0-9]{1,19}")
_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?")


def read_trades(path: Path) -> Sequence[Trade]:
    """Return the trades of a file.

    Raises
    ------
    InputError
        Naming file, line and field of the first row that is wrong.
    """
    header, *rows = read_text(path).splitlines() or [""]
    columns = header.split(",")
    if tuple(columns[: len(COLUMNS)]) != COLUMNS:
        allowed = f"{','.join(COLUMNS)}, and more columns if you like"
        raise InputError("header", header, allowed, f"{path} line 1")
    if not rows:
        raise InputError("row", None, "at least one trade", f"{path} line 2")
    return tuple(_ascending(path, rows, len(columns)))


def _ascending(path: Path, rows: Sequence[str], width: int) -> Iterator[Trade]:
    last = 0
    for number, row in enumerate(rows, start=2):
        try:
            trade = _trade(row, width)
        except InputError as error:
            where = f"{path} line {number}"
            raise InputError(error.field, error.was, error.allowed, where) from None
        if trade.time < last:
            raise InputError(
                "time", trade.time, "not before the row above", f"{path} line {number}"
            )
        last = trade.time
        yield trade


def _trade(row: str, width: int) -> Trade:
    cells = row.split(",")
    if len(cells) != width:
        raise InputError("row", row, f"{width} columns")
    time, price, size = cells[: len(COLUMNS)]
    if not _WHOLE.fullmatch(time) or int(time) not in PLAUSIBLE:
        raise InputError("time", time, PLAUSIBLE_TEXT)
    return Trade(time=int(time), price=_positive("price", price), size=_positive("size", size))


def _positive(field: str, text: str) -> Decimal:
    value = Decimal(text) if _NUMBER.fullmatch(text) else None
    if value is None or not SMALLEST <= value <= LARGEST:
        raise InputError(field, text, "a number above 0")
    return value
