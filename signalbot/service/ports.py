"""What the use cases need of the outside world.

Fakes of these stand in tests/fakes; the real ones in market/, storage/ and telegram/.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from signalbot.domain.alert import Alert
from signalbot.domain.book import Book
from signalbot.domain.candles import Candle, Candles
from signalbot.domain.flow import Flow
from signalbot.domain.funding import FundingPayment
from signalbot.domain.journal import JournalEntry
from signalbot.domain.panel import Panel
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.domain.subscriber import Subscriber
from signalbot.outcomes.position import Market
from signalbot.record.entries import Draft, Entry, Head


class Ledger(Protocol):
    """The append-only record. One writer; what `append` returned is on disk."""

    @property
    def head(self) -> Head:
        """Number and hash of the newest entry; seq 0 while it is empty."""
        ...

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Seal `drafts` in this order and commit them in one transaction.

        Raises
        ------
        RecordError
            If somebody else has appended in between, or an alert, its publication or its outcome
            is recorded already. Nothing is written then.
        """
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMatch:
    """A match that became no alert: which, when, and the name of the reason that came first."""

    alert_id: str
    refused_at: int
    setup: str
    symbol: str
    side: Side
    code: RefusalCode
    message: str


class Refusals(Protocol):
    """Every refused match, so that a day without an alert can be explained."""

    def add(self, refused: Sequence[RefusedMatch]) -> None:
        """Store them; one that is stored already (same alert id) is left as it is."""
        ...

    def counts(self, day: str) -> Mapping[str, int]:
        """Return how many matches were refused on a UTC day (`2025-05-04`), by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text for readers, in Telegram's HTML.

    Attributes
    ----------
    reply_to : str or None
        Id of the message that it answers.
    publishes : int or None
        Number of the alert that it is the message of.
    """

    html: str
    reply_to: str | None = None
    publishes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the messenger says of a message it accepted."""

    message_id: str
    sent_at: int
    recipients: int


class Messenger(Protocol):
    """Delivers messages to readers."""

    def send(self, message: Message, now: int) -> Receipt:
        """Send one message, or ask again for one that is on its way.

        Raises
        ------
        UnavailableError
            If it is not accepted, yet or at all.
        """
        ...

    def receipt(self, publishes: int) -> Receipt | None:
        """Return who accepted an alert before it was too late; None if nobody did, nor will.

        Raises
        ------
        UnavailableError
            While it is not known.
        """
        ...


class History(Protocol):
    """Closed candles of the venue that is watched, up to a given instant and never beyond it."""

    def market(self, pair: int, since: int, until: int) -> Market:
        """Return the candles of a pair that open at or after `since` and close by `until`."""
        ...

    def window(self, pair: int, until: int, rows: int) -> Candles:
        """Return the candles of a pair in the newest `rows` steps that close by `until`."""
        ...

    def funding(self, pair: int, since: int, until: int) -> Sequence[FundingPayment]:
        """Return the funding payments of a pair that fell due in (since, until]."""
        ...


class Feed(Protocol):
    """The newest closed candles of the venue that is watched, and the books of today."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every pair, in the order of its columns; a pair never leaves its column."""
        ...

    def panel(self, until: int, rows: int, symbols: Sequence[str] | None = None) -> Panel:
        """Return the newest `rows` steps of pairs, of every one if none are named.

        The last one closes at `until`.
        """
        ...

    def btc(self, until: int, rows: int) -> Candles:
        """Return BTC's candles in the newest `rows` steps that close by `until`."""
        ...

    def book(self, symbol: str, until: int) -> Book | None:
        """Return a pair's book that was looked at then; None where none was."""
        ...

    def flow(self, symbol: str, until: int) -> Flow | None:
        """Return what takers traded in a pair around then; None where nobody looked."""
        ...


class CandleArchive(Protocol):
    """Candle files against which a record is verified, of whatever venues there are."""

    def candles(self, alert: Alert, since: int, until: int | None) -> Sequence[Candle] | None:
        """Return the candles of an alert's pair and timeframe that open at or after `since`.

        They close by `until`, if it is given. None where no file covers `since`.
        """
        ...


class Journal(Protocol):
    """What readers say of the alerts. Private, apart from the ledger, and deletable."""

    def put(self, entry: JournalEntry) -> None:
        """Store an entry in place of what the reader said of this alert before."""
        ...

    def find(self, reader: int, alert_seq: int) -> JournalEntry | None:
        """Return what a reader says of an alert; None if nothing."""
        ...

    def entries(self, reader: int) -> Sequence[JournalEntry]:
        """Return everything a reader says, by number of the alert."""
        ...

    def remove(self, reader: int, alert_seq: int) -> bool:
        """Delete one entry; return whether there was one."""
        ...

    def forget(self, reader: int) -> int:
        """Delete every entry of a reader for good; return how many there were.

        Raises
        ------
        UnavailableError
            If the entries, or traces of them in the file, could not be deleted yet: ask again.
        """
        ...


class People(Protocol):
    """The readers of the bot. Private, apart from the ledger, and deletable."""

    def get(self, reader: int) -> Subscriber | None:
        """Return what is known of a reader; None if nothing."""
        ...

    def find(self, readers: Collection[int]) -> Mapping[int, Subscriber]:
        """Return what is known of these readers, by their ids; unknown ones are left out."""
        ...

    def put(self, subscriber: Subscriber) -> None:
        """Store a reader in place of what was known."""
        ...

    def change(self, reader: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber | None:
        """Store what `change` makes of a reader, and return it; None if the reader is not known.

        Nobody else changes the reader in between. If `change` raises, nothing is stored.
        """
        ...

    def wanting(self, alert: Alert, now: int) -> Iterator[Subscriber]:
        """Yield the readers that want an alert `now`, by reader, a few in memory at once.

        The store may be read and changed meanwhile. Who comes or changes behind the place that
        is reached is not looked at again.
        """
        ...

    def count_alert(self, readers: Collection[int]) -> None:
        """Add one to the alerts that each of these has received; unknown ones are passed over."""
        ...

    def forget(self, reader: int) -> int:
        """Delete everything of a reader for good; return how many rows it were.

        Raises
        ------
        UnavailableError
            If it, or traces of it in the file, could not be deleted yet: ask again.
        """
        ...
