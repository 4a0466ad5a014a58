"""The append-only record in SQLite, and the same record walked through once more."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import zip_longest

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from signalbot.errors import RecordError
from signalbot.record.bodies import key_body
from signalbot.record.chain import BEFORE_FIRST, seal
from signalbot.record.entries import Draft, Entry, EntryType, Head
from signalbot.record.signing import Signer
from signalbot.storage.database import reading, writing
from signalbot.storage.ledger_rows import entry_of, row_of, why_refused
from signalbot.storage.tables import LEDGER

Beside = Callable[[Connection, Sequence[Entry]], None]
_STREAMED_ROWS = 500
_NAMES_A_KEY = (EntryType.GENESIS.value, EntryType.KEY.value)


class SqlLedger:
    """`service.ports.Ledger` in a migrated database: what `append` returned is on disk.

    Parameters
    ----------
    engine : Engine
        Of `storage.database.open_database`.
    signer : Signer
        Signs what is appended; reading needs no particular one.
    beside : callable, optional
        Writes what follows from appended entries, in their own transaction: the outbox.
    """

    def __init__(self, engine: Engine, signer: Signer, beside: Beside | None = None) -> None:
        self.signer = signer
        self._engine = engine
        self._beside = beside
        with reading(engine) as connection:
            self._head = stored_head(connection)
            self._public_key = key_in_force(connection)

    @property
    def head(self) -> Head:
        """Number and hash of the newest entry; seq 0 while it is empty."""
        return self._head

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Seal `drafts` in this order and commit them in one transaction.

        Raises
        ------
        RecordError
            If somebody else has appended in between, another key is in force, or an alert, its
            publication or its outcome is recorded already. Nothing is written then.
        UnavailableError
            If the database does not answer. Nothing is written then.
        """
        self.check_signer()
        if any(draft.type is EntryType.KEY for draft in drafts):
            raise RecordError("another key comes into force by `rotate` only")
        entries = seal(drafts, self._head, self.signer)
        if entries:
            with self._writing_behind_head() as connection:
                _insert(connection, entries)
                if self._beside is not None:
                    self._beside(connection, entries)
            self._head = entries[-1].head
        return entries

    def rotate(self, draw: Callable[[], Signer], now: int) -> Entry:
        """Append the entry by which another key comes into force, and sign with that one from now.

        Parameters
        ----------
        draw : callable
            Makes the new key and puts it on disk. It is called while the database is locked for
            writing, so that whoever tidies up an interrupted rotation waits for this one.
        now : int
            Time of the entry, in ms UTC.

        Raises
        ------
        RecordError
            If the record is empty, or for the reasons of `append`. Nothing is written then.
        UnavailableError
            If the database does not answer.
        """
        self.check_signer()
        if self._public_key is None:
            raise RecordError("the record has no entry yet, so no key of it can be rotated")
        with self._writing_behind_head() as connection:
            successor = draw()
            body = key_body(successor.public_key, self.signer.public_key)
            draft = Draft(type=EntryType.KEY, ts=now, body=body)
            entries = seal([draft], self._head, self.signer)
            _insert(connection, entries)
        self._head = entries[-1].head
        self.signer, self._public_key = successor, successor.public_key
        return entries[-1]

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
            yield from map(entry_of, rows)

    def of_type(self, kind: EntryType) -> list[Entry]:
        """Return the entries of a type, oldest first."""
        chosen = select(LEDGER).where(LEDGER.c.type == kind.value).order_by(LEDGER.c.seq)
        with reading(self._engine) as connection:
            return [entry_of(row) for row in connection.execute(chosen)]

    def check_signer(self) -> None:
        """Raise RecordError if another key is in force than the signer's."""
        if self._public_key not in (None, self.signer.public_key):
            raise RecordError(
                f"the ledger is signed with the key {self._public_key}, "
                f"not with {self.signer.public_key}: use the key file that belongs to it"
            )

    @contextmanager
    def _writing_behind_head(self) -> Iterator[Connection]:
        with writing(self._engine) as connection:
            stored = stored_head(connection)
            if stored != self._head:
                raise RecordError(
                    f"the ledger ends with #{stored.seq}, not with #{self._head.seq}: "
                    "another program has appended to it"
                )
            yield connection


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


def stored_head(connection: Connection) -> Head:
    """Return number and hash of the newest stored entry; seq 0 where there is none."""
    newest = select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return Head(seq=row.seq, hash=row.hash) if row else BEFORE_FIRST


def key_in_force(connection: Connection) -> str | None:
    """Return the public key that signs the next entry, in hex; None before the first.

    It is what the newest `key` entry says, or the genesis; whether that one was right to say it
    is seen by `record.chain.check`.
    """
    newest = select(func.max(LEDGER.c.seq)).where(LEDGER.c.type.in_(_NAMES_A_KEY))
    row = connection.execute(select(LEDGER).where(LEDGER.c.seq == newest.scalar_subquery()))
    naming = row.one_or_none()
    return entry_of(naming).body.get("public_key") if naming else None


def _insert(connection: Connection, entries: Sequence[Entry]) -> None:
    rows = [row_of(entry) for entry in entries]
    try:
        connection.execute(insert(LEDGER), rows)
    except IntegrityError as error:
        # those before the refused one are in the transaction, which is rolled back
        refused = rows[stored_head(connection).seq + 1 - entries[0].seq]
        raise RecordError(why_refused(refused, error)) from error
