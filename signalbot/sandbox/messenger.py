"""A messenger without a network, for replays and the demonstration."""

from collections.abc import Callable

from signalbot.service.ports import Message, Receipt


class RecordingMessenger:
    """Accepts every message at the instant it is sent, and hands it on to whoever wants to look.

    Parameters
    ----------
    show : callable, optional
        Called with message id, message and instant.
    """

    def __init__(self, show: Callable[[str, Message, int], None] | None = None) -> None:
        self._show = show
        self._sent = 0

    def send(self, message: Message, now: int) -> Receipt:
        """Accept a message; ids count up from 1, so that a replay gives the same ones again."""
        self._sent += 1
        message_id = str(self._sent)
        if self._show:
            self._show(message_id, message, now)
        return Receipt(message_id=message_id, sent_at=now, recipients=1)

    def receipt(self, publishes: int) -> None:
        """Return None: what was not sent at once was not accepted."""
