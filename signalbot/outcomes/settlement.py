"""An exit in R, before and after costs.

::

    gross_r = s*(exit_raw - fill_raw) / |E - S|
    net_r   = (s*(exit - fill) - f_in*fill - f_out*exit - funding) / |E - S|

The fill slips unless it is a resting limit; the exit slips and pays the taker fee unless it is the
target, a resting limit. Funding is s*rate*price for every funding time in (filled_at, exit_at].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Floats
from signalbot.domain.funding import FundingPayment

Amount = TypeVar("Amount", Decimal, Floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges(Generic[Amount]):
    """What one trade pays: rates of notional, and funding in quote units per base unit.

    Exact for an outcome; arrays of shape (trades,) where many are settled at once.
    """

    entry_slippage: Amount
    entry_fee: Amount
    exit_slippage: Amount
    exit_fee: Amount
    funding: Amount


def earned(sign: int, fill_raw: Amount, exit_raw: Amount, charges: Charges[Amount]) -> Amount:
    """Return what one base unit earns after costs, in quote units; prices raw."""
    fill = fill_raw * (1 + sign * charges.entry_slippage)
    closed = exit_raw * (1 - sign * charges.exit_slippage)
    paid = charges.entry_fee * fill + charges.exit_fee * closed + charges.funding
    return sign * (closed - fill) - paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A settled exit, in R."""

    gross_r: Decimal
    net_r: Decimal

    @property
    def cost_r(self) -> Decimal:
        """What costs and funding took."""
        return self.gross_r - self.net_r


def settle(
    plan: Plan,
    fill_raw: Decimal,
    exit_raw: Decimal,
    *,
    at_target: bool,
    funding: Decimal = Decimal(0),
) -> Result:
    """Return what an exit is worth; prices raw, `funding` paid in quote units per base unit."""
    sign = plan.side.sign
    charges = Charges(
        entry_slippage=plan.entry_slippage_rate,
        entry_fee=plan.entry_fee_rate,
        exit_slippage=Decimal(0) if at_target else plan.slippage_rate,
        exit_fee=plan.maker_rate if at_target else plan.taker_rate,
        funding=funding,
    )
    return Result(
        gross_r=sign * (exit_raw - fill_raw) / plan.risk,
        net_r=earned(sign, fill_raw, exit_raw, charges) / plan.risk,
    )


def funding_due(
    payments: Sequence[FundingPayment], filled_at: int, exit_at: int
) -> tuple[FundingPayment, ...]:
    """Return the payments of a position held over (filled_at, exit_at]."""
    return tuple(pay for pay in payments if filled_at < pay.time <= exit_at)


def funding_paid(plan: Plan, due: Sequence[FundingPayment]) -> Decimal:
    """Return what the side of `plan` paid, per base unit; negative if it received."""
    return plan.side.sign * sum((pay.rate * pay.price for pay in due), Decimal(0))
