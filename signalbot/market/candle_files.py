"""Read candle files: our own format and that of the public kline archives.

`open_time,open,high,low,close,volume` with open_time in ms UTC, one closed candle a row; or the
twelve columns of the archives, with or without header. Whatever breaks the contract is refused
with file and line. Gaps are allowed.
"""

import csv
import io
import math
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from signalbot.domain.candles import FIELDS, Candles, Fault
from signalbot.domain.timeframe import Timeframe
from signalbot.errors import InputError
from signalbot.market.text_files import read_text

COLUMNS = ("open_time", *FIELDS)
ARCHIVE_COLUMNS = 12
SUFFIXES = (".csv", ".csv.gz")

PLAUSIBLE = range(1_262_304_000_000, 4_102_444_800_000)
"""Instants of recorded data: from 2010 to 2099. Seconds or microseconds lie far outside."""
PLAUSIBLE_TEXT = "ms since 1970, of a day from 2010 to 2099"


def read_candles(path: Path, timeframe: Timeframe) -> Candles:
    """Return the candles of one file.

    Raises
    ------
    InputError
        Naming file, line and field of the first row that is wrong.
    """
    text = read_text(path)
    has_header = text[:1].isalpha()
    header = text.partition("\n")[0].strip() if has_header else ""
    if has_header and tuple(header.split(",")[: len(COLUMNS)]) != COLUMNS:
        raise InputError("header", header, ",".join(COLUMNS), f"{path} line 1")
    first_line = 2 if has_header else 1
    if not text.partition("\n")[2 if has_header else 0].strip():
        allowed = "at least one closed candle"
        raise InputError("row", None, allowed, f"{path} line {first_line}")
    table = _table(path, text, first_line)
    candles = Candles(
        timeframe=timeframe,
        open_time=table["open_time"].to_numpy(np.int64),
        **{field: table[field].to_numpy(np.float64) for field in FIELDS},
    )
    faults = [fault for fault in (_implausible(candles), candles.fault()) if fault]
    if faults:
        fault = min(faults, key=lambda fault: fault.row)
        where = f"{path} line {first_line + fault.row}"
        raise InputError(fault.field, fault.was, fault.allowed, where)
    return candles


def _table(path: Path, text: str, first_line: int) -> pd.DataFrame:
    width = text.partition("\n")[0].count(",") + 1
    if width not in (len(COLUMNS), ARCHIVE_COLUMNS):
        allowed = f"{len(COLUMNS)} columns, or the {ARCHIVE_COLUMNS} of a kline archive"
        raise InputError("row", f"{width} columns", allowed, f"{path} line 1")
    table = _fast_table(text, first_line, width)
    # the fast reader overlooks superfluous cells, and does not say which line it choked on
    if table is None or text.count(",") != (width - 1) * (first_line - 1 + len(table)):
        raise _line_fault(path, text, first_line, width)
    return table


def _fast_table(text: str, first_line: int, width: int) -> pd.DataFrame | None:
    try:
        with np.errstate(invalid="raise"):  # a time of 1e30 or nan
            return pd.read_csv(
                io.StringIO(text),
                header=None,
                skiprows=first_line - 1,
                usecols=range(len(COLUMNS)),
                names=[*COLUMNS, *(f"unused_{n}" for n in range(width - len(COLUMNS)))],
                dtype={"open_time": np.int64} | dict.fromkeys(FIELDS, np.float64),
                na_filter=False,
                skip_blank_lines=False,
                quoting=csv.QUOTE_NONE,
            )
    except (ValueError, ArithmeticError):
        return None


def _line_fault(path: Path, text: str, first_line: int, width: int) -> InputError:
    lines = islice(io.StringIO(text, newline=None), first_line - 1, None)
    for number, line in enumerate(lines, start=first_line):
        where = f"{path} line {number}"
        row = line.rstrip("\n")
        cells = row.split(",")
        if len(cells) != width:
            return InputError("row", row, f"{width} columns", where)
        for field, cell in zip(COLUMNS, cells, strict=False):
            if field == "open_time" and not _is_whole(cell):
                return InputError(field, cell, PLAUSIBLE_TEXT, where)
            if not _is_number(cell):
                return InputError(field, cell, "a finite number", where)
    return InputError("file", str(path), "rows of numbers")


def _is_whole(cell: str) -> bool:
    digits = cell.strip(" ")
    is_whole = digits.isascii() and digits.isdecimal()
    return is_whole and PLAUSIBLE.start <= float(digits) < PLAUSIBLE.stop


def _is_number(cell: str) -> bool:
    try:
        is_plain = cell.isascii() and cell.isprintable() and "_" not in cell
        return is_plain and math.isfinite(float(cell))
    except ValueError:
        return False


def _implausible(candles: Candles) -> Fault | None:
    times = candles.open_time
    rows = np.flatnonzero((times < PLAUSIBLE.start) | (times >= PLAUSIBLE.stop))
    if not len(rows):
        return None
    row = int(rows[0])
    return Fault(row=row, field="open_time", was=int(times[row]), allowed=PLAUSIBLE_TEXT)
