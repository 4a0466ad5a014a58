"""The key file of the ledger: 64 hex digits, the private seed, and a line feed."""

import os
import re
import secrets
import stat
from pathlib import Path

from signalbot.errors import InputError
from signalbot.record.signing import Signer
from signalbot.storage.private_files import private_file

FIELD = "SIGNALBOT_LEDGER_KEY_FILE"

_SEED = re.compile(rb"[0-9a-f]{64}\n?")
_SEED_BYTES = 32
_MOST_BYTES = 100
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def create_key(path: Path) -> Signer:
    """Draw a new key and write it to `path` with mode 600.

    Raises
    ------
    InputError
        If there is a file already, or none can be written there.
    """
    seed = secrets.token_bytes(_SEED_BYTES)
    try:
        with private_file(path) as file:
            file.write(seed.hex().encode() + b"\n")
    except OSError as error:
        allowed = f"a path where a new file can be written ({error.strerror})"
        raise InputError(FIELD, str(path), allowed) from None
    return Signer.from_seed(seed)


def load_key(path: Path) -> Signer:
    """Return the signer whose key file is `path`.

    Raises
    ------
    InputError
        If it cannot be read, is no key file, or others can read it; never showing what is in it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MOST_BYTES)
    except OSError as error:
        allowed = f"a key file that can be read ({error.strerror})"
        raise InputError(FIELD, str(path), allowed) from None
    if mode & _OTHERS:
        allowed = f"a file only its owner can read: chmod 600 (it has {stat.S_IMODE(mode):o})"
        raise InputError(FIELD, str(path), allowed)
    if not _SEED.fullmatch(content):
        raise InputError(FIELD, str(path), "a key file: 64 hex digits and a line feed")
    return Signer.from_seed(bytes.fromhex(content.decode()))
