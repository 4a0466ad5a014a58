"""The answer to "how much, and where am I wiped out": one plan, one account, one venue.

Everything a reader should see before a trade. A refused plan has the quantity 0, and every other
figure for the smallest size that could be traded, so that it can be understood.
"""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import Size
from signalbot.domain.profile import ADVISED_LEVERAGE, Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import plain
from signalbot.domain.rules import Rules
from signalbot.risk.costs import ZERO
from signalbot.risk.gates import refuse_cost, refuse_grid, refuse_spread
from signalbot.risk.guards import GuardRules
from signalbot.risk.liquidation import (
    Position,
    distance_stops,
    liquidation,
    liquidation_range,
)
from signalbot.risk.sizing import Order, Sizing, size_position
from signalbot.risk.venue_rules import VenueRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A plan to be advised on.

    Attributes
    ----------
    has_target : bool
        Without one the figures that need it are left out.
    spread : Decimal or None
        In quote units, where it is known.
    knows_tick : bool
        Whether the tick is the contract's; an assumed one refuses nothing.
    chose_leverage : bool
        The account asked for exactly this leverage: one that breaks the rule is refused instead
        of lowered.
    accepts_high_risk : bool
        The account has said that it wants to risk more than the limit on this trade.
    """

    order: Order
    profile: Profile
    venue_rule: VenueRule
    has_target: bool = True
    spread: Decimal | None = None
    knows_tick: bool = True
    chose_leverage: bool = False
    accepts_high_risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the risk desk answers; money and prices in quote units, quantity in base units.

    Attributes
    ----------
    qty : Decimal
        0 where the plan is refused.
    size : Size
        The position the other figures are for.
    cost_share : Decimal
        Part of the money lost at the stop that is costs.
    reward_risk_net, breakeven_win_rate : Decimal or None
        None without a target.
    liquidation_price : Decimal or None
        None where there is none, or where the tiers are unknown.
    liquidation_range : tuple or None
        Its bounds where the tiers are unknown.
    liquidation_distance_stops : Decimal or None
        Of the price, or of the nearer end of the range.
    warnings : tuple of str
        What is allowed and unwise.
    """

    qty: Decimal
    size: Size
    leverage_cap: Decimal
    risk_money: Decimal
    cost_r: Decimal
    cost_share: Decimal
    reward_risk_net: Decimal | None
    breakeven_win_rate: Decimal | None
    liquidation_price: Decimal | None
    liquidation_range: tuple[Decimal | None, Decimal | None] | None
    liquidation_distance_stops: Decimal | None
    refusals: tuple[Refusal, ...]
    warnings: tuple[str, ...]


def advise(ask: Ask, rules: Rules, guards: GuardRules) -> Advice:
    """Return size, costs and liquidation of a plan, with every reason against it."""
    order = ask.order
    sizing = size_position(order, ask.profile, rules)
    end = _end(ask, sizing.size)
    told = _refusals(ask, sizing, rules, guards)
    codes = {refusal.code for refusal in told}
    refusals = (*told, *(refusal for refusal in end.refusals if refusal.code not in codes))
    size = sizing.size
    if refusals:
        size = sizing.smallest
        end = _end(ask, size)
    costs = order.costs
    return Advice(
        qty=ZERO if refusals else size.qty,
        size=size,
        leverage_cap=max(sizing.leverage_cap, ZERO),
        risk_money=ask.profile.risk_money,
        cost_r=costs.cost_r,
        cost_share=(costs.loss - costs.risk) / costs.loss,
        reward_risk_net=costs.reward_risk_net if ask.has_target else None,
        breakeven_win_rate=costs.breakeven_win_rate if ask.has_target else None,
        liquidation_price=end.price,
        liquidation_range=end.range,
        liquidation_distance_stops=_nearest_stops(order, end),
        refusals=refusals,
        warnings=_warnings(ask, sizing, guards),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    price: Decimal | None = None
    range: tuple[Decimal | None, Decimal | None] | None = None
    refusals: tuple[Refusal, ...] = ()


def _end(ask: Ask, size: Size) -> _End:
    rule, levels = ask.venue_rule, ask.order.levels
    position = Position.leveraged(
        side=levels.side, entry=levels.entry, qty=size.qty, leverage=size.leverage
    )
    fee_rate = rule.closing_fee_rate(ask.order.rates.fee_stop)
    if not ask.order.tiers:
        return _End(range=liquidation_range(position, rule.basis, fee_rate))
    found = liquidation(position, ask.order.tiers, rule.basis, fee_rate)
    return _End(price=found.price, refusals=found.refusals)


def _nearest_stops(order: Order, end: _End) -> Decimal | None:
    ends = (end.price,) if end.range is None else end.range
    distances = [
        distance_stops(order.levels.entry, order.levels.stop, price)
        for price in ends
        if price is not None
    ]
    return min(distances, default=None)


def _refusals(ask: Ask, sizing: Sizing, rules: Rules, guards: GuardRules) -> list[Refusal]:
    order = ask.order
    found = [
        refuse_grid(order.levels, order.instrument.tick, rules) if ask.knows_tick else None,
        None if ask.spread is None else refuse_spread(order.levels, ask.spread, rules),
        refuse_cost(order.costs, rules, has_target=ask.has_target),
        _refuse_risk(ask, guards),
        _refuse_leverage(ask, sizing, rules),
        sizing.refusal,
    ]
    return [refusal for refusal in found if refusal is not None]


def _refuse_risk(ask: Ask, guards: GuardRules) -> Refusal | None:
    if ask.profile.risk_pct <= guards.max_risk_pct or ask.accepts_high_risk:
        return None
    return Refusal(
        code=RefusalCode.RISK_ABOVE_LIMIT,
        message=f"{plain(ask.profile.risk_pct)} % of the account on one trade is above"
        f" {plain(guards.max_risk_pct)} %: it takes an explicit override",
    )


def _refuse_leverage(ask: Ask, sizing: Sizing, rules: Rules) -> Refusal | None:
    # where no leverage at all would do, the size itself says so
    if not ask.chose_leverage or not 1 <= sizing.leverage_cap < ask.profile.leverage:
        return None
    return Refusal(
        code=RefusalCode.LIQ_INSIDE_STOP,
        message=f"{plain(ask.profile.leverage)}x does not keep liquidation"
        f" {plain(rules.liquidation_stops)} stops away, or is above what the venue allows:"
        f" at most {plain(sizing.leverage_cap)}x fits",
    )


def _warnings(ask: Ask, sizing: Sizing, guards: GuardRules) -> tuple[str, ...]:
    found = []
    if ask.profile.risk_pct > guards.max_risk_pct:
        found.append(
            f"HIGH RISK: {plain(ask.profile.risk_pct)} % on one trade,"
            f" {plain(guards.max_risk_pct)} % is the limit"
        )
    if sizing.size.leverage > ADVISED_LEVERAGE:
        found.append(
            f"{plain(sizing.size.leverage)}x is above the advised 3 to"
            f" {plain(ADVISED_LEVERAGE)}x: liquidation comes nearer, the loss at the stop stays"
        )
    return tuple(found)
