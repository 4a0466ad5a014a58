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
