"""migrate, backup, restore, check-config and the export: the care of a record."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from signalbot.cli import run_command

EMPTY = {"seq": 0, "hash": "0" * 64}
TOKEN = "123456789:made-up-made-up-made-up-made-up-mad"  # noqa: S105 - made up
SECRETS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_WEBHOOK_SECRET": "made_up_webhook_secret",
    "COINGECKO_API_KEY": "made_up_key",
}

Printed = Callable[[int], str]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict]:
    """Runs a command with `--json` and returns the one object it prints."""

    def run(*arguments: str) -> dict:
        code = run_command([*arguments, "--json"])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        assert printed.out.count("\n") == 1
        return json.loads(printed.out)

    return run


@pytest.fixture
def text(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        code = run_command([*arguments])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        return printed.out

    return run


class TestMigrate:
    def test_the_first_start_makes_database_and_a_key_for_its_owner_only(
        self, here: Path, answer: Callable[..., dict]
    ) -> None:
        found = answer("migrate")

        assert found == {
            "database": "signalbot.db",
            "from": None,
            "to": found["to"],
            "key_created": True,
        }
        assert (here / "signalbot.key").stat().st_mode & 0o777 == 0o600

    def test_a_second_time_changes_nothing(self, here: Path, answer: Callable[..., dict]) -> None:
        first = answer("migrate")
        key = (here / "signalbot.key").read_bytes()

        again = answer("migrate")

        assert again == first | {"from": first["to"], "key_created": False}
        assert (here / "signalbot.key").read_bytes() == key

    def test_text_names_the_key_but_never_shows_it(
        self, here: Path, text: Callable[..., str]
    ) -> None:
        shown = text("migrate")

        assert "signalbot.key: new ledger key" in shown
        assert (here / "signalbot.key").read_text().strip() not in shown

    @pytest.mark.parametrize(
        ("lost", "field"),
        [("signalbot.db", "DATABASE_URL"), ("signalbot.key", "SIGNALBOT_LEDGER_KEY_FILE")],
        ids=["a key without its database", "a database without its key"],
    )
    def test_half_a_record_is_refused_instead_of_begun_anew(
        self, lost: str, field: str, here: Path, text: Callable[..., str], refused: Printed
    ) -> None:
        text("migrate")
        (here / lost).unlink()

        assert refused(run_command(["migrate"])).startswith(f"{field} was ")

        assert not (here / lost).exists()

    def test_the_configured_places_are_used(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., dict]
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{here}/elsewhere.db")
        (here / ".env").write_text("SIGNALBOT_LEDGER_KEY_FILE=elsewhere.key\n")

        assert answer("migrate")["database"] == f"{here}/elsewhere.db"

        assert {path.name for path in here.iterdir()} == {
            ".env",
            "elsewhere.db",
            "elsewhere.key",
        }


class TestBackupAndRestore:
    def test_what_was_backed_up_comes_back(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., dict]
    ) -> None:
        answer("migrate")
        key = (here / "signalbot.key").read_bytes()

        assert answer("backup", "--to", "safe") == {"to": "safe", "head": EMPTY}
        (here / "signalbot.db").unlink()
        (here / "signalbot.key").unlink()
        assert answer("restore", "--from", "safe") == {"from": "safe", "head": EMPTY}

        assert (here / "signalbot.key").read_bytes() == key
        assert (here / "signalbot.key").stat().st_mode & 0o777 == 0o600
        assert answer("migrate")["key_created"] is False

    def test_the_backup_is_for_its_owner_only_and_says_why(
        self, here: Path, text: Callable[..., str]
    ) -> None:
        text("migrate")

        assert "It holds the private key." in text("backup", "--to", "safe")

        assert (here / "safe").stat().st_mode & 0o777 == 0o600

    def test_a_backup_overwrites_nothing(
        self, here: Path, text: Callable[..., str], refused: Printed
    ) -> None:
        text("migrate")
        (here / "safe").write_text("mine")

        assert refused(run_command(["backup", "--to", "safe"])).startswith("to was 'safe'")

        assert (here / "safe").read_text() == "mine"

    def test_a_restore_overwrites_nothing(
        self, here: Path, text: Callable[..., str], refused: Printed
    ) -> None:
        text("migrate")
        text("backup", "--to", "safe")
        database = (here / "signalbot.db").read_bytes()

        shown = refused(run_command(["restore", "--from", "safe"]))

        assert shown.startswith("database was 'signalbot.db'")
        assert (here / "signalbot.db").read_bytes() == database

    def test_there_must_be_something_to_back_up(self, here: Path, refused: Printed) -> None:
        shown = refused(run_command(["backup", "--to", "safe"]))

        assert shown.startswith("SIGNALBOT_LEDGER_KEY_FILE was ")
        assert list(here.iterdir()) == []

    def test_something_else_is_no_backup(self, here: Path, refused: Printed) -> None:
        (here / "notes.txt").write_text("not a backup")

        shown = refused(run_command(["restore", "--from", "notes.txt"]))

        assert shown.startswith("from was 'notes.txt'")
        assert [path.name for path in here.iterdir()] == ["notes.txt"]

    def test_a_key_others_can_read_is_refused(
        self, here: Path, text: Callable[..., str], refused: Printed
    ) -> None:
        text("migrate")
        (here / "signalbot.key").chmod(0o644)

        shown = refused(run_command(["backup", "--to", "safe"]))

        assert shown.startswith("SIGNALBOT_LEDGER_KEY_FILE was ")
        assert "chmod 600" in shown


class TestCheckConfig:
    def test_every_setting_is_shown_with_its_source(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., dict]
    ) -> None:
        (here / ".env").write_text("PORT=9000\nSIGNALBOT_LATENCY_S=15\n")
        monkeypatch.setenv("SIGNALBOT_LATENCY_S", "20")

        found = answer("check-config")

        assert found["PORT"] == {"value": "9000", "source": ".env"}
        assert found["SIGNALBOT_LATENCY_S"] == {"value": "20", "source": "environment"}
        assert found["SIGNALBOT_MAX_COST_R"] == {"value": "0.25", "source": "default"}

    @pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
    def test_a_secret_is_only_said_to_be_set(
        self,
        options: list[str],
        here: Path,
        monkeypatch: pytest.MonkeyPatch,
        text: Callable[..., str],
    ) -> None:
        for key, secret in SECRETS.items():
            monkeypatch.setenv(key, secret)

        shown = text("check-config", *options)

        assert all(key in shown for key in SECRETS)
        assert not any(secret in shown for secret in SECRETS.values())

    @pytest.mark.parametrize("command", [["check-config"], ["migrate"], ["run"]], ids=" ".join)
    def test_an_unknown_key_stops_every_command(
        self, command: list[str], here: Path, monkeypatch: pytest.MonkeyPatch, refused: Printed
    ) -> None:
        monkeypatch.setenv("SIGNALBOT_MAX_COSTS", "0.3")

        assert "'SIGNALBOT_MAX_COSTS'" in refused(run_command(command))

        assert list(here.iterdir()) == []

    def test_a_malformed_secret_is_not_repeated(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, refused: Printed
    ) -> None:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f"{TOKEN} ?")

        shown = refused(run_command(["check-config"]))

        assert "TELEGRAM_BOT_TOKEN was ***" in shown
        assert "made-up" not in shown

    def test_everything_wrong_is_said_at_once(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PORT", "none")
        (here / ".env").write_text("SIGNALBOT_LOG_LEVEL=LOUD\n")

        assert run_command(["check-config"]) == 2

        shown = capsys.readouterr().err
        assert "error: .env: SIGNALBOT_LOG_LEVEL was 'LOUD'" in shown
        assert "error: environment: PORT was 'none'" in shown
        assert shown.count("\n") == 2


class TestExport:
    def test_an_empty_record_is_an_empty_file(
        self, here: Path, answer: Callable[..., dict]
    ) -> None:
        answer("migrate")

        found = answer("ledger", "export", "--db", "signalbot.db", "--out", "record.jsonl")

        assert found == {"out": "record.jsonl", "entries": 0, "head": EMPTY}
        assert (here / "record.jsonl").read_text() == ""

    @pytest.mark.parametrize("out", ["no/such/folder.jsonl", ".", "", "signalbot.db"])
    def test_a_target_that_cannot_be_written_is_named(
        self, out: str, here: Path, text: Callable[..., str], refused: Printed
    ) -> None:
        text("migrate")
        database = (here / "signalbot.db").read_bytes()

        shown = refused(run_command(["ledger", "export", "--db", "signalbot.db", "--out", out]))

        assert shown.startswith("out was ")
        assert (here / "signalbot.db").read_bytes() == database

    def test_a_missing_database_is_named_and_no_file_made(
        self, here: Path, refused: Printed
    ) -> None:
        command = ["ledger", "export", "--db", "missing.db", "--out", "record.jsonl"]

        assert refused(run_command(command)).startswith("database was 'missing.db'")

        assert list(here.iterdir()) == []

    def test_a_database_that_was_never_migrated_says_what_to_do(
        self, here: Path, refused: Callable[..., str]
    ) -> None:
        with closing(sqlite3.connect("other.db")) as connection:
            connection.execute("CREATE TABLE anything (number)")

        shown = refused(run_command(["stats", "--db", "other.db"]), expected=1)

        assert "run `signalbot migrate`" in shown
