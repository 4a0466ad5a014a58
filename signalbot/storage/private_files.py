"""Files that only their owner reads, and that never replace another one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OWNER_ONLY = 0o600


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Create a file that nobody else may read, from its first byte on.

    On leaving it is on disk; on an error it is gone.

    Raises
    ------
    FileExistsError
        If there is one already.
    OSError
        If it cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        sync_folder(path)
    except BaseException:
        path.unlink()
        raise


def place(finished: Path, target: Path) -> None:
    """Move a finished file to `target`, on the same disk, in one step.

    Raises
    ------
    FileExistsError
        If there is one already.
    OSError
        If it cannot be moved.
    """
    with private_file(target):  # claims the name: a rename alone would replace a file
        finished.replace(target)


def sync_folder(path: Path) -> None:
    """Put the names of the files beside `path` on disk."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
