"""The public record of a database, as the chat asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from signalbot.app.drawing import draw_alert
from signalbot.app.newest import Newest
from signalbot.app.pictures import drawn
from signalbot.app.records import statistics_of
from signalbot.domain.alert import SetupState
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import day
from signalbot.errors import InputError
from signalbot.record.entries import Entry, EntryType, Head
from signalbot.record.public_record import public_record
from signalbot.record.signing import Signer
from signalbot.rendering.export_text import as_csv, as_json_lines
from signalbot.service.chat_ports import Told
from signalbot.service.ports import History
from signalbot.storage.alerts import SqlAlerts
from signalbot.storage.database import reading
from signalbot.storage.ledger import SqlLedger, key_in_force, stored_head

LARGEST_FILE = 45_000_000
"""Bytes of a file that Telegram surely takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """`service.chat_ports.Record` of a database; what is dear is made once for a head.

    Attributes
    ----------
    signer : Signer
        Any; nothing is appended.
    pair_of : callable
        Gives the column of a symbol in the history; None if it is not watched.
    """

    engine: Engine
    signer: Signer
    history: History
    pair_of: Callable[[str], int | None]
    _told: Newest[Told] = field(default_factory=Newest, init=False, repr=False)
    _drawn: Newest[Mapping[str, bytes]] = field(default_factory=Newest, init=False, repr=False)
    _exported: Newest[Mapping[str, bytes]] = field(default_factory=Newest, init=False, repr=False)

    def statistics(self) -> Told:
        """Return its statistics."""
        return self._told.at(self.head(), self._tell)

    def pictures(self) -> Mapping[str, bytes]:
        """Return pictures of its statistics, PNG by file name."""
        return self._drawn.at(self.head(), lambda: drawn(statistics_of(self.engine)))

    def export(self) -> Mapping[str, bytes]:
        """Return the whole of it as files, by their names."""
        return self._exported.at(self.head(), self._export)

    def entry(self, seq: int) -> Entry | None:
        """Return one entry; None if there is none of that number."""
        return next(iter(self._ledger().entries(seq, seq)), None)

    def head(self) -> Head:
        """Return number and hash of the newest entry."""
        with reading(self.engine) as connection:
            return stored_head(connection)

    def public_key(self) -> str:
        """Return the key that signs it, in hex."""
        with reading(self.engine) as connection:
            return key_in_force(connection) or self.signer.public_key

    def states(self) -> Mapping[tuple[str, str], SetupState]:
        """Return the state of each setup version that left `unproven` once."""
        changes = self._ledger().of_type(EntryType.RULES)
        told = [entry.body["setup_state"] for entry in changes if "setup_state" in entry.body]
        return {(each["setup"], each["version"]): SetupState(each["state"]) for each in told}

    def picture(self, seq: int) -> bytes | None:
        """Return the chart of an alert; None where its candles are not known any more."""
        found, entry = SqlAlerts(self.engine).find(seq), self.entry(seq)
        pair = None if found is None else self.pair_of(found.plan.symbol)
        if found is None or entry is None or pair is None:
            return None
        candles = self.history.window(pair, found.alert.candle_close, SHOWN)
        try:
            return draw_alert(Snapshot.of(seq, entry.hash, found.alert, candles))
        except InputError:  # the candles that fired are gone
            return None

    def _tell(self) -> Told:
        found = statistics_of(self.engine)
        first = found.first_alert_at
        return Told(
            performance=found.performance,
            head=found.head,
            since=None if first is None else day(first),
            source=found.source,
            refusals=found.refusals,
        )

    def _export(self) -> Mapping[str, bytes]:
        entries = list(self._ledger().entries())
        alerts, last = public_record(entries), len(entries)
        files = {
            f"signalbot-{last}.csv": as_csv(alerts).encode(),
            f"signalbot-{last}.jsonl": as_json_lines(alerts).encode(),
        }
        ledger = "".join(f"{entry.line()}\n" for entry in entries).encode()
        if len(ledger) <= LARGEST_FILE:
            files[f"ledger-{last}.jsonl"] = ledger
        return files

    def _ledger(self) -> SqlLedger:
        return SqlLedger(self.engine, self.signer)
