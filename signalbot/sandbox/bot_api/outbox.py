"""What the bot has got through, in the order of arrival: the list that tests of delivery read."""

from collections import deque
from dataclasses import asdict, dataclass

from signalbot.sandbox.bot_api.envelope import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One call that was accepted and changed a chat.

    Attributes
    ----------
    seq : int
        Counts up from 1 over all chats.
    at : float
        Unix seconds; never less than those of the arrival before.
    text : str
        Text or caption, without its formatting.
    """

    seq: int
    at: float
    method: str
    chat_id: int
    message_id: int
    text: str = ""
    file_id: str | None = None
    reply_to: int | None = None
    thread_id: int | None = None

    def wire(self) -> Json:
        """Return the arrival as JSON."""
        return asdict(self)


class Outbox:
    """The newest `limit` arrivals."""

    def __init__(self, limit: int) -> None:
        self._arrivals: deque[Arrival] = deque(maxlen=limit)
        self._newest = 0

    def next_seq(self) -> int:
        """Return the number of the next arrival and use it up."""
        self._newest += 1
        return self._newest

    def add(self, arrival: Arrival) -> None:
        """Append an arrival."""
        self._arrivals.append(arrival)

    def since(self, seq: int = 0) -> list[Arrival]:
        """Return the arrivals after number `seq` that are still remembered."""
        return [arrival for arrival in self._arrivals if arrival.seq > seq]
