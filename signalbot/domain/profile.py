"""An account, as far as sizing needs to know it."""

from dataclasses import dataclass
from decimal import Decimal

ADVISED_LEVERAGE = Decimal(5)
"""Above it every answer warns, even where the rules allow more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a position is sized for.

    Attributes
    ----------
    equity : Decimal
        Account in quote currency (USDT).
    risk_pct : Decimal
        Per cent of the equity that a stop may cost: 0.5 means 0.5 %.
    leverage : Decimal
        The leverage the user asks for. It sets margin and liquidation, never the risk.
    """

    equity: Decimal
    risk_pct: Decimal
    leverage: Decimal = Decimal(3)

    @property
    def risk_money(self) -> Decimal:
        """Money that one stop may cost, all costs included."""
        return self.equity * self.risk_pct / 100


REFERENCE_PROFILE = Profile(equity=Decimal(1000), risk_pct=Decimal("0.5"))
"""The account shown where there is no subscriber: the channel and a replay."""
