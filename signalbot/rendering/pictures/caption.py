"""What stands below every picture: how many alerts, of which time, and where they come from."""

from dataclasses import dataclass

from signalbot.domain.timeframe import day
from signalbot.record.entries import Head
from signalbot.stats.sample import Sample

LONGEST_SOURCE = 40
"""Characters shown of where the numbers come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a picture is of, written below it.

    Attributes
    ----------
    n, alerts : int
        Decided alerts, which it shows, and all of them.
    period : str
        `2025-05-04 to 2025-06-01 UTC`; empty without an alert.
    source : str
        What kind of record: `simulated market`.
    head : Head or None
        Of the ledger, if the numbers come from one.
    """

    n: int
    alerts: int
    period: str
    source: str
    head: Head | None = None

    @classmethod
    def of(cls, sample: Sample, source: str, head: Head | None = None) -> "Caption":
        """Return the caption of all alerts of a record, in the order of a sample."""
        days = [day(int(instant)) for instant in sample.published_at[[0, -1]]] if sample else []
        period = f"{' to '.join(dict.fromkeys(days))} UTC" if days else ""
        decided = len(sample.decided)
        return cls(n=decided, alerts=len(sample), period=period, source=source, head=head)

    def lines(self) -> tuple[str, str]:
        """Return the two lines below a picture."""
        counted = f"n = {self.n:,} decided of {self.alerts:,} alerts"
        origin = printable(self.source, LONGEST_SOURCE)
        ledger = f"ledger head #{self.head.seq} {self.head.hash[:8]}" if self.head else "no ledger"
        return _joined(counted, self.period), _joined(origin, ledger)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def printable(text: str, limit: int) -> str:
    """Return text from outside as one line of at most `limit` characters that the font can draw.

    Everything but printable Latin becomes `?`: the font lacks emoji and Chinese, and marks that
    turn the direction of writing or pile up would disfigure the picture.
    """
    drawn = "".join(char if char.isprintable() and char < "\u0250" else "?" for char in text)
    return drawn if len(drawn) <= limit else f"{drawn[: limit - 3]}..."
