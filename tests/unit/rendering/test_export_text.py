"""The public record as CSV and as JSON Lines."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.record.entries import Body
from signalbot.record.public_record import PublicAlert
from signalbot.rendering.export_text import EXPORT_COLUMNS, as_csv, as_json_lines
from signalbot.rendering.spreadsheet_cell import unguarded
from signalbot.storage.outcome_file import COLUMNS

DOCUMENT = Path(__file__).parents[3] / "docs" / "export.md"
ALERT: Body = {
    "id": "9f3ca1b277d0e4aa",
    "setup": "range_breakout",
    "version": "1.a",
    "symbol": "LAYER/USDT:USDT",
    "side": "long",
    "venue": "binanceusdm",
    "timeframe": "1m",
    "candle_close": "2025-05-04T14:32:00.000Z",
    "entry_kind": "market",
    "entry": "1.042",
    "stop": "1.035",
    "target": "1.0525",
    "breakeven_win_rate": "0.4693000000",
    "btc": {"return_5m": "-0.0010000000", "trend": "up", "volatility": "normal"},
}
STOPPED: Body = {
    "outcome": "STOP",
    "filled_at": "2025-05-04T14:32:12.500Z",
    "fill_price": "1.0421",
    "exit_at": "2025-05-04T14:39:00.000Z",
    "exit_price": "1.035",
    "gross_r": "-1.0143000000",
    "cost_r": "0.2077000000",
    "net_r": "-1.2220000000",
    "ambiguous": False,
    "worst_net_r": "-1.2220000000",
    "best_net_r": "-1.2220000000",
    "evidence": {"rows": ["not exported"]},
}
PUBLISHED = "2025-05-04T14:32:02.500Z"


def told(
    alert: Body = ALERT, outcome: Body | None = STOPPED, at: str | None = PUBLISHED
) -> PublicAlert:
    return PublicAlert(seq=1184, hash="9f3ca1b2" * 8, alert=alert, published_at=at, outcome=outcome)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_a_row_holds_what_was_planned_and_what_became_of_it() -> None:
    (row,) = rows(as_csv([told()]))

    assert row == {
        "alert_id": "9f3ca1b277d0e4aa",
        "setup": "range_breakout",
        "version": "1.a",
        "symbol": "LAYER/USDT:USDT",
        "side": "long",
        "published_at": PUBLISHED,
        "outcome": "STOP",
        "net_r": "-1.2220000000",
        "breakeven_win_rate": "0.4693000000",
        "gross_r": "-1.0143000000",
        "cost_r": "0.2077000000",
        "ambiguous": "false",
        "worst_net_r": "-1.2220000000",
        "best_net_r": "-1.2220000000",
        "btc_volatility": "normal",
        "btc_trend": "up",
        "seq": "1184",
        "hash": "9f3ca1b2" * 8,
        "venue": "binanceusdm",
        "timeframe": "1m",
        "candle_close": "2025-05-04T14:32:00.000Z",
        "entry_kind": "market",
        "entry": "1.042",
        "stop": "1.035",
        "target": "1.0525",
        "filled_at": "2025-05-04T14:32:12.500Z",
        "fill_price": "1.0421",
        "exit_at": "2025-05-04T14:39:00.000Z",
        "exit_price": "1.035",
        "corrected": "false",
    }


def test_an_open_alert_that_nobody_accepted_yet_has_empty_cells() -> None:
    (row,) = rows(as_csv([told(outcome=None, at=None)]))

    assert (row["outcome"], row["published_at"]) == ("OPEN", "2025-05-04T14:32:00.000Z")
    assert {row[name] for name in ("net_r", "gross_r", "ambiguous", "exit_at")} == {""}


def test_a_line_of_json_holds_the_same() -> None:
    lines = as_json_lines([told(), told(outcome=None)]).splitlines()
    first, second = (json.loads(line) for line in lines)

    assert tuple(sorted(first)) == tuple(sorted(EXPORT_COLUMNS))
    assert (first["seq"], first["net_r"], first["ambiguous"]) == (1184, "-1.2220000000", False)
    assert (second["outcome"], second["net_r"], second["ambiguous"]) == ("OPEN", None, None)
    assert lines[0] == json.dumps(first, sort_keys=True, separators=(",", ":"))


def test_nobody_is_in_an_empty_record() -> None:
    assert as_csv([]).count("\n") == 1
    assert as_json_lines([]) == ""


def test_the_columns_of_a_file_of_outcomes_come_first() -> None:
    assert EXPORT_COLUMNS[: len(COLUMNS)] == COLUMNS


def test_every_column_is_documented_in_its_order() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)

    assert tuple(documented) == EXPORT_COLUMNS


@pytest.mark.parametrize(
    "symbol", ['=cmd|"/C calc"!A0/USDT', "@X", "-1+1", "a,b\n=1", 'a";=1', "\t=1", "+币安"]
)
def test_a_hostile_name_is_text_and_one_cell(symbol: str) -> None:
    text = as_csv([told(ALERT | {"symbol": symbol})])
    (row,) = rows(text)

    assert not row["symbol"].startswith(("=", "@", "-", "+", "\t"))
    assert unguarded(row["symbol"]) == symbol
    assert row["hash"] == "9f3ca1b2" * 8


@given(symbol=st.text(), setup=st.text())
def test_any_name_is_read_back(symbol: str, setup: str) -> None:
    alert = told(ALERT | {"symbol": symbol, "setup": setup})

    (row,) = rows(as_csv([alert]))
    (line,) = as_json_lines([alert]).split("\n")[:-1]

    assert (unguarded(row["symbol"]), unguarded(row["setup"])) == (symbol, setup)
    assert (json.loads(line)["symbol"], json.loads(line)["setup"]) == (symbol, setup)
