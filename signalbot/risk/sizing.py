"""How much: the quantity that loses the chosen money at the stop, all costs included.

::

    q = floor(equity * risk / unit_loss / step) * step        never rounded up

Caps each floor again: the tiers' notional at this leverage, available margin, share of the visible
depth. Leverage changes margin and liquidation only, never the loss at the stop. Where a contract's
tiers are unknown the leverage cap uses the worst rate they could have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal

from signalbot.domain.alert import Size
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import ceil_to, floor_to, plain
from signalbot.domain.rules import Rules
from signalbot.risk.costs import ONE, CostRates, Levels, UnitCosts
from signalbot.risk.liquidation import Basis
from signalbot.risk.tiers import Tier, tier_at

CENT = Decimal("0.01")

_FLOOR = Context(rounding=ROUND_FLOOR)  # a quotient is not rounded up either


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A trade to be sized: its prices, what each fill costs, and the contract.

    Attributes
    ----------
    tiers : sequence of Tier
        Maintenance tiers of the contract; empty where they are unknown.
    max_leverage : Decimal or None
        Of the contract, where the venue states one.
    depth : Decimal or None
        Quantity that may be taken of the visible book, in base units; None without a book.
    basis : Basis
        What the venue charges the maintenance on.
    """

    levels: Levels
    rates: CostRates
    costs: UnitCosts
    instrument: Instrument
    tiers: Sequence[Tier] = ()
    max_leverage: Decimal | None = None
    depth: Decimal | None = None
    basis: Basis = Basis.MARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """The answer: a size, or the smallest size that could be traded and why it is refused.

    `smallest` is that size also where it is not refused. `leverage_cap` is the highest leverage
    that the rules allow here; below 1 if none does.
    """

    size: Size
    smallest: Size
    refusal: Refusal | None
    leverage_cap: Decimal


def leverage_cap(
    levels: Levels,
    stops: Decimal,
    maintenance_rate: Decimal,
    close_fee_rate: Decimal,
    basis: Basis = Basis.MARK,
) -> Decimal:
    """Return the highest leverage that keeps liquidation `stops` stop distances away.

    With X = E - s*stops*|E - S| and mu = maintenance + closing fee: long 1/(1 - X(1 - mu)/E),
    short 1/(X(1 + mu)/E - 1); 1/(|E - X|/E + mu) where the maintenance is charged on the entry.
    Not rounded; below 1 if no leverage is small enough.
    """
    mu = maintenance_rate + close_fee_rate
    room = stops * abs(levels.entry - levels.stop)
    return levels.entry / (room + mu * _charged_at(levels, room, basis))


def size_position(order: Order, profile: Profile, rules: Rules) -> Sizing:
    """Return the size of `order` for an account, or its refusal.

    The account's leverage is a maximum: it is lowered to what the rules allow.
    """
    by_risk = floor_to(_FLOOR.divide(profile.risk_money, order.costs.loss), order.instrument.step)
    cap = _leverage_cap(order, by_risk, rules)
    leverage = min(profile.leverage, cap)
    smallest = _smallest_qty(order)
    refusal = None
    if leverage < ONE:
        leverage, refusal = ONE, _no_leverage(rules)
    elif order.depth is not None and order.depth < smallest:
        refusal = _too_thin(order.depth, smallest)
    elif order.tiers and order.tiers[-1].cap < smallest * order.levels.entry:
        refusal = _beyond_tiers(order)
    elif by_risk < smallest:
        refusal = _too_small(order, profile, leverage, by_risk, smallest)
    qty = _capped(order, by_risk, profile, leverage)
    if refusal is None and qty < smallest:
        refusal = _no_margin(order, profile, leverage, smallest)
    least = _size(order, smallest, leverage)
    size = least if refusal else _size(order, qty, leverage)
    return Sizing(size=size, smallest=least, refusal=refusal, leverage_cap=cap)


def _charged_at(levels: Levels, room: Decimal, basis: Basis) -> Decimal:
    return levels.entry - levels.side.sign * room if basis is Basis.MARK else levels.entry


def _leverage_cap(order: Order, qty: Decimal, rules: Rules) -> Decimal:
    levels, stops = order.levels, rules.liquidation_stops
    rate, limits = rules.worst_maintenance_rate, [order.max_leverage]
    if order.tiers:
        # a short is worth more where it ends than where it began, perhaps a tier more
        end = _charged_at(levels, stops * abs(levels.entry - levels.stop), order.basis)
        rate = _tier_at(order, qty * max(levels.entry, end)).mmr
        limits.append(_tier_at(order, qty * levels.entry).max_leverage)
    by_stop = leverage_cap(levels, stops, rate, order.rates.fee_stop, order.basis)
    limits.append(by_stop.to_integral_value(ROUND_FLOOR))
    return min(limit for limit in limits if limit is not None)


def _tier_at(order: Order, notional: Decimal) -> Tier:
    index = tier_at(order.tiers, notional)
    return order.tiers[-1 if index is None else index]


def _smallest_qty(order: Order) -> Decimal:
    instrument = order.instrument
    cheaper = min(order.levels.entry, order.levels.stop)  # the notional is tested at both
    by_notional = ceil_to(instrument.min_notional / cheaper, instrument.step)
    by_qty = ceil_to(instrument.min_qty, instrument.step)
    return max(by_notional, by_qty, instrument.step)


def _leveraged_margin(order: Order, leverage: Decimal) -> Decimal:
    # margin and fees of one base unit, times the leverage: dividing by it first would round
    entry = order.levels.entry * (ONE + order.levels.side.sign * order.rates.slip_in)
    return entry * (ONE + leverage * (order.rates.fee_in + order.rates.fee_stop))


def _by_margin(order: Order, profile: Profile, leverage: Decimal) -> Decimal:
    return _FLOOR.divide(profile.equity * leverage, _leveraged_margin(order, leverage))


def _margin(order: Order, qty: Decimal, leverage: Decimal) -> Decimal:
    return qty * _leveraged_margin(order, leverage) / leverage


def _capped(order: Order, by_risk: Decimal, profile: Profile, leverage: Decimal) -> Decimal:
    caps = [by_risk, _by_margin(order, profile, leverage)]
    caps += [_FLOOR.divide(tier.cap, order.levels.entry) for tier in order.tiers[-1:]]
    caps += [] if order.depth is None else [order.depth]
    return floor_to(min(caps), order.instrument.step)


def _size(order: Order, qty: Decimal, leverage: Decimal) -> Size:
    notional = qty * order.levels.entry
    return Size(
        qty=qty,
        notional=notional,
        margin=notional / leverage,
        leverage=leverage,
        loss_at_stop=qty * order.costs.loss,
        gain_at_target=qty * order.costs.gain,
    )


def _no_leverage(rules: Rules) -> Refusal:
    return Refusal(
        code=RefusalCode.LIQ_INSIDE_STOP,
        message=f"no leverage keeps liquidation {plain(rules.liquidation_stops)} stops away:"
        " a nearer stop would fit",
    )


def _too_thin(depth: Decimal, smallest: Decimal) -> Refusal:
    return Refusal(
        code=RefusalCode.ABOVE_MAX_QTY,
        message=f"the visible book bears {plain(depth)}, the smallest order is {plain(smallest)}:"
        " no account would make it fit",
    )


def _beyond_tiers(order: Order) -> Refusal:
    return Refusal(
        code=RefusalCode.ABOVE_TIER_NOTIONAL,
        message=f"the venue's tiers end at a notional of {plain(order.tiers[-1].cap)}, below the"
        " smallest order: no account would make it fit",
    )


def _too_small(
    order: Order, profile: Profile, leverage: Decimal, qty: Decimal, smallest: Decimal
) -> Refusal:
    for_risk = smallest * order.costs.loss * 100 / profile.risk_pct
    for_margin = _margin(order, smallest, leverage)  # the larger where much is risked
    equity = ceil_to(max(for_risk, for_margin), CENT)
    reason = f"{plain(profile.risk_pct)} % risk allows {plain(qty)}"
    fits = f"it fits from {equity:.2f} at this risk; never raise the risk to make it fit"
    if qty < max(order.instrument.min_qty, order.instrument.step):
        return Refusal(
            code=RefusalCode.BELOW_MIN_QTY,
            message=f"{reason}, the smallest order is {plain(smallest)}: {fits}",
        )
    return Refusal(
        code=RefusalCode.BELOW_MIN_NOTIONAL,
        message=f"{reason}, an order must be worth {plain(order.instrument.min_notional)}: {fits}",
    )


def _no_margin(order: Order, profile: Profile, leverage: Decimal, smallest: Decimal) -> Refusal:
    margin = ceil_to(_margin(order, smallest, leverage), CENT)
    return Refusal(
        code=RefusalCode.INSUFFICIENT_MARGIN,
        message=f"the smallest order needs {margin:.2f} of margin and fees at {plain(leverage)}x,"
        f" the account has {plain(profile.equity)}",
    )
