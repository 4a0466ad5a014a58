"""Write the statistics of a record as pictures."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from signalbot.domain.candles import Floats
from signalbot.domain.outcome import Settled
from signalbot.errors import InputError
from signalbot.record.chain import check
from signalbot.record.entries import Entry, Head
from signalbot.record.fold import Fold
from signalbot.record.signing import demonstration_signer
from signalbot.stats.sample import Sample
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outcome_file import read_outcomes

PICTURES = ("net_r.png", "win_rate.png", "hours.png", "distribution.png")
"""Names of the files."""
SOURCE_WORDS = {"replay": "replay of past candles", "simulation": "simulated market"}
"""What a picture says of a record, by the `kind` of its genesis."""

_BEGINNING = 64  # bytes of a PNG in which it names its maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawable:
    """What pictures are drawn from.

    Attributes
    ----------
    gross_r : array
        R before costs of each decided alert, in the order of the sample; NaN where not known.
    source : str
        What kind of record it is.
    """

    sample: Sample
    gross_r: Floats
    source: str
    head: Head | None = None


def drawable_database(path: Path) -> Drawable:
    """Return what the pictures of the record in a database need, after checking its chain."""
    state = Fold()
    with open_database(path) as engine:
        ledger = SqlLedger(engine, demonstration_signer())
        head = check(_folded(ledger.entries(), state))
        genesis = next(ledger.entries(last=1), None)
    kind = str(genesis.body.get("kind", "")) if genesis else ""
    return _drawable(state.settled.values(), SOURCE_WORDS.get(kind, kind), head)


def drawable_file(path: Path) -> Drawable:
    """Return what the pictures of a CSV of settled alerts need."""
    return _drawable(read_outcomes(path), "a file of outcomes", None)


def write_pictures(shown: Drawable, folder: Path) -> tuple[Path, ...]:
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
        drawn = _drawn(shown)
        with TemporaryDirectory(prefix=".signalbot-", dir=folder) as unfinished:
            for target in targets:
                (Path(unfinished) / target.name).write_bytes(drawn[target.name])
            for target in targets:
                (Path(unfinished) / target.name).replace(target)
    except OSError as error:
        allowed = f"a folder that can be written ({error.strerror})"
        raise InputError("pictures", str(folder), allowed) from None
    return targets


def _drawable(settled: Iterable[Settled], source: str, head: Head | None) -> Drawable:
    ordered = sorted(settled, key=lambda alert: (alert.published_at, alert.alert_id))
    gross_r = [alert.gross_r for alert in ordered if alert.is_decided]
    return Drawable(
        sample=Sample.of(ordered),
        gross_r=np.array(gross_r, dtype=np.float64),  # None: NaN
        source=source,
        head=head,
    )


def _folded(entries: Iterator[Entry], state: Fold) -> Iterator[Entry]:
    # looked at before it is folded in: the check of an entry comes when the next one is asked for
    for entry in entries:
        yield entry
        state.apply(entry)


def _drawn(shown: Drawable) -> Mapping[str, bytes]:
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
        running_result(decided.published_at, decided.net_r, shown.gross_r, caption),
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
