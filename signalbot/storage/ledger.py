"""The append-only record in SQLite, and the same record walked through once more."""

import json
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, Row, insert, select
from sqlalchemy.exc import IntegrityError

from signalbot.errors import RecordError
from signalbot.record.chain import BEFORE_FIRST, ChainError, seal
from signalbot.record.entries import Draft, Entry, EntryType, Head, canonical
from signalbot.record.signing import Signer
from signalbot.storage.database import reading, writing
from signalbot.storage.tables import LEDGER

_STREAMED_ROWS = 500
_ONCE = {
    "alert_id": "alert {}",
    "published_of": "the publication of alert #{}",
    "outcome_of": "the outcome of alert #{}",
}
"""What the ledger says at most once, by the column that sees to it."""


class SqlLedger:
    """`service.ports.Ledger` in a migrated database: what `append` returned is on disk.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    signer : Signer
        Signs what is appended; reading needs no particular one.
    """

    def __init__(self, engine: Engine, signer: Signer) -> None:
        self.signer = signer
        self._engine = engine
        with reading(engine) as connection:
            self._head = _stored_head(connection)
        with closing(self.entries(last=1)) as entries:
            genesis = next(entries, None)
        self._public_key = genesis.body.get("public_key") if genesis else None

    @property
    def head(self) -> Head:
        """Number and hash of the newest entry; seq 0 while it is empty."""
        return self._head

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Seal `drafts` in this order and commit them in one transaction.

        Raises
        ------
        RecordError
            If somebody else has appended in between, the ledger was begun with another key, or an
            alert, its publication or its outcome is recorded already. Nothing is written then.
        UnavailableError
            If the database does not answer. Nothing is written then.
        """
        self.check_signer()
        entries = seal(drafts, self._head, self.signer)
        with writing(self._engine) as connection:
            stored = _stored_head(connection)
            if stored != self._head:
                raise RecordError(
                    f"the ledger ends with #{stored.seq}, not with #{self._head.seq}: "
                    "another program has appended to it"
                )
            for entry in entries:
                _insert(connection, entry)
        if entries:
            self._head = entries[-1].head
        return entries

    def entries(self, first: int = 1, last: int | None = None) -> Generator[Entry, None, None]:
        """Yield the entries numbered `first` to `last`, both included, oldest first.

        They are streamed from one state of the database: what is appended meanwhile is not
        among them.

        Raises
        ------
        ChainError
            If a stored entry cannot be read.
        """
        chosen = select(LEDGER).where(LEDGER.c.seq >= first).order_by(LEDGER.c.seq)
        if last is not None:
            chosen = chosen.where(LEDGER.c.seq <= last)
        with reading(self._engine) as connection:
            rows = connection.execution_options(yield_per=_STREAMED_ROWS).execute(chosen)
            yield from map(_entry, rows)

    def check_signer(self) -> None:
        """Raise RecordError if the ledger was begun with another key than the signer's."""
        if self._public_key not in (None, self.signer.public_key):
            raise RecordError(
                f"the ledger was begun with the key {self._public_key}, "
                f"not with {self.signer.public_key}: use the key file that belongs to it"
            )


class RepeatedLedger:
    """`service.ports.Ledger` for a replay that runs again over a file.

    It starts at the first place. A draft whose place is stored already must become exactly the
    stored entry, and nothing is written; beyond the stored ones it appends to `base`.

    Attributes
    ----------
    confirmed, added : int
        How many entries were stored already, and how many were appended.
    """

    def __init__(self, base: SqlLedger) -> None:
        self.confirmed = 0
        self.added = 0
        self._base = base
        self._stored = base.head.seq
        self._head = BEFORE_FIRST

    @property
    def head(self) -> Head:
        """Number and hash of the newest entry reached."""
        return self._head

    @property
    def left(self) -> int:
        """How many stored entries were not reached."""
        return self._stored - self.confirmed

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Compare `drafts` with the stored entries, and append those that lie beyond.

        Raises
        ------
        RecordError
            If a stored entry differs, or for the reasons of `SqlLedger.append`. Nothing is
            written then.
        """
        repeated = seal(drafts[: self.left], self._head, self._base.signer)
        self._compare(repeated)
        beyond = drafts[len(repeated) :]
        appended = self._base.append(beyond) if beyond else ()
        self.confirmed += len(repeated)
        self.added += len(appended)
        entries = repeated + appended
        if entries:
            self._head = entries[-1].head
        return entries

    def entries(self) -> Generator[Entry, None, None]:
        """Yield the entries reached, oldest first."""
        return self._base.entries(last=self._head.seq)

    def _compare(self, repeated: Sequence[Entry]) -> None:
        if not repeated:
            return
        first = self._head.seq + 1
        with closing(self._base.entries(first, self._head.seq + len(repeated))) as stored:
            for entry, known in zip_longest(repeated, stored):
                if known is None or entry.line() != known.line():
                    raise RecordError(
                        f"ledger entry #{entry.seq} differs from the stored one: the file holds "
                        "another replay; use a fresh file"
                    )


def _stored_head(connection: Connection) -> Head:
    newest = select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return Head(seq=row.seq, hash=row.hash) if row else BEFORE_FIRST


def _insert(connection: Connection, entry: Entry) -> None:
    row = _row(entry)
    try:
        connection.execute(insert(LEDGER), row)
    except IntegrityError as error:
        raise RecordError(_why_refused(row, error)) from error


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "v": entry.v,
        "type": entry.type.value,
        "ts": entry.ts,
        "prev": entry.prev,
        "body": canonical(entry.body).decode(),
        "hash": entry.hash,
        "sig": entry.sig,
        "alert_id": entry.body["id"] if entry.type is EntryType.ALERT else None,
        "published_of": entry.body["alert_seq"] if entry.type is EntryType.PUBLISHED else None,
        "outcome_of": entry.body["alert_seq"] if entry.type is EntryType.OUTCOME else None,
    }


def _why_refused(row: dict[str, Any], error: IntegrityError) -> str:
    if "FOREIGN KEY" in str(error.orig):
        return f"ledger entry #{row['seq']} is about an alert that is not recorded"
    said = next(what.format(row[name]) for name, what in _ONCE.items() if row[name] is not None)
    return f"{said} is recorded already"


def _entry(row: Row[Any]) -> Entry:
    try:
        body = json.loads(row.body, parse_float=_no_float, parse_constant=_no_float)
        kind = EntryType(row.type)
    except (TypeError, ValueError, RecursionError) as error:
        raise ChainError(row.seq, f"cannot be read: {error}") from error
    texts = (row.ts, row.prev, row.hash, row.sig)
    if not isinstance(body, dict) or not all(isinstance(text, str) for text in texts):
        raise ChainError(row.seq, "cannot be read: something in it is of another kind")
    return Entry(
        v=row.v,
        seq=row.seq,
        type=kind,
        ts=row.ts,
        prev=row.prev,
        body=body,
        hash=row.hash,
        sig=row.sig,
    )


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a float in its body: {text}")
