"""The public record as one row an alert: CSV for a spreadsheet, JSON Lines for a program.

Numbers and times are written as the ledger writes them, so that anybody can compare, and what is
read back gives the same statistics to the last digit (docs/export.md).
"""

import csv
from collections.abc import Sequence
from io import StringIO

from signalbot.domain.outcome import OutcomeKind
from signalbot.record.entries import canonical
from signalbot.record.public_record import PublicAlert
from signalbot.rendering.spreadsheet_cell import guarded

STATED = ("alert_id", "setup", "version", "symbol", "side")
ENDED = ("gross_r", "cost_r", "net_r", "ambiguous", "worst_net_r", "best_net_r")
TRADED = ("filled_at", "fill_price", "exit_at", "exit_price")
PLANNED = ("venue", "timeframe", "candle_close", "entry_kind", "entry", "stop", "target")
EXPORT_COLUMNS = (
    *STATED,
    "published_at",
    "outcome",
    "net_r",
    "breakeven_win_rate",
    *(name for name in ENDED if name != "net_r"),
    "btc_volatility",
    "btc_trend",
    "seq",
    "hash",
    *PLANNED,
    *TRADED,
    "corrected",
)
"""Those a file of outcomes must have come first (storage/outcome_file.py)."""

Field = str | int | bool | None


def as_csv(alerts: Sequence[PublicAlert]) -> str:
    """Return the alerts as CSV with a header; what does not apply is an empty cell."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(EXPORT_COLUMNS)
    for alert in alerts:
        row = _row(alert)
        writer.writerow([_cell(row[name]) for name in EXPORT_COLUMNS])
    return text.getvalue()


def as_json_lines(alerts: Sequence[PublicAlert]) -> str:
    """Return each alert as one line of canonical JSON with the same fields, numbers as strings."""
    return "".join(canonical(_row(alert)).decode() + "\n" for alert in alerts)


def _row(told: PublicAlert) -> dict[str, Field]:
    alert, outcome = told.alert, told.outcome or {"outcome": OutcomeKind.OPEN.value}
    return {
        "alert_id": alert["id"],
        **{name: alert[name] for name in (*STATED[1:], *PLANNED, "breakeven_win_rate")},
        # one that nobody accepted in time stands where its candle closed, as in the statistics
        "published_at": told.published_at or alert["candle_close"],
        "btc_volatility": alert["btc"]["volatility"],
        "btc_trend": alert["btc"]["trend"],
        "outcome": outcome["outcome"],
        **{name: outcome.get(name) for name in (*ENDED, *TRADED)},
        "seq": told.seq,
        "hash": told.hash,
        "corrected": told.corrected,
    }


def _cell(value: Field) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(str(value))
