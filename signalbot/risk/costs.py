"""What a trade costs per base unit, and the win rate it needs.

::

    E' = E(1 + s*slip_in)      S' = S(1 - s*slip_stop)      T' = T(1 - s*slip_target)
    unit_loss = s(E' - S') + f_in*E' + f_stop*S' + funding
    unit_gain = s(T' - E') - f_in*E' - f_target*T'
    breakeven_win_rate = unit_loss / (unit_loss + unit_gain)
    cost_r = (unit_loss - |E - S|) / |E - S|

s is +1 for a long and -1 for a short. Does not model partial fills or a moving fee tier.
"""

from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import Plan
from signalbot.domain.rounding import TEN_PLACES
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRates:
    """Fee and slippage of each fill as fractions of notional: 0.0005 is 0.05 %.

    A resting limit at the target pays the maker fee and has no slippage.
    """

    fee_in: Decimal
    fee_stop: Decimal
    fee_target: Decimal
    slip_in: Decimal
    slip_stop: Decimal
    slip_target: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """Money per base unit, in quote units, all costs included.

    Attributes
    ----------
    loss : Decimal
        Lost at the stop; positive.
    gain : Decimal
        Won at the target; negative where the costs exceed the move.
    risk : Decimal
        |entry - stop|, one R.
    """

    loss: Decimal
    gain: Decimal
    risk: Decimal

    @property
    def cost_r(self) -> Decimal:
        """What the costs add to the loss at the stop, in R."""
        return (self.loss - self.risk) / self.risk

    @property
    def breakeven_win_rate(self) -> Decimal:
        """Share of wins at which nothing is won or lost; 1 where even a win loses."""
        return self.loss / (self.loss + self.gain) if self.gain > 0 else ONE

    @property
    def reward_risk_net(self) -> Decimal:
        """Gain at the target over loss at the stop, both after costs."""
        return self.gain / self.loss


def market_rates(taker_rate: Decimal, maker_rate: Decimal, slippage_rate: Decimal) -> CostRates:
    """Return the rates of a market entry, a market stop and a resting limit at the target."""
    return CostRates(
        fee_in=taker_rate,
        fee_stop=taker_rate,
        fee_target=maker_rate,
        slip_in=slippage_rate,
        slip_stop=slippage_rate,
    )


def plan_rates(plan: Plan) -> CostRates:
    """Return the rates that an alert was published with; the entry is as its kind is filled."""
    return CostRates(
        fee_in=plan.entry_fee_rate,
        fee_stop=plan.taker_rate,
        fee_target=plan.maker_rate,
        slip_in=plan.entry_slippage_rate,
        slip_stop=plan.slippage_rate,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Side and the three prices of a trade."""

    side: Side
    entry: Decimal
    stop: Decimal
    target: Decimal


def unit_costs(levels: Levels, rates: CostRates, funding: Decimal = ZERO) -> UnitCosts:
    """Return loss at the stop and gain at the target per base unit.

    `funding` is what is expected to be paid inside the holding window, in quote units per base
    unit; negative if it is received.
    """
    sign = levels.side.sign
    entry = levels.entry * (ONE + sign * rates.slip_in)
    stop = levels.stop * (ONE - sign * rates.slip_stop)
    target = levels.target * (ONE - sign * rates.slip_target)
    fee_in = rates.fee_in * entry
    return UnitCosts(
        loss=sign * (entry - stop) + fee_in + rates.fee_stop * stop + funding,
        gain=sign * (target - entry) - fee_in - rates.fee_target * target - funding,
        risk=abs(levels.entry - levels.stop),
    )


def replay_slippage(entry: Decimal, tick: Decimal, rules: Rules) -> Decimal:
    """Return the slippage rate of one taker fill where no book was recorded.

    A fixed rate plus half a tick as a share of the price, rounded up to ten places.
    """
    rate = rules.replay_slippage_rate + rules.replay_slippage_ticks * tick / entry
    return rate.quantize(TEN_PLACES, "ROUND_CEILING")
