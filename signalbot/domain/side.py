"""Long or short, as a sign."""

from enum import StrEnum


class Side(StrEnum):
    """Direction of a position; `sign` is s of every formula: +1 long, -1 short."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """Return +1 for a long, -1 for a short."""
        return 1 if self is Side.LONG else -1
