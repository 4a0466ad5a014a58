"""Where a position is liquidated: isolated margin, linear contract, this position alone.

::

    MARK basis :  P = (M + cum - s*q*E) / (q*(m + f - s))
    ENTRY basis:  P = E - s*(M + cum - q*E*(m + f)) / q

s is +1 for a long and -1 for a short; M excludes unrealised profit and includes margin the user
added. It is the price at which M + s*q*(P - E) equals the maintenance plus the closing fee f the
rule counts in; P <= 0 means that there is none. On the mark basis m and cum are those of the tier
that holds q*P, on the entry basis of the one that holds q*E.

The result is an estimate: it moves with added margin, with funding and with the venue's own mark
price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from enum import StrEnum
from typing import Self

from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rounding import plain
from signalbot.domain.side import Side
from signalbot.risk.tiers import ONE, ZERO, Tier, single_tier, tier_at

LOWEST_MMR = Decimal("0.01")
HIGHEST_MMR = Decimal("0.05")
"""First-tier maintenance rates between which a contract of unknown tiers is shown."""

# Products of price and quantity stay exact, so a position that just fits its tier is not refused.
_WIDE = Context(prec=60)
_UP = Context(prec=60, rounding=ROUND_CEILING)
_PRICE = Context(prec=28)
_SHOWN_DOWN = Context(prec=6, rounding=ROUND_FLOOR)
_SHOWN_UP = Context(prec=6, rounding=ROUND_CEILING)


class Basis(StrEnum):
    """What the maintenance is charged on: the value at the mark price, or at the entry price."""

    MARK = "mark"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An isolated position; prices and money in quote units, quantity in base units, all positive.

    Attributes
    ----------
    margin : Decimal
        Posted when it is opened: notional over leverage.
    added_margin : Decimal
        Put in later; it moves the liquidation and leaves the leverage that was chosen.
    """

    side: Side
    entry: Decimal
    qty: Decimal
    margin: Decimal
    added_margin: Decimal = ZERO

    @classmethod
    def leveraged(
        cls,
        *,
        side: Side,
        entry: Decimal,
        qty: Decimal,
        leverage: Decimal,
        added_margin: Decimal = ZERO,
    ) -> Self:
        """Return the position that posts its notional over `leverage`."""
        margin = _UP.divide(_UP.multiply(qty, entry), leverage)
        return cls(side=side, entry=entry, qty=qty, margin=margin, added_margin=added_margin)

    @property
    def notional(self) -> Decimal:
        """Value at the entry."""
        return self.qty * self.entry

    @property
    def leverage(self) -> Decimal:
        """Notional over the margin it was opened with."""
        return self.notional / self.margin

    @property
    def total_margin(self) -> Decimal:
        """Margin of the opening and margin added."""
        return self.margin + self.added_margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidation:
    """Where a position ends, and why it could not be opened like this.

    Attributes
    ----------
    price : Decimal or None
        28 significant digits, not on the tick. None where it cannot be liquidated, is at once, or
        lies beyond the last tier.
    tier : int or None
        Number of the tier that decided, from 1; None beyond the last one.
    mmr, cum : Decimal or None
        Maintenance rate and amount of that tier.
    refusals : tuple of Refusal
        LEVERAGE_ABOVE_TIER, LIQUIDATED_AT_ENTRY or ABOVE_TIER_NOTIONAL.
    """

    price: Decimal | None
    tier: int | None
    mmr: Decimal | None
    cum: Decimal | None
    refusals: tuple[Refusal, ...] = ()


UNKNOWN = Liquidation(price=None, tier=None, mmr=None, cum=None)
"""The answer where neither tiers nor a rate are known: only a range can be told."""


def liquidation(
    position: Position, tiers: Sequence[Tier], basis: Basis, fee_rate: Decimal
) -> Liquidation:
    """Return where a position is liquidated by a venue's rule.

    On the mark basis it is the first price, going from the entry against the position, at which
    the margin left does not exceed what the tier there demands. With amounts that make the
    maintenance continuous that is the solution in the one tier that holds its own; with others it
    is the nearest solution, or the edge of the tier that demands more than is left.

    Parameters
    ----------
    fee_rate : Decimal
        Closing fee that the venue's rule counts in, per notional; 0 where it counts none.
    """
    with localcontext(_WIDE):
        start = tier_at(tiers, position.notional)
        if start is None:
            return _beyond(_too_large(position, tiers))
        refusals = _leverage_refusals(position, tiers, start)
        left = _left(position, tiers[start], fee_rate, position.notional)
        if left <= 0:
            refusal = _at_entry(position, left)
            return _in_tier(tiers, start, None, (*refusals, refusal))
        if basis is Basis.ENTRY:
            price = position.entry - position.side.sign * left / position.qty
            return _in_tier(tiers, start, price, refusals)
        found = _first_breach(position, tiers, fee_rate, start)
        if found is not None:
            return _in_tier(tiers, *found, refusals)
        if position.side is Side.LONG:
            return _in_tier(tiers, 0, None, refusals)
        return _beyond(*refusals, _liquidated_beyond(position, tiers[-1], fee_rate))


def liquidation_range(
    position: Position, basis: Basis, fee_rate: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """Return the liquidation prices at first-tier rates of 1 % and of 5 %, low price first.

    For a contract of unknown tiers: a range to be labelled as such. An end is None where the
    position cannot be liquidated, and the entry where it would be at once.
    """
    lowest, highest = (
        _end_of_range(position, mmr, basis, fee_rate) for mmr in (LOWEST_MMR, HIGHEST_MMR)
    )
    return (lowest, highest) if position.side is Side.LONG else (highest, lowest)


def distance_pct(entry: Decimal, price: Decimal) -> Decimal:
    """Return how far `price` is from the entry in per cent of it: -32.3 is 32.3 % below."""
    return (price - entry) / entry * 100


def distance_stops(entry: Decimal, stop: Decimal, price: Decimal) -> Decimal:
    """Return how many stop distances lie between the entry and `price`."""
    return abs(price - entry) / abs(entry - stop)


def _first_breach(
    position: Position, tiers: Sequence[Tier], fee_rate: Decimal, start: int
) -> tuple[int, Decimal] | None:
    is_long = position.side is Side.LONG
    for index in range(start, -1, -1) if is_long else range(start, len(tiers)):
        tier = tiers[index]
        near, far = (tier.cap, tier.floor) if is_long else (tier.floor, tier.cap)
        if index != start and _left(position, tier, fee_rate, near) <= 0:
            return index, near / position.qty
        left = _left(position, tier, fee_rate, far)
        if left < 0 or (left == 0 and tier.holds(far)):
            return index, _mark_price(position, tier, fee_rate)
    return None


def _mark_price(position: Position, tier: Tier, fee_rate: Decimal) -> Decimal:
    sign = position.side.sign
    money = position.total_margin + tier.cum - sign * position.notional
    return money / (position.qty * (tier.mmr + fee_rate - sign))


def _left(position: Position, tier: Tier, fee_rate: Decimal, notional: Decimal) -> Decimal:
    # margin that is left, above what must be kept, where the position is worth `notional`
    profit = position.side.sign * (notional - position.notional)
    return position.total_margin + profit - tier.maintenance(notional, fee_rate)


def _end_of_range(
    position: Position, mmr: Decimal, basis: Basis, fee_rate: Decimal
) -> Decimal | None:
    found = liquidation(position, single_tier(mmr), basis, fee_rate)
    return position.entry if found.refusals else found.price


def _in_tier(
    tiers: Sequence[Tier], index: int, price: Decimal | None, refusals: tuple[Refusal, ...]
) -> Liquidation:
    return Liquidation(
        price=_PRICE.plus(price) if price is not None and price > 0 else None,
        tier=index + 1,
        mmr=tiers[index].mmr,
        cum=tiers[index].cum,
        refusals=refusals,
    )


def _beyond(*refusals: Refusal) -> Liquidation:
    return Liquidation(price=None, tier=None, mmr=None, cum=None, refusals=refusals)


def _too_large(position: Position, tiers: Sequence[Tier]) -> Refusal:
    return Refusal(
        code=RefusalCode.ABOVE_TIER_NOTIONAL,
        message=f"a position worth {_up(position.notional)} is beyond the last tier:"
        f" one of up to {_down(tiers[-1].cap)} would fit",
    )


def _liquidated_beyond(position: Position, last: Tier, fee_rate: Decimal) -> Refusal:
    # with margin in proportion, the notional whose liquidation is at the cap exactly
    per_notional = ONE + position.total_margin / position.notional
    fits = (last.cap + last.maintenance(last.cap, fee_rate)) / per_notional
    return Refusal(
        code=RefusalCode.ABOVE_TIER_NOTIONAL,
        message=f"it would be liquidated beyond the last tier, which ends at {_down(last.cap)}:"
        f" one of up to {_down(fits)} with as much margin for its size would fit",
    )


def _leverage_refusals(
    position: Position, tiers: Sequence[Tier], start: int
) -> tuple[Refusal, ...]:
    highest = tiers[start].max_leverage
    if highest is None or _allows(position, highest):
        return ()
    caps = [
        tier.cap
        for tier in tiers[:start]
        if tier.max_leverage is None or _allows(position, tier.max_leverage)
    ]
    or_smaller = f", or a position of up to {_down(caps[-1])}" if caps else ""
    return (
        Refusal(
            code=RefusalCode.LEVERAGE_ABOVE_TIER,
            message=f"{_up(position.leverage)}x is above the {plain(highest)}x of tier"
            f" {start + 1}: {plain(highest)}x would fit{or_smaller}",
        ),
    )


def _allows(position: Position, max_leverage: Decimal) -> bool:
    return position.notional <= max_leverage * position.margin


def _at_entry(position: Position, left: Decimal) -> Refusal:
    needed = position.total_margin - left
    leverage = position.notional / needed
    return Refusal(
        code=RefusalCode.LIQUIDATED_AT_ENTRY,
        message=f"the margin {_down(position.total_margin)} is not above the maintenance at the"
        f" entry: more than {_up(needed)}, less than {_down(leverage)}x, would fit",
    )


def _down(value: Decimal) -> str:
    return plain(_SHOWN_DOWN.plus(value))


def _up(value: Decimal) -> str:
    return plain(_SHOWN_UP.plus(value))
