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

from signalbot.domain.alert import Plan
from signalbot.domain.funding import FundingPayment

ONE = Decimal(1)


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
    fill = fill_raw * (ONE + sign * plan.entry_slippage_rate)
    slippage = Decimal(0) if at_target else plan.slippage_rate
    fee_out = plan.maker_rate if at_target else plan.taker_rate
    closed = exit_raw * (ONE - sign * slippage)
    paid = plan.entry_fee_rate * fill + fee_out * closed + funding
    return Result(
        gross_r=sign * (exit_raw - fill_raw) / plan.risk,
        net_r=(sign * (closed - fill) - paid) / plan.risk,
    )


def funding_due(
    payments: Sequence[FundingPayment], filled_at: int, exit_at: int
) -> tuple[FundingPayment, ...]:
    """Return the payments of a position held over (filled_at, exit_at]."""
    return tuple(pay for pay in payments if filled_at < pay.time <= exit_at)


def funding_paid(plan: Plan, due: Sequence[FundingPayment]) -> Decimal:
    """Return what the side of `plan` paid, per base unit; negative if it received."""
    return plan.side.sign * sum((pay.rate * pay.price for pay in due), Decimal(0))
