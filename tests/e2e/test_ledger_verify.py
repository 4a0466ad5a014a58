"""`ledger verify` and `ledger rotate-key`: what a stranger and an owner do with a record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signalbot.cli import run_command
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.storage.database import open_database
from signalbot.storage.keys import create_key, load_key
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.rotation import settled_key, successor_file

DEMONSTRATION = demonstration_signer().public_key
Answer = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def exported(told: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "record.jsonl"
    path.write_text("".join(line + "\n" for line in told.lines()))
    return path


@pytest.fixture
def entry(exported: Path) -> dict[str, Any]:
    """The tenth entry."""
    return json.loads(exported.read_text().splitlines()[9])


def test_a_replay_verifies(exported: Path, answer: Answer) -> None:
    found = answer("ledger", "verify", exported)

    counts = found["counts"]
    assert found["entries"] == sum(counts.values()) == len(exported.read_text().splitlines())
    assert found["keys"] == [DEMONSTRATION]
    assert found["derived"] == counts["outcome"] > 20
    assert (found["on_candles"], found["uncovered"], found["overdue"]) == (None, None, [])
    assert len(found["not_proven"]) == 5


def test_its_outcomes_follow_from_the_candle_files(
    exported: Path, recorded: Path, answer: Answer
) -> None:
    found = answer("ledger", "verify", exported, "--candles", recorded)

    assert (found["on_candles"], found["uncovered"]) == (found["counts"]["outcome"], 0)


def test_what_a_reader_holds_is_proven(
    exported: Path, entry: dict[str, Any], answer: Answer
) -> None:
    heads = [f"10:{entry['hash']}", f"#9:{entry['prev'][:8]}"]
    options = [part for head in heads for part in ("--head", head)]

    found = answer("ledger", "verify", exported, "--key", DEMONSTRATION, *options)

    assert not any("tail" in missing or "who signed" in missing for missing in found["not_proven"])


def test_the_text_says_the_same(exported: Path, text: Callable[..., str]) -> None:
    shown = text("ledger", "verify", exported)

    assert "entries hold" in shown
    assert "Not proven:" in shown
    assert "--head" in shown


def test_an_edited_entry_is_named_with_exit_code_1(
    exported: Path, tmp_path: Path, refused: Callable[..., str]
) -> None:
    edited = tmp_path / "edited.jsonl"
    lines = exported.read_text().splitlines(keepends=True)
    lines[9] = lines[9].replace('"v":1', '"v":2')
    edited.write_text("".join(lines))

    shown = refused(run_command(["ledger", "verify", str(edited)]), expected=1)

    assert shown == "ledger entry #10: format version 2 is not 1"


def test_a_cut_tail_is_found_against_a_head(
    exported: Path, tmp_path: Path, entry: dict[str, Any], refused: Callable[..., str]
) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_text("".join(exported.read_text().splitlines(keepends=True)[:9]))

    code = run_command(["ledger", "verify", str(cut), "--head", f"10:{entry['hash'][:8]}"])

    assert refused(code, expected=1) == "ledger entry #10: missing, though a reader holds #10"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n", b"{}\n", b"{}", b"[" * 10_000 + b"\n"])
def test_a_file_that_is_no_ledger_differs_in_its_first_entry(
    content: bytes, here: Path, refused: Callable[..., str]
) -> None:
    Path("other").write_bytes(content)

    assert refused(run_command(["ledger", "verify", "other"]), expected=1).startswith(
        "ledger entry #1: "
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["missing"], "file was 'missing'"),
        (["."], "file was '.'"),
        (["record", "--key", "00"], "key was '00'"),
        (["record", "--key", "AB" * 32], "key was "),
        (["record", "--head", "10"], "head was '10'"),
        (["record", "--head", "0:00000000"], "head was '0:00000000'"),
        (["record", "--head", "10:0000000"], "head was '10:0000000'"),
        (["record", "--candles", "missing"], "candles was 'missing'"),
    ],
)
def test_what_cannot_be_used_is_bad_input(
    options: list[str], said: str, here: Path, refused: Callable[..., str]
) -> None:
    Path("record").touch()

    assert refused(run_command(["ledger", "verify", *options])).startswith(said)


class TestRotateKey:
    @pytest.fixture
    def record(self, here: Path, answer: Answer) -> Path:
        """The key file of a record that has begun."""
        answer("migrate")
        signer = load_key(here / "signalbot.key")
        with open_database(here / "signalbot.db") as engine:
            genesis = Draft(type=EntryType.GENESIS, ts=0, body={"public_key": signer.public_key})
            SqlLedger(engine, signer).append([genesis])
        return here / "signalbot.key"

    def test_the_record_goes_on_with_another_key_and_verifies(
        self, record: Path, answer: Answer
    ) -> None:
        old = load_key(record).public_key

        found = answer("ledger", "rotate-key")

        new = load_key(record).public_key
        assert found == {
            "seq": 2,
            "hash": found["hash"],
            "public_key": new,
            "retired": old,
        }
        answer("ledger", "export", "--db", "signalbot.db", "--out", "record.jsonl")
        verified = answer("ledger", "verify", "record.jsonl", "--key", old)
        assert (verified["entries"], verified["keys"]) == (2, [old])

    def test_the_text_names_both_keys_and_shows_neither_secret(
        self, record: Path, text: Callable[..., str]
    ) -> None:
        old = record.read_text().strip()

        shown = text("ledger", "rotate-key")

        assert load_key(record).public_key in shown
        assert old not in shown
        assert record.read_text().strip() not in shown

    def test_a_start_settles_what_was_interrupted(self, record: Path, answer: Answer) -> None:
        with open_database(record.with_name("signalbot.db")) as engine:
            ledger = SqlLedger(engine, load_key(record))
            ledger.rotate(lambda: create_key(successor_file(record)), 0)

        answer("migrate")

        assert not successor_file(record).exists()
        with open_database(record.with_name("signalbot.db")) as engine:
            SqlLedger(engine, settled_key(engine, record)).check_signer()

    def test_a_backup_after_it_comes_back(self, record: Path, answer: Answer) -> None:
        answer("ledger", "rotate-key")
        answer("backup", "--to", "safe")
        for name in ("signalbot.db", "signalbot.key"):
            Path(name).unlink()

        assert answer("restore", "--from", "safe")["head"]["seq"] == 2
        assert answer("ledger", "rotate-key")["seq"] == 3

    def test_an_empty_record_has_no_key_to_rotate(
        self, here: Path, answer: Answer, refused: Callable[..., str]
    ) -> None:
        answer("migrate")
        key = (here / "signalbot.key").read_bytes()

        shown = refused(run_command(["ledger", "rotate-key"]), expected=1)

        assert "has no entry yet" in shown
        assert (here / "signalbot.key").read_bytes() == key

    def test_without_a_database_nothing_is_made(
        self, here: Path, refused: Callable[..., str]
    ) -> None:
        shown = refused(run_command(["ledger", "rotate-key"]))

        assert shown.startswith("database was ")
        assert list(here.iterdir()) == []
