"""Tell where a position is liquidated, also where the maintenance tiers are not known."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from signalbot.rendering.risk_texts import LiquidationView
from signalbot.risk.liquidation import (
    LOWEST_MMR,
    UNKNOWN,
    Position,
    liquidation,
    liquidation_range,
)
from signalbot.risk.tiers import Tier, single_tier
from signalbot.risk.venue_rules import VenueRule


def liquidation_view(
    position: Position,
    rule: VenueRule,
    tiers: Sequence[Tier],
    fee_rate: Decimal,
    *,
    is_rate_only: bool = False,
) -> LiquidationView:
    """Return where a position ends; without tiers it is a range, from the lowest rate to the worst.

    Parameters
    ----------
    is_rate_only : bool
        Whether `tiers` is one rate that was given, not the table of a contract.
    """
    if tiers:
        found = liquidation(position, tiers, rule.basis, fee_rate)
        return LiquidationView(position=position, rule=rule, found=found, is_rate_only=is_rate_only)
    bounds = liquidation_range(position, rule.basis, fee_rate)
    best = liquidation(position, single_tier(LOWEST_MMR), rule.basis, fee_rate)
    found = replace(UNKNOWN, refusals=best.refusals)  # what even the lowest rate refuses
    return LiquidationView(position=position, rule=rule, found=found, bounds=bounds)
