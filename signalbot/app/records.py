"""Read a record: its statistics, and its export."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from sqlalchemy import Engine

from signalbot.errors import InputError
from signalbot.record.chain import check
from signalbot.record.entries import Entry, Head
from signalbot.record.signing import demonstration_signer
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.storage.database import open_database, reading
from signalbot.storage.ledger import SqlLedger, stored_head
from signalbot.storage.outcome_file import read_outcomes
from signalbot.storage.settled import (
    settled_sample,
    stored_baselines,
    stored_corrections,
    stored_kind,
    stored_refusals,
)

EXPORT_BEGINS = b'{"body":'
SOURCE_WORDS = {"replay": "replay of past candles", "simulation": "simulated market"}
"""What is said of a record, by the `kind` of its genesis."""
SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Statistics of a record, what they were taken from, and what it is.

    Attributes
    ----------
    performance, sample
        The figures, and the alerts they are of.
    source : str
        What kind of record it is, in words.
    head, first_alert_at, refusals
        Of the record; None or empty where there is none.
    """

    performance: Performance
    sample: Sample
    source: str
    head: Head | None
    first_alert_at: int | None
    refusals: Mapping[str, int]


def statistics_of_database(path: Path) -> Statistics:
    """Return the statistics of the record in a database.

    They come from what the database keeps beside the ledger, in step with it. The chain is not
    checked: that is what `export_ledger` and the verification are for.
    """
    with open_database(path) as engine:
        return statistics_of(engine)


def statistics_of(engine: Engine) -> Statistics:
    """Return the statistics of the record in a database that is open."""
    with reading(engine) as connection:
        head = stored_head(connection)
        sample = settled_sample(connection)
        refusals, baselines = stored_refusals(connection), stored_baselines(connection)
        corrections, kind = stored_corrections(connection), stored_kind(connection)
    return Statistics(
        performance=performance(sample, head.seed, baselines, corrections),
        sample=sample,
        source=SOURCE_WORDS.get(kind, kind),
        head=head,
        first_alert_at=_first(sample),
        refusals=refusals,
    )


def statistics_of_file(path: Path) -> Statistics:
    """Return the statistics of a CSV of settled alerts."""
    sample = Sample.of(read_outcomes(path))
    seed = int(hashlib.sha256(path.read_bytes()).hexdigest()[:16], 16)
    return Statistics(
        performance=performance(sample, seed),
        sample=sample,
        source="a file of outcomes",
        head=None,
        first_alert_at=_first(sample),
        refusals={},
    )


def _first(sample: Sample) -> int | None:
    return int(sample.published_at[0]) if len(sample) else None


def export_ledger(database: Path, out: Path) -> Head:
    """Write the record as JSONL, beside the target first; nothing is left of a failed export.

    Raises
    ------
    InputError
        If there is no database, or the target cannot be written, or is something else than an
        earlier export: a key or a database must not be lost to a slip of the hand.
    RecordError
        If chain or signatures do not hold.
    """
    _refuse_other_files(out)
    with open_database(database) as engine, _finished_only(out) as file:
        ledger = SqlLedger(engine, demonstration_signer())
        return check(_written(ledger.entries(), file))


def _written(entries: Iterator[Entry], file: TextIO) -> Iterator[Entry]:
    for entry in entries:
        file.write(entry.line() + "\n")
        yield entry


def _refuse_other_files(out: Path) -> None:
    if out.name.endswith(SIDE_FILES):
        raise InputError("out", str(out), "no name of a database's own side files")
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_file() or out.is_symlink() or not _is_export(out):
        raise InputError("out", str(out), "a new file, or an earlier export")


def _is_export(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(EXPORT_BEGINS)) in (EXPORT_BEGINS, b"")


@contextmanager
def _finished_only(path: Path) -> Iterator[TextIO]:
    try:
        with TemporaryDirectory(prefix=".signalbot-", dir=path.parent) as folder:
            unfinished = Path(folder) / "export"
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            unfinished.replace(path)
    except OSError as error:
        allowed = f"a file that can be written ({error.strerror})"
        raise InputError("out", str(path), allowed) from None
