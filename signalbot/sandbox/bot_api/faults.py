"""Faults: what may go wrong between a call and its answer, by rules with a seed.

Where a call is accepted and its answer is lost, the message is there and the bot does not know:
this is how duplicates are made.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from signalbot.errors import InputError
from signalbot.sandbox.fault_rules import FaultRules, require_possible

MIME_TYPE = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}")


class FaultKind(StrEnum):
    """What happens to a call."""

    REPLY = "reply"  # another status and body than the true ones
    DELAY = "delay"  # a pause before it is accepted
    STALL = "stall"  # accepted, then a pause before the answer
    DROP = "drop"  # the connection is closed without an answer
    RESET = "reset"  # the connection is reset
    HALF = "half"  # accepted, and half of the answer comes
    REPEAT = "repeat"  # getUpdates gives the batch that was confirmed last once more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule: which calls meet a fault, and which one.

    Attributes
    ----------
    method, chat_id : optional
        Only calls of this method (in any case), or to this chat as the call writes it.
    accepted : bool
        Whether REPLY, DROP and RESET come after the call was done; STALL and HALF always do.
    nth : int, optional
        Only the n-th call that matches, from 1.
    times : int, optional
        At most so often.
    probability, seed
        Chance of each matching call, drawn from a generator with this seed.
    delay_s : float
        Length of DELAY and STALL.
    status, body, content_type
        Of REPLY; the body as it goes over the wire.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: str | None = None
    accepted: bool = False
    nth: int | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    delay_s: float = 0.0
    status: int = 502
    body: str = "<html><head><title>502 Bad Gateway</title></head></html>"
    content_type: str = "text/html"

    def __post_init__(self) -> None:
        require_possible(self)
        if not MIME_TYPE.fullmatch(self.content_type):
            raise InputError("content_type", self.content_type, "a type such as text/html")

    @property
    def comes_after(self) -> bool:
        """Whether the call is done before the fault."""
        return self.accepted or self.kind in (FaultKind.STALL, FaultKind.HALF)

    def fits(self, method: str, chat_id: str) -> bool:
        """Whether the rule is about such a call."""
        same_method = self.method is None or self.method.lower() == method.lower()
        return same_method and self.chat_id in (None, chat_id)


class Faults(FaultRules[Fault]):
    """The rules in force; the first that strikes wins."""

    def strike(self, method: str, chat_id: str) -> Fault | None:
        """Return the fault that a call meets, and count it."""
        return self.first(lambda each: each.fits(method, chat_id))
