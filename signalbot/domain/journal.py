"""A subscriber's own account of the alerts: taken or skipped, and at which prices.

It is private, may be changed and deleted, and lives apart from the ledger, which never holds a
reader.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.timeframe import iso
from signalbot.errors import InputError

LARGEST_READER = 2**52
"""Ids of chat users stay below it (Bot API: at most 52 significant bits)."""


def check_reader(reader: int) -> None:
    """Raise InputError if `reader` cannot be a chat user's id."""
    if not 0 < reader < LARGEST_READER:
        raise InputError("reader", reader, "the id of a chat user")


class Decision(StrEnum):
    """What a reader did with an alert."""

    TAKEN = "taken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """An order of the reader's own that was filled: price in quote units, instant in ms UTC."""

    price: Decimal
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What one reader says of one alert; whatever is None was not told.

    Attributes
    ----------
    reader : int
        Id of the chat user, the only personal datum there is.
    alert_seq : int
        Number of the alert in the ledger.
    marked_at : int
        Instant of the newest change of mind.
    on_paper : bool
        Whether no money was in it.
    quantity : Decimal or None
        Own quantity in base units.
    fill, exit : Execution or None
        How the own position was opened and closed; the prices have their slippage in them.

    Raises
    ------
    InputError
        If the reader is no user, something is told of a skipped alert, or an exit is told without
        a fill or before it.
    """

    reader: int
    alert_seq: int
    decision: Decision
    marked_at: int
    on_paper: bool = True
    quantity: Decimal | None = None
    fill: Execution | None = None
    exit: Execution | None = None

    def __post_init__(self) -> None:
        check_reader(self.reader)
        told = (self.quantity, self.fill, self.exit)
        if self.decision is Decision.SKIPPED and any(value is not None for value in told):
            raise InputError("decision", self.decision.value, "taken, where a trade is told")
        if self.exit is None:
            return
        if self.fill is None:
            raise InputError("exit", self.exit.price, "told after the fill: tell your fill first")
        if self.exit.at < self.fill.at:
            raise InputError("exit time", iso(self.exit.at), f"from {iso(self.fill.at)} on")

    @property
    def is_taken(self) -> bool:
        """Whether the reader took the alert."""
        return self.decision is Decision.TAKEN
