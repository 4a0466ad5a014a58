"""Write the statistics of a record as pictures."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from signalbot.app.drawing import DRAWING
from signalbot.app.records import Statistics
from signalbot.errors import InputError

PICTURES = ("net_r.png", "win_rate.png", "hours.png", "distribution.png")
"""Names of the files."""
_BEGINNING = 64  # bytes of a PNG in which it names its maker


def write_pictures(shown: Statistics, folder: Path) -> tuple[Path, ...]:
    """Write every picture into a folder, made if it is missing; return the files.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds something else under the name of a picture:
        only a picture that was drawn here is replaced.
    """
    targets = tuple(folder / name for name in PICTURES)
    try:
        for target in targets:
            _refuse_other_files(target)
        folder.mkdir(exist_ok=True)
        pictures = drawn(shown)
        with TemporaryDirectory(prefix=".signalbot-", dir=folder) as unfinished:
            for target in targets:
                (Path(unfinished) / target.name).write_bytes(pictures[target.name])
            for target in targets:
                (Path(unfinished) / target.name).replace(target)
    except OSError as error:
        allowed = f"a folder that can be written ({error.strerror})"
        raise InputError("pictures", str(folder), allowed) from None
    return targets


def drawn(shown: Statistics) -> Mapping[str, bytes]:
    """Return the pictures of a record as PNG, by file name."""
    with DRAWING:
        return _drawn(shown)


def _drawn(shown: Statistics) -> Mapping[str, bytes]:
    # matplotlib takes half a second to load, and refuses to if the machine names it a wrong backend
    os.environ["MPLBACKEND"] = "agg"
    from signalbot.rendering.pictures.caption import Caption
    from signalbot.rendering.pictures.distribution import distribution
    from signalbot.rendering.pictures.hours import hours
    from signalbot.rendering.pictures.running_result import running_result
    from signalbot.rendering.pictures.sheet import png
    from signalbot.rendering.pictures.win_rate import win_rate

    decided = shown.sample.decided
    caption = Caption.of(shown.sample, shown.source, shown.head)
    figures = (
        running_result(decided.published_at, decided.net_r, decided.gross_r, caption),
        win_rate(decided, caption),
        hours(decided, caption),
        distribution(decided, caption),
    )
    return {name: png(figure) for name, figure in zip(PICTURES, figures, strict=True)}


def _refuse_other_files(target: Path) -> None:
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_file() or target.is_symlink() or not _is_ours(target):
        raise InputError("pictures", str(target), "a new file, or an earlier picture of this name")


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    return beginning.startswith(b"\x89PNG") and b"tEXtSoftware\0signalbot" in beginning
