"""The one file of a backup: a zip of the database, the ledger's key and a manifest of both."""

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from signalbot.errors import InputError
from signalbot.record.entries import Head, canonical
from signalbot.storage.private_files import OWNER_ONLY, private_file

DATABASE = "signalbot.db"
KEY = "ledger.key"
MANIFEST = "manifest.json"

_MEMBERS = {DATABASE, KEY, MANIFEST}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_CHUNK_BYTES = 1 << 20
_MANIFEST_BYTES = 10_000
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes
    ----------
    created : str
        When, ISO 8601 UTC.
    head : Head
        Newest entry of the ledger in it.
    sha256 : mapping of str to str
        Hash of the database and of the key, in hex, by their names in the archive.
    """

    created: str
    head: Head
    sha256: Mapping[str, str]


def write_archive(file: BinaryIO, created: str, head: Head, contents: Mapping[str, Path]) -> None:
    """Write the files `contents` under their names in the archive, and the manifest of them."""
    manifest = {
        "created": created,
        "head": {"seq": head.seq, "hash": head.hash},
        "sha256": {name: _sha256(path) for name, path in contents.items()},
    }
    with zipfile.ZipFile(file, "w") as archive:
        with archive.open(_member(MANIFEST), "w") as target:
            target.write(canonical(manifest))
        for name, path in contents.items():
            with (
                path.open("rb") as source,
                archive.open(_member(name), "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target, _CHUNK_BYTES)


class Archive:
    """A backup that is being read; names in it are never used as paths.

    Parameters
    ----------
    path : Path
        Where it lies, for messages.
    file : ZipFile
        Opened by `opened_archive`.

    Attributes
    ----------
    manifest : Manifest
        What the backup says of itself.
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self._refuse_other_members()
        self.manifest = self._read_manifest()

    def extract(self, name: str, target: Path) -> None:
        """Write the member `name` to the new private file `target`, checked by the manifest.

        Raises
        ------
        InputError
            If the archive is damaged or the member is not what the manifest says.
        OSError
            If `target` cannot be written.
        """
        digest = hashlib.sha256()
        with private_file(target) as file:
            for chunk in self._chunks(name):
                digest.update(chunk)
                file.write(chunk)
            if digest.hexdigest() != self.manifest.sha256.get(name):
                raise self.refusal(f"a backup whose {name} has the hash its manifest states")

    def refusal(self, allowed: str) -> InputError:
        """Return the error that says what this archive should have been."""
        return InputError("from", str(self._path), allowed)

    def _refuse_other_members(self) -> None:
        found = self._file.infolist()
        names = [member.filename for member in found]
        if sorted(names) != sorted(_MEMBERS):
            raise self.refusal(f"a backup with {', '.join(sorted(_MEMBERS))} and nothing else")
        if not {member.compress_type for member in found} <= _METHODS:
            raise self.refusal("a backup that is stored or deflated")

    def _read_manifest(self) -> Manifest:
        text = next(self._chunks(MANIFEST), b"")
        try:
            if len(text) > _MANIFEST_BYTES:
                raise ValueError(len(text))
            told = json.loads(text)
            head = Head(seq=int(told["head"]["seq"]), hash=str(told["head"]["hash"]))
            return Manifest(created=str(told["created"]), head=head, sha256=dict(told["sha256"]))
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            raise self.refusal(f"a backup with a {MANIFEST} that can be read") from None

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._file.open(name) as source:
                while chunk := source.read(_CHUNK_BYTES):
                    yield chunk
        except _UNREADABLE:
            raise self.refusal("a backup that is not damaged") from None


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Open the backup at `path`.

    Raises
    ------
    InputError
        If it cannot be read, or is no backup.
    """
    try:
        file = zipfile.ZipFile(path)
    except _UNREADABLE:
        raise InputError("from", str(path), "a backup made by `signalbot backup`") from None
    with file:
        yield Archive(path, file)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = OWNER_ONLY << 16
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
