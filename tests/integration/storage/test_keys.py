import os
import stat
from pathlib import Path

import pytest

from signalbot.errors import InputError
from signalbot.record.signing import is_signed
from signalbot.storage.keys import create_key, load_key

SEED = "5eed" * 16


def _key_file(folder: Path, content: str, mode: int = 0o600) -> Path:
    path = folder / "ledger.key"
    path.write_text(content)
    path.chmod(mode)
    return path


def test_a_new_key_is_loaded_as_the_same_signer(tmp_path: Path) -> None:
    created = create_key(tmp_path / "ledger.key")

    loaded = load_key(tmp_path / "ledger.key")

    assert loaded.public_key == created.public_key
    assert is_signed("00" * 32, loaded.sign("00" * 32), created.public_key)


def test_two_new_keys_differ(tmp_path: Path) -> None:
    first, second = create_key(tmp_path / "first.key"), create_key(tmp_path / "second.key")

    assert first.public_key != second.public_key


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_a_new_key(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        create_key(tmp_path / "ledger.key")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "ledger.key").stat().st_mode) == 0o600


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = _key_file(tmp_path, SEED)

    with pytest.raises(InputError, match=r"SIGNALBOT_LEDGER_KEY_FILE .* new file"):
        create_key(path)

    assert path.read_text() == SEED


def test_a_link_is_not_followed_to_create_a_key(tmp_path: Path) -> None:
    link = tmp_path / "ledger.key"
    link.symlink_to(tmp_path / "elsewhere.key")

    with pytest.raises(InputError):
        create_key(link)

    assert not (tmp_path / "elsewhere.key").exists()


def test_a_missing_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="SIGNALBOT_LEDGER_KEY_FILE"):
        create_key(tmp_path / "missing" / "ledger.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = _key_file(tmp_path, SEED, mode)

    with pytest.raises(InputError, match=f"chmod 600 .it has {mode:o}.") as caught:
        load_key(path)

    assert "5eed" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    ["", "\n", SEED[:-1], SEED + "0", SEED + "\n\n", SEED + " ", SEED.upper(), "é" * 32, SEED * 9],
)
def test_a_file_that_is_no_key_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    path = _key_file(tmp_path, content)

    with pytest.raises(InputError, match=r"SIGNALBOT_LEDGER_KEY_FILE .* 64 hex digits") as caught:
        load_key(path)

    assert "5eed" not in str(caught.value).lower()


@pytest.mark.parametrize("name", ["missing.key", ""])
def test_a_path_that_cannot_be_read_is_bad_input(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="SIGNALBOT_LEDGER_KEY_FILE"):
        load_key(tmp_path / name)
