from pathlib import Path

import pytest

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.errors import InputError
from signalbot.storage.outcome_file import read_outcomes

HEADER = "alert_id,setup,version,symbol,side,published_at,outcome,net_r,breakeven_win_rate"
GOOD = {
    "alert_id": "9f3ca1b2",
    "setup": "range_breakout",
    "version": "1.abc",
    "symbol": "LAYER/USDT:USDT",
    "side": "long",
    "published_at": "2025-05-04T14:32:02.500Z",
    "outcome": "TARGET",
    "net_r": "1.13",
    "breakeven_win_rate": "0.4693",
}
KINDS = (
    "TARGET or STOP or EXPIRED or NOT_FILLED or VOID_LATE or NOT_PUBLISHED or UNRESOLVED_GAP"
    " or DELISTED or OPEN"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outcomes.csv"


def row(**changed: str) -> str:
    return ",".join((GOOD | changed).values())


def refusal(path: Path, *lines: str) -> InputError:
    path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(InputError) as caught:
        read_outcomes(path)
    return caught.value


def test_rows_become_settled_alerts_in_their_order(path: Path) -> None:
    late = row(alert_id="77d0e4aa", side="short", outcome="VOID_LATE", net_r="")
    path.write_text(f"{HEADER}\n{late}\n{row()}\n")

    void, won = read_outcomes(path)

    assert won == Settled(
        alert_id="9f3ca1b2",
        setup="range_breakout",
        version="1.abc",
        symbol="LAYER/USDT:USDT",
        side="long",
        published_at=1_746_369_122_500,
        kind=OutcomeKind.TARGET,
        net_r=1.13,
        breakeven_win_rate=0.4693,
    )
    assert (void.alert_id, void.kind, void.net_r) == ("77d0e4aa", OutcomeKind.VOID_LATE, None)


def test_a_quoted_cell_may_hold_a_comma_and_lines_may_end_as_on_windows(path: Path) -> None:
    quoted = row(setup='"mine, old"')
    path.write_bytes(f"{HEADER}\r\n{quoted}\r\n".encode())

    assert read_outcomes(path)[0].setup == "mine, old"


def test_a_header_alone_is_no_alert_yet(path: Path) -> None:
    path.write_text(f"{HEADER}\n")

    assert read_outcomes(path) == []


@pytest.mark.parametrize(
    ("field", "value", "was", "allowed"),
    [
        ("side", "buy", "buy", "long or short"),
        ("side", "LONG", "LONG", "long or short"),
        ("outcome", "WON", "WON", KINDS),
        ("outcome", "", "", KINDS),
        ("published_at", "noon", "noon", "an ISO 8601 time such as 2025-05-04T15:33:00Z"),
        (
            "published_at",
            "1746369122500",
            "1746369122500",
            "an ISO 8601 time such as 2025-05-04T15:33:00Z",
        ),
        ("net_r", "much", "much", "a finite number"),
        ("net_r", "nan", "nan", "a finite number"),
        ("net_r", "1e999", "1e999", "a finite number"),
        ("net_r", "", None, "a number for TARGET"),
        ("breakeven_win_rate", "", "", "a finite number"),
        ("breakeven_win_rate", "46.9", "46.9", "a rate from 0 to 1"),
        ("breakeven_win_rate", "-0.1", "-0.1", "a rate from 0 to 1"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_line_and_field(
    path: Path, field: str, value: str, was: object, allowed: str
) -> None:
    error = refusal(path, HEADER, row(), row(alert_id="other", **{field: value}))

    assert (error.where, error.field) == (f"{path} line 3", field)
    assert (error.was, error.allowed) == (was, allowed)


def test_an_alert_that_stands_twice_is_refused(path: Path) -> None:
    error = refusal(path, HEADER, row(), row(outcome="STOP", net_r="-1.2"))

    assert (error.where, error.field) == (f"{path} line 3", "alert_id")
    assert (error.was, error.allowed) == ("9f3ca1b2", "one row an alert")


@pytest.mark.parametrize("line", ["", row() + ",", row().rpartition(",")[0]])
def test_a_row_with_another_number_of_columns_is_refused(path: Path, line: str) -> None:
    error = refusal(path, HEADER, line)

    assert (error.where, error.field) == (f"{path} line 2", "row")
    assert (error.was, error.allowed) == (line, "9 columns")


@pytest.mark.parametrize(
    "lines", [(), ("alert_id,net_r",), (row(),), ("\ufeff" + HEADER,), (HEADER + ",hash,hash",)]
)
def test_another_header_is_refused(path: Path, lines: tuple[str, ...]) -> None:
    error = refusal(path, *lines)

    assert (error.where, error.field) == (f"{path} line 1", "header")
    assert (error.was, error.allowed) == ("".join(lines), f"{HEADER}, and others behind")


MORE = f"{HEADER},ambiguous,gross_r,worst_net_r,best_net_r,btc_volatility,btc_trend,my_note"


def test_further_columns_are_read_where_a_statistic_can_use_them(path: Path) -> None:
    told = row() + ",true,1.3,-1.2,1.13,high,up,a good one"
    untold = row(alert_id="other") + ",,,,,,,"
    path.write_text(f"{MORE}\n{told}\n{untold}\n")

    full, bare = read_outcomes(path)

    assert (full.ambiguous, full.gross_r) == (True, 1.3)
    assert (full.worst_net_r, full.best_net_r) == (-1.2, 1.13)
    assert (full.volatility, full.regime) == ("high", "up")
    assert (bare.ambiguous, bare.gross_r, bare.worst_net_r, bare.volatility) == (
        False,
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("cells", "field", "allowed"),
    [
        ("maybe,,,,,,", "ambiguous", "true, false or nothing"),
        (",much,,,,,", "gross_r", "a finite number"),
        (",,-1e7,,,,", "worst_net_r", "between -1000000 and 1000000"),
        (",,,nan,,,", "best_net_r", "a finite number"),
    ],
)
def test_a_wrong_cell_of_a_further_column_is_refused(
    path: Path, cells: str, field: str, allowed: str
) -> None:
    error = refusal(path, MORE, f"{row()},{cells}")

    assert (error.where, error.field, error.allowed) == (f"{path} line 2", field, allowed)


def test_the_apostrophe_that_guards_a_cell_is_no_part_of_the_text(path: Path) -> None:
    path.write_text(f"{HEADER}\n{row(symbol=chr(39) + '=1+1/USDT:USDT')}\n")

    assert read_outcomes(path)[0].symbol == "=1+1/USDT:USDT"


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b'"' + b"x" * 200_000, None], ids=["no UTF-8", "one huge cell", "missing"]
)
def test_what_is_no_csv_is_refused_with_its_file(path: Path, raw: bytes | None) -> None:
    if raw is not None:
        path.write_bytes(raw)

    with pytest.raises(
        InputError, match=r"allowed: a (readable CSV file|file that exists)"
    ) as caught:
        read_outcomes(path)

    assert (caught.value.field, caught.value.was) == ("outcomes", str(path))
