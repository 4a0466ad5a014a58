"""Verify an exported ledger."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from signalbot.errors import InputError
from signalbot.market.archive import RecordedArchive
from signalbot.record.verified import Verified
from signalbot.service.verify import Held, verify

MOST_LINE_BYTES = 1 << 24
"""A longer line is no entry, and is not read as a whole."""
_KEY = re.compile(r"[0-9a-f]{64}")
_HEAD = re.compile(r"#?([1-9][0-9]{0,14})[: ]([0-9a-f]{8,64})")


def verify_file(
    path: Path, candles: Path | None, key: str | None, heads: Sequence[str]
) -> Verified:
    """Verify the ledger at `path` against what a reader holds.

    Raises
    ------
    InputError
        If a file or an option cannot be used.
    ChainError
        Naming the first entry that differs, and why.
    """
    held = Held(key=_key(key), heads=dict(map(_head, heads)))
    archive = None if candles is None else RecordedArchive(candles)
    if not path.is_file():
        raise InputError("file", str(path), "a file that `signalbot ledger export` wrote")
    return verify(_lines(path), held, archive)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(MOST_LINE_BYTES):
            yield line


def _key(text: str | None) -> str | None:
    if text is not None and not _KEY.fullmatch(text):
        raise InputError("key", text, "a public key: 64 hex digits in lower case")
    return text


def _head(text: str) -> tuple[int, str]:
    match = _HEAD.fullmatch(text)
    if match is None:
        allowed = "SEQ:HASH, the number and 8 to 64 hex digits as under a message: 125:825829dc"
        raise InputError("head", text, allowed)
    return int(match[1]), match[2]
