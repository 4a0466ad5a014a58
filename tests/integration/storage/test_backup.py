import hashlib
import json
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.errors import InputError, RecordError, SignalbotError, UnavailableError
from signalbot.record.chain import BEFORE_FIRST, ChainError, check
from signalbot.record.entries import Draft, EntryType, Head
from signalbot.record.signing import Signer
from signalbot.storage.backup import backup, restore
from signalbot.storage.database import open_database, writing
from signalbot.storage.keys import create_key, load_key
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.schema import migrate

NOW = 1_746_372_782_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    database: Path
    key_file: Path
    signer: Signer
    head: Head


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return _home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def saved(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "backup.zip"
    backup(home.database, home.key_file, path, NOW)
    return path


def test_what_is_restored_is_what_was_backed_up(home: Home, saved: Path, tmp_path: Path) -> None:
    database, key_file = tmp_path / "data" / "bot.db", tmp_path / "keys" / "bot.key"
    database.parent.mkdir()
    key_file.parent.mkdir()

    head = restore(saved, database, key_file)

    assert head == home.head
    assert load_key(key_file).public_key == home.signer.public_key
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert _lines(database, home.signer) == _lines(home.database, home.signer)
    assert [path.name for path in database.parent.iterdir()] == ["bot.db"]
    assert [path.name for path in key_file.parent.iterdir()] == ["bot.key"]


def test_a_restored_ledger_goes_on(home: Home, saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "bot.db", tmp_path / "bot.key")

    with open_database(tmp_path / "bot.db") as engine:
        ledger = SqlLedger(engine, load_key(tmp_path / "bot.key"))
        ledger.append([_alert("after")])
        assert check(ledger.entries()).seq == home.head.seq + 1


def test_a_backup_is_one_file_that_only_its_owner_reads(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"

    head = backup(home.database, home.key_file, path, NOW)

    assert head == home.head
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_manifest_says_what_is_in_it(home: Home, saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        contents = {name: archive.read(name) for name in ("signalbot.db", "ledger.key")}

    assert manifest == {
        "created": "2025-05-04T15:33:02.500Z",
        "head": {"seq": home.head.seq, "hash": home.head.hash},
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }


def test_an_empty_ledger_can_be_backed_up(tmp_path: Path) -> None:
    migrate(tmp_path / "old.db")
    create_key(tmp_path / "old.key")

    head = backup(tmp_path / "old.db", tmp_path / "old.key", tmp_path / "backup.zip", NOW)

    assert head == BEFORE_FIRST
    assert restore(tmp_path / "backup.zip", tmp_path / "bot.db", tmp_path / "bot.key") == head


def test_a_database_of_another_schema_can_be_backed_up(tmp_path: Path) -> None:
    home = _home(tmp_path)
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()

    assert backup(home.database, home.key_file, tmp_path / "backup.zip", NOW) == home.head


def test_an_unfinished_transaction_is_not_in_the_backup(tmp_path: Path) -> None:
    home = _home(tmp_path)

    with open_database(home.database) as engine, writing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO refusal VALUES ('a', '1970-01-01', 0, 's', 'B', 'long', 'BUDGET', 'm')"
        )
        backup(home.database, home.key_file, tmp_path / "backup.zip", NOW)

    restore(tmp_path / "backup.zip", tmp_path / "bot.db", tmp_path / "bot.key")
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        assert connection.execute("SELECT count(*) FROM refusal").fetchone() == (0,)


def test_every_backup_of_a_database_that_is_written_holds(tmp_path: Path) -> None:
    home = _home(tmp_path)
    enough = threading.Event()

    def append_until_enough() -> None:
        with open_database(home.database) as engine:
            ledger = SqlLedger(engine, home.signer)
            while not enough.is_set():
                ledger.append([_alert(f"{ledger.head.seq}"), _alert(f"{ledger.head.seq}+")])

    writer = threading.Thread(target=append_until_enough)
    writer.start()
    try:
        heads = [
            backup(home.database, home.key_file, tmp_path / f"{number}.zip", NOW)
            for number in range(5)
        ]
    finally:
        enough.set()
        writer.join()

    assert [
        restore(tmp_path / f"{n}.zip", tmp_path / f"{n}.db", tmp_path / f"{n}.key")
        for n in range(5)
    ] == heads


class TestBackupRefuses:
    def test_to_overwrite_a_file(self, home: Home, tmp_path: Path) -> None:
        path = tmp_path / "backup.zip"
        path.write_text("precious")

        with pytest.raises(InputError, match="a path where no file is yet"):
            backup(home.database, home.key_file, path, NOW)

        assert path.read_text() == "precious"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_missing_folder(self, home: Home, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"to was .*a folder that can be written"):
            backup(home.database, home.key_file, tmp_path / "missing" / "backup.zip", NOW)

    def test_a_missing_database(self, home: Home, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="database was"):
            backup(tmp_path / "missing.db", home.key_file, tmp_path / "backup.zip", NOW)

        assert list(tmp_path.iterdir()) == []

    def test_the_database_of_another_program(self, home: Home, tmp_path: Path) -> None:
        other = tmp_path / "other.db"
        other.touch()

        with pytest.raises(InputError, match="a database of signalbot"):
            backup(other, home.key_file, tmp_path / "backup.zip", NOW)

        assert not (tmp_path / "backup.zip").exists()

    def test_a_key_that_is_not_the_ledgers(self, home: Home, tmp_path: Path) -> None:
        create_key(tmp_path / "other.key")

        with pytest.raises(RecordError, match="is signed with the key"):
            backup(home.database, tmp_path / "other.key", tmp_path / "backup.zip", NOW)

        assert not (tmp_path / "backup.zip").exists()

    def test_a_name_the_disk_cannot_hold(self, home: Home, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match="the disk did not answer"):
            backup(home.database, home.key_file, tmp_path / ("long" * 100), NOW)

        assert list(tmp_path.iterdir()) == []


class TestRestoreRefuses:
    @pytest.mark.parametrize(
        "existing", ["bot.db", "bot.key", "bot.db-wal", "bot.db-shm", "bot.db-journal"]
    )
    def test_to_overwrite_a_file(self, saved: Path, tmp_path: Path, existing: str) -> None:
        (tmp_path / existing).write_text("precious")

        with pytest.raises(InputError, match="a path where no file is yet"):
            restore(saved, tmp_path / "bot.db", tmp_path / "bot.key")

        assert [path.name for path in tmp_path.iterdir()] == [existing]
        assert (tmp_path / existing).read_text() == "precious"

    def test_a_missing_folder(self, saved: Path, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="key file was"):
            restore(saved, tmp_path / "bot.db", tmp_path / "missing" / "bot.key")

        assert list(tmp_path.iterdir()) == []

    def test_one_path_for_both_leaving_neither(self, saved: Path, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="a path where no file is yet"):
            restore(saved, tmp_path / "bot", tmp_path / "bot")

        assert list(tmp_path.iterdir()) == []

    def test_a_missing_backup(self, tmp_path: Path) -> None:
        _refuses(tmp_path / "missing.zip", tmp_path, InputError, "from was")

    def test_a_file_that_is_no_zip(self, home: Home, tmp_path: Path) -> None:
        _refuses(home.database, tmp_path, InputError, "a backup made by")

    @pytest.mark.parametrize("missing", ["manifest.json", "signalbot.db", "ledger.key"])
    def test_a_missing_member(self, saved: Path, tmp_path: Path, missing: str) -> None:
        changed = _changed(saved, tmp_path, lambda members: members.pop(missing))

        _refuses(changed, tmp_path, InputError, "and nothing else")

    @pytest.mark.parametrize("name", ["../evil.key", "/evil.key", "sub/ledger.key"])
    def test_names_that_lead_elsewhere(self, saved: Path, tmp_path: Path, name: str) -> None:
        changed = _changed(saved, tmp_path, lambda members: members.update({name: b"evil"}))
        _refuses(changed, tmp_path, InputError, "and nothing else")

        changed = _changed(saved, tmp_path, lambda m: m.update({name: m.pop("ledger.key")}))
        _refuses(changed, tmp_path, InputError, "and nothing else")

    def test_another_compression(self, saved: Path, tmp_path: Path) -> None:
        changed = _changed(saved, tmp_path, lambda members: None, zipfile.ZIP_LZMA)

        _refuses(changed, tmp_path, InputError, "stored or deflated")

    @pytest.mark.parametrize("name", ["signalbot.db", "ledger.key"])
    def test_a_member_with_another_hash(self, saved: Path, tmp_path: Path, name: str) -> None:
        changed = _changed(saved, tmp_path, lambda members: members.update({name: b"evil"}))

        _refuses(changed, tmp_path, InputError, f"{name} has the hash its manifest states")

    @pytest.mark.parametrize(
        "manifest",
        [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 9_999, b" " * 10_001, b'{"head":{"seq":"x"}}'],
    )
    def test_a_manifest_that_is_none(self, saved: Path, tmp_path: Path, manifest: bytes) -> None:
        members = {"manifest.json": manifest}
        changed = _changed(saved, tmp_path, lambda found: found.update(members))

        _refuses(changed, tmp_path, InputError, "manifest.json that can be read")

    def test_a_manifest_with_another_head(self, saved: Path, tmp_path: Path) -> None:
        changed = _changed(saved, tmp_path, _cut_head)

        _refuses(changed, tmp_path, InputError, "whose ledger ends as its manifest states")

    def test_a_chain_that_does_not_hold(self, tmp_path: Path) -> None:
        home = _home(tmp_path)
        with closing(sqlite3.connect(home.database)) as connection:
            connection.execute("DROP TRIGGER ledger_is_not_updated")
            connection.execute('UPDATE ledger SET body = \'{"id":"better"}\' WHERE seq = 2')
            connection.commit()
        backup(home.database, home.key_file, tmp_path / "backup.zip", NOW)

        _refuses(tmp_path / "backup.zip", tmp_path, ChainError, "#2")

    @settings(deadline=None, max_examples=60)
    @given(data=st.data())
    def test_whatever_was_cut_off_or_changed_on_the_way(self, saved: Path, data) -> None:
        content = bytearray(saved.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            del content[place:]
        else:
            content[place] ^= data.draw(st.integers(1, 255))

        with TemporaryDirectory() as folder:
            damaged, target = Path(folder) / "damaged.zip", Path(folder) / "target"
            damaged.write_bytes(content)
            target.mkdir()
            try:
                restore(damaged, target / "bot.db", target / "bot.key")
            except SignalbotError:
                assert list(target.iterdir()) == []
            else:  # a byte that says nothing, such as the time of a member
                assert _hash(target / "bot.db") == _member_hash(saved, "signalbot.db")
                assert _hash(target / "bot.key") == _member_hash(saved, "ledger.key")


def _home(folder: Path) -> Home:
    database, key_file = folder / "signalbot.db", folder / "ledger.key"
    migrate(database)
    signer = create_key(key_file)
    genesis = Draft(type=EntryType.GENESIS, ts=0, body={"public_key": signer.public_key})
    with open_database(database) as engine:
        ledger = SqlLedger(engine, signer)
        ledger.append([genesis, _alert("a"), _alert("b")])
    return Home(database=database, key_file=key_file, signer=signer, head=ledger.head)


def _alert(alert_id: str) -> Draft:
    return Draft(type=EntryType.ALERT, ts=1, body={"id": alert_id})


def _lines(database: Path, signer: Signer) -> list[str]:
    with open_database(database) as engine:
        return [entry.line() for entry in SqlLedger(engine, signer).entries()]


def _changed(
    saved: Path,
    folder: Path,
    change: Callable[[dict[str, bytes]], object],
    compression: int = zipfile.ZIP_DEFLATED,
) -> Path:
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    path = folder / "changed.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _cut_head(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["head"]["seq"] -= 1
    members["manifest.json"] = json.dumps(manifest).encode()


def _refuses(source: Path, folder: Path, error: type[SignalbotError], message: str) -> None:
    before = set(folder.iterdir())

    with pytest.raises(error, match=message):
        restore(source, folder / "bot.db", folder / "bot.key")

    assert set(folder.iterdir()) == before


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _member_hash(saved: Path, name: str) -> str:
    with zipfile.ZipFile(saved) as archive:
        return hashlib.sha256(archive.read(name)).hexdigest()
