"""The thresholds every alert is judged by.

They are part of a setup's version: changing one opens a new record (docs/assumptions.md lists
each with its unit and source).
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Gates, costs, publication limits and the timing of an alert.

    Attributes
    ----------
    max_cost_r : Decimal
        A plan whose costs at the stop exceed this many R is refused.
    min_stop_spreads : Decimal
        A stop nearer than this many spreads is refused.
    max_tick_share : Decimal
        A tick above this share of the stop distance is refused.
    liquidation_stops : Decimal
        Liquidation stays at least this many stop distances away.
    worst_maintenance_rate : Decimal
        Maintenance rate used for caps while the contract's tiers are unknown.
    replay_slippage_rate, replay_slippage_ticks : Decimal
        Slippage of one taker fill where no book was recorded: this rate plus this many ticks.
    decision_delay_ms : int
        A minute is decided, and in replay published, this long after its close.
    latency_s : int
        Time a reader needs from the message to the order.
    entry_ttl_min : int
        Minutes for which an entry is valid.
    repeat_min : int
        No second alert for the same coin and side within so many minutes.
    hour_budget, day_budget : int
        Most alerts in any 60 minutes and in any 24 hours.
    """

    max_cost_r: Decimal = Decimal("0.25")
    min_stop_spreads: Decimal = Decimal(3)
    max_tick_share: Decimal = Decimal("0.05")
    liquidation_stops: Decimal = Decimal(3)
    worst_maintenance_rate: Decimal = Decimal("0.05")
    replay_slippage_rate: Decimal = Decimal("0.0002")
    replay_slippage_ticks: Decimal = Decimal("0.5")
    decision_delay_ms: int = 2_500
    latency_s: int = 10
    entry_ttl_min: int = 5
    repeat_min: int = 30
    hour_budget: int = 6
    day_budget: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a threshold may be: `low` is included unless it is said to be `above`."""

    low: Decimal
    high: Decimal
    above: bool = False

    def holds(self, value: Decimal) -> bool:
        """Return whether a value is within them."""
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        return f"{'above' if self.above else 'at least'} {self.low}, at most {self.high}"


def _bounds(low: str, high: str, *, above: bool = False) -> Bounds:
    return Bounds(low=Decimal(low), high=Decimal(high), above=above)


BOUNDS = {
    "max_cost_r": _bounds("0", "1", above=True),
    "min_stop_spreads": _bounds("1", "100"),
    "max_tick_share": _bounds("0", "0.5", above=True),
    "liquidation_stops": _bounds("1", "100"),
    "worst_maintenance_rate": _bounds("0.05", "0.5"),
    "replay_slippage_rate": _bounds("0", "0.05"),
    "replay_slippage_ticks": _bounds("0", "100"),
    "decision_delay_ms": _bounds("0", "30000"),
    "latency_s": _bounds("0", "600"),
    "entry_ttl_min": _bounds("1", "1440"),
    "repeat_min": _bounds("0", "1440"),
    "hour_budget": _bounds("1", "60"),
    "day_budget": _bounds("1", "1440"),
}
"""Bounds of every threshold, from the configuration and from the chat."""
