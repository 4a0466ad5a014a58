"""Read settled alerts from a CSV: `alert_id,setup,version,symbol,side,published_at,...`.

Further columns may follow. Those of the public export that a statistic can use are read, any other
is left alone.
"""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.side import Side
from signalbot.domain.timeframe import from_iso
from signalbot.errors import InputError
from signalbot.rendering.spreadsheet_cell import unguarded

COLUMNS = (
    "alert_id",
    "setup",
    "version",
    "symbol",
    "side",
    "published_at",
    "outcome",
    "net_r",
    "breakeven_win_rate",
)

FURTHER_R = ("gross_r", "worst_net_r", "best_net_r")
"""Further columns that are read, beside `ambiguous`, `btc_volatility` and `btc_trend`."""

LARGEST_R = 1_000_000


def read_outcomes(path: Path) -> Sequence[Settled]:
    """Return the settled alerts of a CSV file.

    `net_r` may be empty where the outcome has none (NOT_FILLED, VOID_LATE, NOT_PUBLISHED, OPEN).

    Raises
    ------
    InputError
        Naming file, line and field of the first row that is wrong.
    """
    if not path.is_file():
        raise InputError("outcomes", str(path), "a file that exists")
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("outcomes", str(path), f"a readable CSV file ({error})") from None
    header = rows[0] if rows else []
    if tuple(header[: len(COLUMNS)]) != COLUMNS or len(set(header)) < len(header):
        allowed = f"{','.join(COLUMNS)}, and others behind"
        raise InputError("header", ",".join(header), allowed, f"{path} line 1")
    seen: set[str] = set()
    settled: list[Settled] = []
    for number, row in enumerate(rows[1:], start=2):
        where = f"{path} line {number}"
        if len(row) != len(header):
            raise InputError("row", ",".join(row), f"{len(header)} columns", where)
        cells = map(unguarded, row)
        alert = _settled(dict(zip(header, cells, strict=True)), where)
        if alert.alert_id in seen:
            raise InputError("alert_id", alert.alert_id, "one row an alert", where)
        seen.add(alert.alert_id)
        settled.append(alert)
    return settled


def _settled(row: dict[str, str], where: str) -> Settled:
    kind = _member(OutcomeKind, row["outcome"], "outcome", where)
    settled = Settled(
        alert_id=row["alert_id"],
        setup=row["setup"],
        version=row["version"],
        symbol=row["symbol"],
        side=_member(Side, row["side"], "side", where),
        published_at=_time(row["published_at"], where),
        kind=OutcomeKind(kind),
        net_r=_r(row, "net_r", where),
        breakeven_win_rate=_rate(row["breakeven_win_rate"], where),
        ambiguous=_flag(row.get("ambiguous", ""), where),
        **{name: _r(row, name, where) for name in FURTHER_R},
        volatility=row.get("btc_volatility", ""),
        regime=row.get("btc_trend", ""),
    )
    if not row["alert_id"] or not row["alert_id"].isprintable():
        raise InputError("alert_id", row["alert_id"], "a printable name", where)
    if settled.is_decided and settled.net_r is None:
        raise InputError("net_r", None, f"a number for {kind}", where)
    return settled


def _member(kinds: type[OutcomeKind] | type[Side], text: str, field: str, where: str) -> str:
    values = [kind.value for kind in kinds]
    if text not in values:
        raise InputError(field, text, " or ".join(values), where)
    return text


def _time(text: str, where: str) -> int:
    try:
        return from_iso(text, "published_at")
    except InputError as error:
        raise InputError(error.field, error.was, error.allowed, where) from None


def _rate(text: str, where: str) -> float:
    value = _number(text, "breakeven_win_rate", where)
    if not 0 <= value <= 1:
        raise InputError("breakeven_win_rate", text, "a rate from 0 to 1", where)
    return value


def _r(row: dict[str, str], field: str, where: str) -> float | None:
    text = row.get(field, "")
    if not text:
        return None
    value = _number(text, field, where)
    if abs(value) > LARGEST_R:
        raise InputError(field, text, f"between -{LARGEST_R} and {LARGEST_R}", where)
    return value


def _flag(text: str, where: str) -> bool:
    if text not in ("", "true", "false"):
        raise InputError("ambiguous", text, "true, false or nothing", where)
    return text == "true"


def _number(text: str, field: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(field, text, "a finite number", where)
    return value
