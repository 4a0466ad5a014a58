from collections.abc import Callable

from signalbot.errors import UnavailableError
from signalbot.service.ports import Message, Receipt


class FakeMessenger:
    """`service.ports.Messenger` that keeps what it accepted.

    `receipts` are those of alerts that it had accepted when nobody asked. While `is_available` is
    false it accepts nothing; `attempts` counts those as well. `witness`
    is called with each message before it is accepted, so that a test can look at the record.
    """

    def __init__(self) -> None:
        self.is_available = True
        self.attempts = 0
        self.receipts: dict[int, Receipt] = {}
        self.accepted: list[tuple[Message, int]] = []
        self.witness: Callable[[Message], None] = lambda message: None

    @property
    def texts(self) -> list[str]:
        return [message.html for message, _ in self.accepted]

    def send(self, message: Message, now: int) -> Receipt:
        self.attempts += 1
        if not self.is_available:
            raise UnavailableError("nobody answers")
        self.witness(message)
        self.accepted.append((message, now))
        return Receipt(message_id=f"m{len(self.accepted)}", sent_at=now, recipients=1)

    def receipt(self, publishes: int) -> Receipt | None:
        return self.receipts.get(publishes)
