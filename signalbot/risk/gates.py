"""Gates that a plan must pass whoever takes it: geometry, spread, tick, cost."""

from decimal import Decimal

from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import ceil_to, plain
from signalbot.domain.rules import Rules
from signalbot.risk.costs import Levels, UnitCosts

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


def refuse_levels(levels: Levels) -> Refusal | None:
    """Return why the prices are no trade: a stop or a target on the wrong side of the entry."""
    sign = levels.side.sign
    lower = f"above 0 and below the entry {plain(levels.entry)}"
    upper = f"above the entry {plain(levels.entry)}"
    stop_place, target_place = (lower, upper) if sign > 0 else (upper, lower)
    if sign * (levels.entry - levels.stop) <= 0 or levels.stop <= 0:
        return Refusal(
            code=RefusalCode.INVALID_STOP_SIDE,
            message=f"the stop {plain(levels.stop)} of a {levels.side} belongs {stop_place}",
        )
    if sign * (levels.target - levels.entry) <= 0 or levels.target <= 0:
        return Refusal(
            code=RefusalCode.INVALID_TARGET_SIDE,
            message=f"the target {plain(levels.target)} of a {levels.side} belongs {target_place}",
        )
    return None


def refuse_grid(levels: Levels, tick: Decimal, rules: Rules) -> Refusal | None:
    """Return a refusal if the tick is too coarse for this stop distance."""
    least = tick / rules.max_tick_share
    if abs(levels.entry - levels.stop) >= least:
        return None
    share = HUNDRED * rules.max_tick_share
    return Refusal(
        code=RefusalCode.TICK_TOO_COARSE,
        message=f"one tick ({plain(tick)}) is more than {plain(share)} % of the stop distance:"
        f" it fits from a stop {plain(least)} away",
    )


def refuse_spread(levels: Levels, spread: Decimal, rules: Rules) -> Refusal | None:
    """Return a refusal if the stop lies within the noise of the spread (quote units)."""
    least = rules.min_stop_spreads * spread
    if abs(levels.entry - levels.stop) >= least:
        return None
    return Refusal(
        code=RefusalCode.STOP_INSIDE_SPREAD,
        message=f"the stop is nearer than {plain(rules.min_stop_spreads)} spreads"
        f" ({plain(spread)} each): it fits from {plain(least)} away",
    )


def refuse_cost(costs: UnitCosts, rules: Rules, *, has_target: bool = True) -> Refusal | None:
    """Return a refusal if even the target loses, or the costs exceed the limit in R."""
    if has_target and costs.gain <= 0:
        return Refusal(
            code=RefusalCode.COST_TOO_HIGH,
            message="the costs eat the whole gain at the target: a farther target would fit",
        )
    if costs.cost_r <= rules.max_cost_r:
        return None
    shown = costs.cost_r.quantize(CENT)
    if shown <= rules.max_cost_r:  # 0.2501 must not read as the limit itself
        shown = ceil_to(costs.cost_r, CENT)
    return Refusal(
        code=RefusalCode.COST_TOO_HIGH,
        message=f"costs are {shown:.2f} R at the stop, allowed are"
        f" {plain(rules.max_cost_r)} R: a wider stop or a cheaper venue would fit",
    )
