"""What the chat needs of the outside world beside readers and their journal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from signalbot.analysis.btc_context import BtcState
from signalbot.domain.alert import SetupState
from signalbot.domain.btc_market import BtcMarket
from signalbot.domain.instrument import Instrument
from signalbot.domain.recorded import RecordedAlert
from signalbot.record.entries import Entry, Head
from signalbot.rendering.venue_texts import VenueRow
from signalbot.risk.tiers import Tier
from signalbot.stats.performance import Performance


class Alerts(Protocol):
    """Single alerts of the record, with what became of them."""

    def find(self, seq: int) -> RecordedAlert | None:
        """Return the alert of that number; None if no alert has it."""
        ...

    def published(self, since: int, until: int) -> Iterable[RecordedAlert]:
        """Return the alerts published in [since, until), by number."""
        ...


class RecentAlerts(Alerts, Protocol):
    """The same, and the newest of them."""

    def open(self, most: int) -> Sequence[RecordedAlert]:
        """Return the newest published alerts without an outcome, oldest first."""
        ...

    def newest(self, most: int) -> Sequence[RecordedAlert]:
        """Return the newest published alerts, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The statistics of the record as a reader is told them.

    Attributes
    ----------
    since : str or None
        UTC day of the first alert.
    source : str
        What the record is of, in words.
    """

    performance: Performance
    head: Head | None
    since: str | None
    source: str
    refusals: Mapping[str, int]


class Record(Protocol):
    """The public record as a whole."""

    def statistics(self) -> Told:
        """Return its statistics."""
        ...

    def pictures(self) -> Mapping[str, bytes]:
        """Return pictures of its statistics, PNG by file name."""
        ...

    def export(self) -> Mapping[str, bytes]:
        """Return the whole of it as files, by their names."""
        ...

    def entry(self, seq: int) -> Entry | None:
        """Return one entry; None if there is none of that number."""
        ...

    def head(self) -> Head:
        """Return number and hash of the newest entry."""
        ...

    def public_key(self) -> str:
        """Return the key that signs it, in hex."""
        ...

    def states(self) -> Mapping[tuple[str, str], SetupState]:
        """Return the state of each setup version that left `unproven` once."""
        ...

    def picture(self, seq: int) -> bytes | None:
        """Return the chart of an alert, with its outcome if it has one; None where it is lost."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Btc:
    """What BTC is doing at a close; `state` and `market` are None while that is not known."""

    state: BtcState | None
    at: int
    market: BtcMarket | None = None


class MarketView(Protocol):
    """The market that is watched, as a reader asks about it."""

    @property
    def venue(self) -> str:
        """The venue whose candles decide."""
        ...

    def symbols(self) -> Collection[str]:
        """Return the unified names of the watched pairs."""
        ...

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the contracts of the venue, those of the watched pairs and others."""
        ...

    def tiers(self, symbol: str) -> Sequence[Tier]:
        """Return the maintenance tiers of a pair; nothing where they are not known."""
        ...

    def price(self, symbol: str) -> Decimal | None:
        """Return the last close of a pair."""
        ...

    def btc(self) -> Btc:
        """Return what BTC is doing."""
        ...

    def terms(self, symbol: str) -> Sequence[VenueRow]:
        """Return the terms of a pair on every venue that is known."""
        ...

    def known(self) -> Collection[str]:
        """Return the unified names of every pair that the venue lists, watched or not."""
        ...

    def why(self, symbol: str) -> str | None:
        """Return why a pair is watched or not, in plain text; None while nothing was chosen."""
        ...
