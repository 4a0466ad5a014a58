"""What the delivery of messages needs of the outside world."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from signalbot.domain.delivery import Delivery, PostKind, Shown
from signalbot.domain.place import Place
from signalbot.rendering.reply import Keyboard
from signalbot.service.ports import Receipt
from signalbot.service.settle_delivery import Settlement

TellTo = Literal["places", "everybody"] | Sequence[int]
"""Every place; every place and every subscriber; or these chats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """The message by which a chat was told of an alert, and what it has shown of a size."""

    message_id: int
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A message as it goes out.

    Attributes
    ----------
    html : str
        A caption where there is a picture.
    picture : bytes or None
        PNG; its id is used instead once it was uploaded.
    reply_to : int or None
        Message of the same chat that it answers.
    edits : int or None
        Message of the same chat whose text it replaces.
    edits_caption : bool
        Whether that text stands under a picture.
    shown : Shown or None
        What an alert shows of a size.
    """

    html: str
    keyboard: Keyboard = ()
    picture: bytes | None = None
    reply_to: int | None = None
    edits: int | None = None
    edits_caption: bool = False
    shown: Shown | None = None


class Composer(Protocol):
    """Makes the text of a message when it is sent, for the one who gets it."""

    def compose(self, rows: Sequence[Delivery], now: int) -> Sequence[Composed | None]:
        """Return each message; None where it is not wanted any more."""
        ...


class Outbox(Protocol):
    """Every message on its way."""

    def put(
        self, subject: str, kind: PostKind, html: str, to: TellTo, now: int, expires_at: int
    ) -> int:
        """Queue a text that belongs to no entry of the ledger; return for how many chats."""
        ...

    def text_of(self, subject: str) -> str | None:
        """Return the text of a post that belongs to no entry; None if there is none."""
        ...

    def claim(self, now: int, limit: int) -> Sequence[Delivery]:
        """Mark the next due messages as being sent and return them: alerts first, then by age."""
        ...

    def expire(self, now: int) -> int:
        """Give up what waits and has come too late to be of use; return how many it were."""
        ...

    def settle(self, settled: Collection[Settlement], shown: Mapping[int, Shown]) -> None:
        """Store how messages go on, in one transaction."""
        ...

    def take_over(self, now: int) -> int:
        """Settle what a sender that is gone has left in the middle; return how many it were."""
        ...

    def accepted(self, seq: int) -> Receipt | None:
        """Return who accepted an alert first; None while nobody has."""
        ...

    def is_on_its_way(self, seq: int) -> bool:
        """Return whether a message of an alert waits or is being sent."""
        ...

    def told(self, seq: int, chat: int) -> ToldAlert | None:
        """Return the message by which a chat was told of an alert; None if it was not."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return how many messages there are in each state."""
        ...

    def next_due(self) -> int | None:
        """Return when the next queued message is due, in ms UTC; None if none is queued."""
        ...


class Lease(Protocol):
    """The right to do something that only one process at a time may do."""

    def take(self, owner: str, now: int, until: int) -> bool:
        """Take or keep the right until then; return whether `owner` has it."""
        ...

    def release(self, owner: str) -> None:
        """Give the right back, if `owner` has it."""
        ...


class Places(Protocol):
    """The channels and groups that are told everything."""

    def put(self, place: Place) -> None:
        """Store a place in place of what was known of its chat."""
        ...

    def get(self, chat: int) -> Place | None:
        """Return the place of a chat; None if it is none."""
        ...

    def remove(self, chat: int) -> bool:
        """Delete a place; return whether there was one."""
        ...
