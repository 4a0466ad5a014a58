"""Another key comes into force whole, or not at all."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine

from signalbot.errors import InputError, RecordError
from signalbot.record.chain import check
from signalbot.record.entries import Draft, EntryType
from signalbot.record.signing import Signer
from signalbot.storage.backup import backup, restore
from signalbot.storage.database import open_database
from signalbot.storage.keys import create_key, load_key
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.rotation import rotate_key, settled_key, successor_file

NOW = 1_746_372_782_500


@pytest.fixture
def key_file(path: Path, engine: Engine, alert) -> Path:
    """The key of a record with one alert."""
    key_file = path.with_name("ledger.key")
    signer = create_key(key_file)
    genesis = Draft(type=EntryType.GENESIS, ts=0, body={"public_key": signer.public_key})
    SqlLedger(engine, signer).append([genesis, alert("a")])
    return key_file


class CrashError(Exception):
    """Stands for a crash between two steps."""


def interrupted_before_commit(engine: Engine, key_file: Path) -> None:
    def draw() -> Signer:
        create_key(successor_file(key_file))
        raise CrashError

    with pytest.raises(CrashError):
        SqlLedger(engine, load_key(key_file)).rotate(draw, NOW)


def interrupted_after_commit(engine: Engine, key_file: Path) -> None:
    SqlLedger(engine, load_key(key_file)).rotate(lambda: create_key(successor_file(key_file)), NOW)


def test_the_old_key_signs_the_entry_and_the_new_one_what_follows(
    engine: Engine, key_file: Path, alert
) -> None:
    old = load_key(key_file)

    entry = rotate_key(engine, key_file, NOW)

    new = load_key(key_file)
    assert new.public_key != old.public_key
    assert entry.type is EntryType.KEY
    assert entry.body == {"public_key": new.public_key, "retired": old.public_key}
    ledger = SqlLedger(engine, new)
    ledger.append([alert("b")])
    assert check(ledger.entries()) == ledger.head
    assert ledger.head.seq == 4


def test_the_new_key_is_one_file_that_only_its_owner_reads(engine: Engine, key_file: Path) -> None:
    rotate_key(engine, key_file, NOW)

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert not successor_file(key_file).exists()


def test_the_retired_key_appends_nothing(engine: Engine, key_file: Path, alert) -> None:
    old = load_key(key_file)
    rotate_key(engine, key_file, NOW)

    with pytest.raises(RecordError, match="is signed with the key") as caught:
        SqlLedger(engine, old).append([alert("b")])

    assert key_file.read_text().strip() not in str(caught.value)


def test_a_writer_that_was_open_meanwhile_is_refused(engine: Engine, key_file: Path, alert) -> None:
    open_before = SqlLedger(engine, load_key(key_file))
    rotate_key(engine, key_file, NOW)

    with pytest.raises(RecordError, match="another program has appended"):
        open_before.append([alert("b")])


def test_a_ledger_goes_on_with_the_key_it_has_rotated_to(
    engine: Engine, key_file: Path, alert
) -> None:
    ledger = SqlLedger(engine, load_key(key_file))

    ledger.rotate(lambda: create_key(successor_file(key_file)), NOW)
    ledger.append([alert("b")])

    assert check(ledger.entries()) == ledger.head


def test_keys_may_be_rotated_again_and_again(engine: Engine, key_file: Path, alert) -> None:
    for number in range(3):
        rotate_key(engine, key_file, NOW)
        SqlLedger(engine, load_key(key_file)).append([alert(f"after {number}")])

    ledger = SqlLedger(engine, load_key(key_file))
    assert check(ledger.entries()) == ledger.head
    assert ledger.head.seq == 2 + 6


def test_a_key_entry_comes_by_rotation_only(engine: Engine, key_file: Path) -> None:
    ledger = SqlLedger(engine, load_key(key_file))

    with pytest.raises(RecordError, match="by `rotate` only"):
        ledger.append([Draft(type=EntryType.KEY, ts=NOW, body={})])

    assert ledger.head.seq == 2


def test_an_empty_record_has_no_key_to_rotate(engine: Engine, tmp_path: Path) -> None:
    create_key(tmp_path / "ledger.key")

    with pytest.raises(RecordError, match="has no entry yet"):
        rotate_key(engine, tmp_path / "ledger.key", NOW)

    assert not successor_file(tmp_path / "ledger.key").exists()


def test_a_rotation_that_was_not_recorded_is_undone_at_the_next_start(
    engine: Engine, key_file: Path, alert
) -> None:
    old = load_key(key_file)
    interrupted_before_commit(engine, key_file)

    signer = settled_key(engine, key_file)

    assert signer.public_key == old.public_key == load_key(key_file).public_key
    assert not successor_file(key_file).exists()
    SqlLedger(engine, signer).append([alert("b")])


@pytest.mark.parametrize("content", [b"", b"5eed", b"\x00" * 65])
def test_a_key_that_was_half_written_is_undone(
    engine: Engine, key_file: Path, content: bytes
) -> None:
    old = load_key(key_file)
    successor_file(key_file).write_bytes(content)

    assert settled_key(engine, key_file).public_key == old.public_key
    assert not successor_file(key_file).exists()


def test_a_rotation_that_was_recorded_is_finished_at_the_next_start(
    engine: Engine, key_file: Path, alert
) -> None:
    interrupted_after_commit(engine, key_file)
    new = load_key(successor_file(key_file))

    signer = settled_key(engine, key_file)

    assert signer.public_key == new.public_key == load_key(key_file).public_key
    assert not successor_file(key_file).exists()
    ledger = SqlLedger(engine, signer)
    ledger.append([alert("b")])
    assert check(ledger.entries()) == ledger.head


@pytest.mark.parametrize("interrupted", [interrupted_before_commit, interrupted_after_commit])
def test_a_rotation_after_an_interrupted_one_settles_that_first(
    engine: Engine, key_file: Path, interrupted
) -> None:
    interrupted(engine, key_file)

    rotate_key(engine, key_file, NOW)

    ledger = SqlLedger(engine, load_key(key_file))
    assert check(ledger.entries()) == ledger.head
    assert not successor_file(key_file).exists()


def test_two_keys_of_which_neither_is_in_force_are_left_alone(
    engine: Engine, key_file: Path
) -> None:
    key_file.unlink()
    create_key(key_file)
    create_key(successor_file(key_file))
    before = (key_file.read_bytes(), successor_file(key_file).read_bytes())

    with pytest.raises(RecordError, match="which is neither in") as caught:
        settled_key(engine, key_file)

    assert (key_file.read_bytes(), successor_file(key_file).read_bytes()) == before
    assert not any(content.decode().strip() in str(caught.value) for content in before)


def test_a_key_that_cannot_be_written_leaves_everything_as_it_was(
    engine: Engine, key_file: Path
) -> None:
    old = load_key(key_file)
    successor_file(key_file).mkdir()
    ledger = SqlLedger(engine, old)

    with pytest.raises(InputError, match="a path where a new file can be written"):
        ledger.rotate(lambda: create_key(successor_file(key_file)), NOW)

    assert ledger.head.seq == 2
    assert load_key(key_file).public_key == old.public_key


def saved(path: Path, key_file: Path) -> Path:
    to = path.with_name("backup.zip")
    backup(path, key_file, to, NOW)
    return to


@pytest.mark.parametrize("moment", ["before commit", "after commit", "after all"])
def test_a_backup_holds_the_key_in_force_at_every_moment_of_a_rotation(
    path: Path, engine: Engine, key_file: Path, alert, moment: str
) -> None:
    if moment == "before commit":
        interrupted_before_commit(engine, key_file)
    elif moment == "after commit":
        interrupted_after_commit(engine, key_file)
    else:
        rotate_key(engine, key_file, NOW)

    archive = saved(path, key_file)
    restored = path.with_name("restored.db")
    head = restore(archive, restored, path.with_name("restored.key"))

    assert head == SqlLedger(engine, load_key(key_file)).head
    with open_database(restored) as other:
        ledger = SqlLedger(other, settled_key(other, path.with_name("restored.key")))
        ledger.append([alert("b")])
        assert check(ledger.entries()).seq == head.seq + 1


def test_nothing_is_restored_beside_a_key_that_waits(
    path: Path, engine: Engine, key_file: Path
) -> None:
    archive = saved(path, key_file)
    target = path.with_name("restored.key")
    create_key(successor_file(target))

    with pytest.raises(InputError, match="a path where no file is yet"):
        restore(archive, path.with_name("restored.db"), target)

    assert not target.exists()


def test_a_disk_that_fails_while_a_rotation_is_settled_is_no_traceback(
    engine: Engine, key_file: Path
) -> None:
    successor_file(key_file).mkdir()  # a folder cannot be removed as a file is

    with pytest.raises(Exception, match="the disk did not answer"):
        settled_key(engine, key_file)
