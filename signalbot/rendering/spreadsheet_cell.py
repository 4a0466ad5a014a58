"""Text in a cell of a CSV file that somebody may open in a spreadsheet.

A spreadsheet runs a cell that begins like a formula, and a coin may be named like one. Such text
gets an apostrophe in front, which a spreadsheet takes for "this is text"; reading takes it away.
"""

import re

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_BEGINS_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "'",
)


def guarded(text: str) -> str:
    """Return text as a cell that no spreadsheet runs; a number stays a number."""
    if text.startswith(_BEGINS_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made this cell of; any other cell is its own text."""
    if cell.startswith("'") and cell[1:].startswith(_BEGINS_FORMULA):
        return cell[1:]
    return cell
