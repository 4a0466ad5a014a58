"""An alert as the record tells it afterwards."""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import Alert, Plan
from signalbot.domain.outcome import DECIDED, Outcome
from signalbot.domain.timeframe import MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAlert:
    """One alert with its number, its publication and what became of it after corrections.

    Attributes
    ----------
    published_at : int or None
        None until a messenger has accepted it.
    outcome : Outcome or None
        None while it is open; without the rows that decided it, but with the funding.
    """

    seq: int
    alert: Alert
    published_at: int | None = None
    outcome: Outcome | None = None

    @property
    def plan(self) -> Plan:
        """The plan that was published."""
        return self.alert.plan

    @property
    def decided(self) -> Outcome | None:
        """The outcome, if it counts in the win rate."""
        counts = self.outcome is not None and self.outcome.kind in DECIDED
        return self.outcome if counts else None

    @property
    def net_r(self) -> Decimal | None:
        """Result in R after costs, if it counts in the win rate."""
        return self.decided.net_r if self.decided else None

    @property
    def valid_until(self) -> int:
        """Instant until which its entry was valid, as its message says."""
        return self.alert.candle_close + self.plan.entry_ttl_min * MINUTE_MS
