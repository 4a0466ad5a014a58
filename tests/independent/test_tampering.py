"""Whoever changes a record is found, by the package and by a stranger, at the first entry."""

from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from fakes.tampering import Package, Stranger, forged, one_byte_changed, rearranged, signed_again
from fakes.whole_record import FIRST, SECOND, lines_of, long_record

from signalbot.cli import run_command
from signalbot.record.entries import Entry, EntryType

SIZE, SAMPLED = 60, 4


@pytest.fixture(scope="session")
def record() -> list[Entry]:
    return long_record(SIZE)


@pytest.fixture(params=["package", "stranger"])
def checker(request: pytest.FixtureRequest, verify: ModuleType) -> Package | Stranger:
    return Package() if request.param == "package" else Stranger(verify)


def test_the_record_has_every_type_of_entry_and_holds(
    record: list[Entry], checker: Package | Stranger
) -> None:
    for line in lines_of(record):
        checker.take(line)

    assert len(record) == SIZE
    assert {entry.type for entry in record} == set(EntryType)


def test_a_changed_byte_a_gap_a_swap_or_a_copy_is_named(
    record: list[Entry], checker: Package | Stranger
) -> None:
    random = Random(5)  # noqa: S311 - no secret
    lines = lines_of(record)
    sampled = set(random.sample(range(SIZE), SAMPLED))

    for place, line in enumerate(lines):
        for other in rearranged(lines, place):
            assert checker.named(other) == place + 1
        for changed in one_byte_changed(line, random) if place in sampled else ():
            assert checker.named(changed) == place + 1, changed
        checker.take(line)


@pytest.mark.parametrize("since", [2, SIZE // 2, SIZE])
def test_another_signature_from_some_entry_on_is_named(
    record: list[Entry], checker: Package | Stranger, since: int
) -> None:
    lines = lines_of(signed_again(record, since))
    for line in lines[: since - 1]:
        checker.take(line)

    assert checker.named(lines[since - 1]) == since


@pytest.fixture
def ledger(record: list[Entry], tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(lines_of(record)))
    return path


def told(verify: ModuleType, path: Path, *options: str) -> str:
    """What `verify.py` says on leaving: empty if the record holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["verify.py", str(path), *options])
        try:
            verify.main()
        except SystemExit as left:
            return str(left.code)
    return ""


def test_a_cut_tail_is_named_against_what_a_reader_holds(
    verify: ModuleType, record: list[Entry], ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.write_bytes(b"".join(lines_of(record[:-3])))
    head = f"{SIZE}:{record[-1].hash[:8]}"

    assert told(verify, ledger) == ""
    assert "entry #58 differs" in told(verify, ledger, "--head", head)
    assert "entry #3 differs" in told(verify, ledger, "--head", "3:")  # no hash is no proof
    assert run_command(["ledger", "verify", str(ledger)]) == 0
    assert run_command(["ledger", "verify", str(ledger), "--head", head]) == 1
    assert "entry #58" in capsys.readouterr().err


def test_a_record_signed_again_from_the_first_line_is_named_against_the_key(
    verify: ModuleType, record: list[Entry], ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.write_bytes(b"".join(lines_of(forged(record))))

    assert told(verify, ledger) == ""
    for key in (FIRST.public_key, SECOND.public_key):
        assert "entry #1 differs" in told(verify, ledger, "--key", key)
        assert run_command(["ledger", "verify", str(ledger), "--key", key]) == 1
        assert "entry #1" in capsys.readouterr().err
    assert "entry #30 differs" in told(verify, ledger, "--head", f"30:{record[29].hash}")


def test_both_keys_of_a_record_are_accepted(verify: ModuleType, ledger: Path) -> None:
    for key in (FIRST.public_key, SECOND.public_key):
        assert told(verify, ledger, "--key", key) == ""
