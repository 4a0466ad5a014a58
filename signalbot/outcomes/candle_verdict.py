"""What one candle does to an open position.

Prices are compared in the direction of the trade, so one text serves both sides: the stop is hit
where the price is at or beyond it, the target only where it is traded through by a tick.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.side import Side


class Place(Enum):
    """Where a candle stands in the life of a position."""

    ENTRY = auto()
    """Contains a market fill: a touch may have come before it."""
    LIMIT_FILL = auto()
    """Contains a limit fill: a stop in it came after the fill."""
    HELD = auto()
    """Held from its open to its close."""
    EXPIRY = auto()
    """Contains the expiry: a touch may have come after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a position ends, at what price before slippage, and when, if a trade tells."""

    kind: OutcomeKind
    raw: Decimal
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a candle decides.

    Attributes
    ----------
    exit : Exit or None
        STOP or TARGET, or None where the position stays open.
    unordered : bool
        The candle alone does not say in which order its prices came, and that matters.
    """

    exit: Exit | None = None
    unordered: bool = False


NOTHING = Verdict()


def judge(plan: Plan, candle: Candle, place: Place) -> Verdict:
    """Return what `candle` does to a position of `plan` that is open in it."""
    if place in (Place.HELD, Place.EXPIRY):
        opened = _opened_beyond(plan, candle)
        if opened is not NOTHING:
            return opened
    stop_hit = is_beyond_stop(plan, _adverse(plan, candle))
    favourable = _favourable(plan, candle)
    touched = plan.side.sign * (favourable - plan.target) >= 0
    stopped = Exit(kind=OutcomeKind.STOP, raw=plan.stop)
    if place is Place.HELD:
        through = is_through_target(plan, favourable)
        if stop_hit:
            return Verdict(exit=stopped, unordered=through)
        return Verdict(exit=_at_target(plan)) if through else NOTHING
    if stop_hit:
        return Verdict(exit=stopped, unordered=touched or place is not Place.LIMIT_FILL)
    return Verdict(unordered=touched)


def trades_through_entry(plan: Plan, candle: Candle) -> bool:
    """Return whether the candle fills a limit at the entry: one tick beyond it."""
    return is_through_entry(plan, _adverse(plan, candle))


def is_through_entry(plan: Plan, price: Decimal) -> bool:
    """Return whether a price fills a limit at the entry: one tick beyond it."""
    return plan.side.sign * (plan.entry - price) >= plan.tick


def is_through_target(plan: Plan, price: Decimal) -> bool:
    """Return whether a price fills the target: one tick beyond it."""
    return plan.side.sign * (price - plan.target) >= plan.tick


def is_beyond_stop(plan: Plan, price: Decimal) -> bool:
    """Return whether a price is at or beyond the stop."""
    return plan.side.sign * (price - plan.stop) <= 0


def is_too_late(plan: Plan, price: Decimal) -> bool:
    """Return whether a fill there is worse than the chase limit, or at or beyond the target."""
    sign = plan.side.sign
    return sign * (price - plan.chase_limit) > 0 or sign * (price - plan.target) >= 0


def _opened_beyond(plan: Plan, candle: Candle) -> Verdict:
    if is_beyond_stop(plan, candle.open):
        return Verdict(exit=Exit(kind=OutcomeKind.STOP, raw=candle.open))
    if is_through_target(plan, candle.open):
        return Verdict(exit=_at_target(plan))
    return NOTHING


def _at_target(plan: Plan) -> Exit:
    return Exit(kind=OutcomeKind.TARGET, raw=plan.target)


def _adverse(plan: Plan, candle: Candle) -> Decimal:
    return candle.low if plan.side is Side.LONG else candle.high


def _favourable(plan: Plan, candle: Candle) -> Decimal:
    return candle.high if plan.side is Side.LONG else candle.low
