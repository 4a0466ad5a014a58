"""What a slip of the hand or a hostile file must not do."""

import gzip
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from signalbot.cli import run_command
from signalbot.market import text_files

HEADER = "open_time,open,high,low,close,volume"
Refused = Callable[..., str]


@pytest.fixture
def record(here: Path, recorded: Path) -> Path:
    """A short record of the generated market."""
    options = ["--venue", "simulated", "--timeframe", "1m", "--to", "2026-01-01T06:00:00Z"]
    database = here / "record.db"
    assert run_command(["replay", "--candles", str(recorded), "--db", str(database), *options]) == 0
    return database


def export(record: Path, out: Path | str) -> int:
    return run_command(["ledger", "export", "--db", str(record), "--out", str(out)])


class TestAnExport:
    @pytest.mark.parametrize("content", ["0123abcd\n", "notes\n"])
    def test_never_replaces_a_file_that_is_no_export(
        self, record: Path, here: Path, content: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        precious = here / "precious.key"
        precious.write_text(content)
        capsys.readouterr()

        assert export(record, precious) == 2

        assert precious.read_text() == content
        assert capsys.readouterr().err.endswith("allowed: a new file, or an earlier export\n")

    def test_replaces_an_earlier_export(self, record: Path, here: Path) -> None:
        out = here / "ledger.jsonl"

        assert [export(record, out), export(record, out)] == [0, 0]
        assert sorted(path.name for path in here.iterdir()) == ["ledger.jsonl", "record.db"]

    @pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
    def test_is_no_side_file_of_a_database(self, record: Path, suffix: str) -> None:
        assert export(record, f"{record}{suffix}") == 2

    def test_does_not_follow_a_link(self, record: Path, here: Path) -> None:
        (here / "target").write_text("kept")
        (here / "link").symlink_to(here / "target")

        assert export(record, here / "link") == 2
        assert (here / "target").read_text() == "kept"

    def test_leaves_files_of_other_names_alone(self, record: Path, here: Path) -> None:
        (here / "a.unfinished").write_text("mine")

        assert export(record, here / "a") == 0
        assert (here / "a.unfinished").read_text() == "mine"


class TestATamperedDatabase:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("body", "[]"), ("body", "null"), ("body", "[" * 100_000), ("sig", b"\0"), ("ts", b"\0")],
    )
    def test_is_named_by_its_entry(
        self,
        record: Path,
        here: Path,
        column: str,
        value: object,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        with sqlite3.connect(record) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(f"UPDATE ledger SET {column} = ? WHERE seq = 2", (value,))  # noqa: S608
        connection.close()
        capsys.readouterr()

        assert export(record, here / "out.jsonl") == 1

        assert capsys.readouterr().err.startswith("error: ledger entry #2: cannot be read")
        assert not (here / "out.jsonl").exists()


class TestAStrangeFile:
    def test_a_pipe_is_no_candle_file(self, here: Path, refused: Refused) -> None:
        folder = here / "simulated" / "1m"
        folder.mkdir(parents=True)
        os.mkfifo(folder / "TOY_USDT_USDT.csv")
        options = ["--candles", str(here), "--venue", "simulated", "--timeframe", "1m"]

        said = refused(run_command(["replay", *options, "--db", str(here / "new.db")]))

        assert "a file that exists" in said
        assert not (here / "new.db").exists()

    def test_a_file_that_unpacks_to_too_much_is_refused(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(text_files, "LARGEST_BYTES", 1000)
        (here / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * 1001))

        with pytest.raises(text_files.InputError, match="at most 1,000 bytes unpacked"):
            text_files.read_text(here / "bomb.csv.gz")

    def test_two_candles_a_lifetime_apart_are_no_recording(
        self, here: Path, refused: Refused
    ) -> None:
        folder = here / "simulated" / "1m"
        folder.mkdir(parents=True)
        rows = (f"{time},1,1,1,1,1" for time in (1262304000000, 4070908800000))
        (folder / "TOY_USDT_USDT.csv").write_text("\n".join([HEADER, *rows, ""]))
        options = ["--candles", str(here), "--venue", "simulated", "--timeframe", "1m"]

        said = refused(run_command(["replay", *options, "--db", str(here / "new.db")]))

        assert "at most 2,000,000 steps from first to last" in said

    @pytest.mark.parametrize("venue", ["../simulated", "/tmp", "simulated/", ""])  # noqa: S108
    def test_a_venue_is_a_name_and_no_path(self, here: Path, venue: str, refused: Refused) -> None:
        options = ["--candles", str(here), f"--venue={venue}", "--timeframe", "1m"]

        assert "venue was" in refused(run_command(["replay", *options, "--db", "new.db"]))

    def test_a_time_past_the_last_year_is_refused(self, here: Path, refused: Refused) -> None:
        options = ["--candles", str(here), "--venue", "simulated", "--timeframe", "1m"]
        late = "9999-12-31T23:59:59-23:59"

        said = refused(run_command(["replay", *options, "--db", "new.db", "--to", late]))

        assert "to was" in said
        assert "before the year 10000" in said


def test_a_position_that_no_rate_would_leave_open_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ["--venue", "binanceusdm", "--side", "long", "--entry", "1", "--qty", "1000"]

    assert run_command(["liq", *options, "--leverage", "1000", "--json"]) == 0

    assert "LIQUIDATED_AT_ENTRY" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["１.5", "١.٥", "1_0"])  # noqa: RUF001
def test_a_number_is_written_in_plain_digits(number: str, refused: Refused) -> None:
    options = ["--stop", "1", "--equity", "100"]

    assert "entry was" in refused(run_command(["size", "--entry", number, *options]))
