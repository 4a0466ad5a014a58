"""What the commands of readers work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signalbot.chat.ask import Ask
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Subscriber
from signalbot.service.chat_ports import MarketView, RecentAlerts, Record
from signalbot.service.delivery_ports import Outbox, Places
from signalbot.service.forget_reader import Deletable
from signalbot.service.keep_journal import JournalDesk
from signalbot.service.ports import Journal, People
from signalbot.service.subscribe import UnknownReaderError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDesk:
    """The ports of the chat.

    Attributes
    ----------
    rules : callable
        Gives the thresholds in force.
    venues : sequence of str
        Where a reader may trade.
    private : sequence of Deletable
        Stores that hold something of readers, those of the readers themselves last.
    """

    people: People
    journal: Journal
    alerts: RecentAlerts
    record: Record
    market: MarketView
    outbox: Outbox
    places: Places
    rules: Callable[[], Rules]
    venues: Sequence[str]
    private: Sequence[Deletable]
    bot_username: str

    @property
    def keeping(self) -> JournalDesk:
        """Where the journal is kept."""
        return JournalDesk(journal=self.journal, history=self.alerts)

    def reader(self, ask: Ask) -> Subscriber:
        """Return who asks.

        Raises
        ------
        UnknownReaderError
            If the reader is not known.
        """
        known = self.people.get(ask.reader)
        if known is None:
            raise UnknownReaderError(ask.reader)
        return known
