"""What the administration needs of the outside world."""

from collections.abc import Callable, Sequence
from typing import Protocol

from signalbot.domain.controls import Change, Controls
from signalbot.rendering.health_report import HealthReport


class ControlLog(Protocol):
    """Every change of a control, oldest first; nothing in it is ever changed."""

    def controls(self) -> Controls:
        """Return the controls as they stand."""
        ...

    def append(self, make: Callable[[Controls], Change | None]) -> Change | None:
        """Store the change that `make` makes of the controls as they stand, and return it.

        Nobody else changes them in between. None, or an error of `make`, stores nothing.
        """
        ...

    def newest(self, most: int) -> Sequence[Change]:
        """Return the newest changes, oldest first."""
        ...

    def find(self, number: int) -> Change | None:
        """Return one change; None if there is none of that number."""
        ...


class Health(Protocol):
    """Knows how the bot is."""

    def report(self, now: int) -> HealthReport:
        """Return how the bot is."""
        ...
