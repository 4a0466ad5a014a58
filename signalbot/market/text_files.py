"""Read a text file, packed or not."""

import gzip
import zlib
from pathlib import Path

from signalbot.errors import InputError

LARGEST_BYTES = 500_000_000
"""A year of 1-minute candles of one pair has some 40 million bytes."""


def read_text(path: Path) -> str:
    """Return the text of a file, gunzipped if its name ends in .gz.

    Raises
    ------
    InputError
        If it cannot be read, is no gzip although it says so, or is no UTF-8.
    """
    if not path.is_file():
        raise InputError("file", str(path), "a file that exists")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise InputError("file", str(path), f"at most {LARGEST_BYTES:,} bytes unpacked")
        return raw.decode()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("file", str(path), f"a readable file ({error})") from error
    except UnicodeDecodeError as error:
        raise InputError("file", str(path), f"UTF-8 text ({error.reason})") from error
