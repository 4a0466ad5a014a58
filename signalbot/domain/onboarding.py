"""The four taps of a newcomer: which question is next, and the answers that are offered."""

from collections.abc import Sequence
from enum import StrEnum


class Step(StrEnum):
    """The questions, in their order."""

    VENUE = "venue"
    EQUITY = "equity"
    RISK = "risk"
    LEVERAGE = "leverage"

    @property
    def following(self) -> "Step | None":
        """The question after this one; None after the last."""
        later = list(Step)[list(Step).index(self) + 1 :]
        return later[0] if later else None


OFFERED = {
    Step.EQUITY: ("50", "100", "250", "500", "1000", "5000"),
    Step.RISK: ("0.25", "0.5", "1"),
    Step.LEVERAGE: ("1", "2", "3", "5"),
}
"""What a tap answers: USDT, per cent of the account, and times. Others can be typed."""


def offered(step: Step, venues: Sequence[str]) -> tuple[str, ...]:
    """Return the answers to `step` that have a button; `venues` are those that are watched.

    Each can be given back as if it had been typed.
    """
    return tuple(venues) if step is Step.VENUE else OFFERED[step]


def after(question: Step | None, answered: Step) -> Step | None:
    """Return the question that stands open once `answered` is answered or skipped.

    Only the open question leads on; correcting an earlier answer leaves it open.
    """
    return answered.following if question is answered else question
