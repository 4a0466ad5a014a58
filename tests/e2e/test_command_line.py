"""Every command as a person or a script types it: what it prints, where, and its exit code."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from signalbot.cli import run_command

COMMANDS = {
    ("simulate",): ("--days", "--seed"),
    ("replay",): ("--candles", "--venue", "--timeframe", "--db", "--symbols", "--from", "--to"),
    ("size",): ("--entry", "--stop", "--target", "--equity", "--symbol", "--tiers", "--json"),
    ("liq",): ("--venue", "--side", "--entry", "--qty", "--leverage", "--margin", "--tiers"),
    ("resolve",): ("--alert", "--candles", "--finer", "--trades", "--funding", "--timeframe"),
    ("claim",): ("--win-rate", "--wins", "--losses", "--reward-risk", "--cost-r", "--json"),
    ("stats",): ("--db", "--outcomes", "--json"),
    ("ledger",): ("export",),
    ("ledger", "export"): ("--db", "--out", "--json"),
    ("migrate",): ("--json",),
    ("backup",): ("--to", "--json"),
    ("restore",): ("--from", "--json"),
    ("check-config",): ("--json",),
}
COLUMNS = "alert_id,setup,version,symbol,side,published_at,outcome,net_r,breakeven_win_rate"

Printed = Callable[[int], str]


def outcomes_file(folder: Path, **changes: str) -> Path:
    row = {
        "alert_id": "a",
        "setup": "range_breakout",
        "version": "1.00",
        "symbol": "TOY/USDT:USDT",
        "side": "long",
        "published_at": "2026-01-01T00:00:02.500Z",
        "outcome": "TARGET",
        "net_r": "0.9",
        "breakeven_win_rate": "0.55",
    } | changes
    rows = [row, row | {"alert_id": "b", "outcome": "STOP", "net_r": "-1.1"}]
    rows.append(row | {"alert_id": "c", "outcome": "VOID_LATE", "net_r": ""})
    path = folder / "outcomes.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(","))
        writer.writeheader()
        writer.writerows(rows)
    return path


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_every_command_explains_itself(
        self, command: tuple[str, ...], option: str, text: Callable[..., str]
    ) -> None:
        shown = text(*command, option)

        assert "Usage: " in shown
        assert all(name in shown for name in COMMANDS[command])

    def test_the_list_of_commands_names_all_of_them(self, text: Callable[..., str]) -> None:
        shown = text("--help")

        assert all(command[0] in shown for command in COMMANDS)

    @pytest.mark.parametrize("group", [[], ["ledger"]], ids=["program", "ledger"])
    def test_without_a_command_help_is_shown_and_nothing_done(
        self, group: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = run_command(group)

        printed = capsys.readouterr()
        assert code == 2
        assert "Usage:" in printed.out
        assert printed.err == ""


class TestUsageErrors:
    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (["trade"], "'trade'"),
            (["ledger", "rewrite"], "'rewrite'"),
            (["stats", "--database", "x.db"], "--database"),
            (["replay", "--candles", "."], "'--venue'"),
            (["backup"], "'--to'"),
            (["restore", "--from"], "--from"),
            (["ledger", "export", "--db", "x.db"], "'--out'"),
            (["migrate", "now"], "(now)"),
            (["simulate", "--days", "1"], "'--days'"),
            (["simulate", "--days", "31"], "'--days'"),
            (["simulate", "--days", "two"], "'--days'"),
            (["simulate", "--seed", "-1"], "'--seed'"),
        ],
        ids=" ".join,
    )
    def test_a_wrong_call_is_one_line_that_names_what_is_wrong(
        self, arguments: list[str], named: str, refused: Printed
    ) -> None:
        assert named in refused(run_command(arguments))


class TestStats:
    def test_text_never_shows_a_rate_of_few_alerts(
        self, here: Path, text: Callable[..., str]
    ) -> None:
        shown = text("stats", "--outcomes", outcomes_file(here))

        assert shown.startswith(
            "1/2 net-positive, not enough data (a rate is shown from 30 on)"
            " - voids 1, open 0, since 2026-01-01\nSince 2026-01-01, all alerts: 3\n"
        )
        assert "target 1 · stop 1 · time out 0 · not filled 0 · too late 1" in shown
        assert "Won after costs: 1 of 2, not enough data for a rate" in shown
        assert "Needed to break even: 55.0 %" in shown

    def test_json_holds_every_promised_field(self, here: Path, answer: Callable[..., dict]) -> None:
        found = answer("stats", "--outcomes", outcomes_file(here))

        assert found["buckets"] == dict.fromkeys(
            ("EXPIRED", "NOT_FILLED", "NOT_PUBLISHED", "UNRESOLVED_GAP", "DELISTED", "OPEN"), 0
        ) | {"TARGET": 1, "STOP": 1, "VOID_LATE": 1}
        assert (found["alerts"], found["decided"], found["wins"]) == (3, 2, 1)
        assert (found["win_rate"], found["verdict"]) == (None, "not_enough_data")
        assert found["breakeven_win_rate"] == pytest.approx(0.55)
        assert found["expectancy_r"] == pytest.approx(-0.1)  # (0.9 - 1.1) / 2
        assert found["profit_factor"] == pytest.approx(0.9 / 1.1)
        assert (found["max_drawdown_r"], found["longest_losing_run"]) == (pytest.approx(1.1), 1)
        for interval in ("wilson_95", "always_valid_95", "expectancy_r_95"):
            low, high = found[interval]
            assert low < high
        assert {"e_value", "n_effective", "slices"} <= set(found)
        assert (found["void_share"], found["late_share"]) == pytest.approx((1 / 3, 1 / 3))

    def test_what_a_file_of_outcomes_does_not_tell_is_null_and_not_zero(
        self, here: Path, answer: Callable[..., dict]
    ) -> None:
        found = answer("stats", "--outcomes", outcomes_file(here))

        assert [found[name] for name in ("before_costs", "bounds", "baseline")] == [None] * 3
        assert found["corrections"] == 0

    @pytest.mark.parametrize("given", [[], ["--db", "a.db", "--outcomes", "b.csv"]])
    def test_exactly_one_source_is_needed(
        self, given: list[str], here: Path, refused: Printed
    ) -> None:
        assert refused(run_command(["stats", *given])).startswith("db was ")

    @pytest.mark.parametrize("option", ["--db", "--outcomes"])
    @pytest.mark.parametrize("name", ["missing", ".", ""])
    def test_a_source_that_is_no_file_is_named(
        self, option: str, name: str, here: Path, refused: Printed
    ) -> None:
        shown = refused(run_command(["stats", option, name]))

        assert shown.startswith(("database was ", "outcomes was "))

    def test_another_program_s_database_is_refused(self, here: Path, refused: Printed) -> None:
        (here / "text.db").write_text("no database")

        assert "'text.db'" in refused(run_command(["stats", "--db", "text.db"]))

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("outcome", "WON"),
            ("side", "up"),
            ("net_r", "nan"),
            ("net_r", ""),
            ("breakeven_win_rate", "1.5"),
            ("published_at", "yesterday"),
        ],
    )
    def test_a_wrong_cell_is_named_with_file_and_line(
        self, field: str, text: str, here: Path, refused: Printed
    ) -> None:
        path = outcomes_file(here, **{field: text})

        shown = refused(run_command(["stats", "--outcomes", str(path)]))

        assert shown.startswith(f"{path} line 2: {field} was ")


class TestSimulate:
    def test_the_demonstration_says_simulated_in_every_title(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run_command(["simulate"]) == 0

        printed = capsys.readouterr()
        titles = re.findall("^╭─ (.*?) ─*╮$", printed.out, flags=re.MULTILINE)
        assert printed.out.count("╭") == len(titles) > 2
        assert all(title.startswith("simulated · ") for title in titles)
        assert "nothing here is real" in printed.out
        assert "no edge" in printed.err
        assert list(here.iterdir()) == []
