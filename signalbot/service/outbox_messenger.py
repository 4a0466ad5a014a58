"""The messenger of a live bot: the outbox has every message already, its sender sends them."""

from signalbot.errors import UnavailableError
from signalbot.service.delivery_ports import Outbox
from signalbot.service.ports import Message, Receipt


class OutboxMessenger:
    """`service.ports.Messenger` that asks the outbox what became of a message.

    Messages came into the outbox with the entries that they tell of, in one transaction.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def send(self, message: Message, now: int) -> Receipt:
        """Return who accepted the alert of a message first; everything else is just on its way.

        Raises
        ------
        UnavailableError
            While nobody has accepted the alert.
        """
        if message.publishes is None:
            return Receipt(message_id="", sent_at=now, recipients=0)
        receipt = self._outbox.accepted(message.publishes)
        if receipt is None:
            raise UnavailableError(f"alert #{message.publishes} is on its way")
        return receipt

    def receipt(self, publishes: int) -> Receipt | None:
        """Return who accepted an alert before it was too late; None if nobody did, nor will.

        Raises
        ------
        UnavailableError
            While a message of it is still on its way.
        """
        receipt = self._outbox.accepted(publishes)
        if receipt is None and self._outbox.is_on_its_way(publishes):
            raise UnavailableError(f"alert #{publishes} is on its way")
        return receipt
