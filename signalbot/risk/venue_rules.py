"""How each venue liquidates, and what it charges: a table to be checked against the venue.

Nothing here was tried on a live account. A rule that a venue changed keeps its older row under a
name of its own, so that an old position can still be recomputed.
"""

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from signalbot.errors import InputError
from signalbot.risk.liquidation import Basis
from signalbot.risk.tiers import ZERO


class ClosingFee(StrEnum):
    """The closing fee that a venue's liquidation price counts in."""

    NONE = "none"
    TAKER = "taker"
    LIQUIDATION = "liquidation fee"


class MaintenanceAmount(StrEnum):
    """Where the amount `cum` of a tier comes from."""

    STATED = "stated by the venue"
    RECOMPUTED = "recomputed from the tiers"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRule:
    """One row of the table.

    Attributes
    ----------
    basis : Basis
        What the maintenance is charged on.
    closing_fee : ClosingFee
        The fee f of the formula (risk/liquidation.py).
    maintenance_amount : MaintenanceAmount
        Where `cum` comes from. One that is stated is recomputed too where a tier file omits it.
    amount_name : str or None
        What the venue calls it.
    tiers_public : bool
        Whether the venue tells its tiers without a key.
    taker_rate, maker_rate : Decimal
        Default fees per notional: 0.0005 is 0.05 %.
    rates_vary : bool
        Whether fees are set by market, so that the default is a guess.
    source : str
        The venue's page, call or field that the row follows.
    checked : str
        Year and month in which the row was last compared with its source.
    """

    venue: str
    basis: Basis
    closing_fee: ClosingFee
    maintenance_amount: MaintenanceAmount
    amount_name: str | None = None
    tiers_public: bool
    taker_rate: Decimal
    maker_rate: Decimal
    rates_vary: bool = False
    source: str
    checked: str

    @property
    def recomputes_amount(self) -> bool:
        """Return whether a `cum` that is not stated is recomputed; otherwise it is 0."""
        return self.maintenance_amount is not MaintenanceAmount.NONE

    def closing_fee_rate(self, taker_rate: Decimal) -> Decimal:
        """Return the fee rate f of this venue for an account that pays `taker_rate`.

        A liquidation fee is 0 here: the venue's own example charges none, and its rate by contract
        is not known. Whoever knows it passes it to `liquidation` instead.
        """
        return taker_rate if self.closing_fee is ClosingFee.TAKER else ZERO


VENUE_RULES = (
    VenueRule(
        venue="binanceusdm",
        basis=Basis.MARK,
        closing_fee=ClosingFee.NONE,
        maintenance_amount=MaintenanceAmount.STATED,
        amount_name="cum",
        tiers_public=False,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        source="Binance FAQ on the liquidation price; leverageBracket",
        checked="2026-11",
    ),
    VenueRule(
        venue="bybit",
        basis=Basis.MARK,
        closing_fee=ClosingFee.NONE,  # reserved in both margins, so it cancels
        maintenance_amount=MaintenanceAmount.STATED,
        amount_name="mmDeduction",
        tiers_public=True,
        taker_rate=Decimal("0.0006"),
        maker_rate=Decimal("0.0002"),
        source="Bybit's rule since 2025-09-02; risk-limit",
        checked="2026-11",
    ),
    VenueRule(
        venue="bybit-before-2025-09",
        basis=Basis.ENTRY,
        closing_fee=ClosingFee.NONE,
        maintenance_amount=MaintenanceAmount.STATED,
        amount_name="mmDeduction",
        tiers_public=True,
        taker_rate=Decimal("0.0006"),
        maker_rate=Decimal("0.0002"),
        source="Bybit's rule until 2025-09-02; risk-limit",
        checked="2026-11",
    ),
    VenueRule(
        venue="bingx",
        basis=Basis.MARK,
        closing_fee=ClosingFee.TAKER,
        maintenance_amount=MaintenanceAmount.STATED,
        amount_name="maintAmount",
        tiers_public=False,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        source="BingX maintMarginRatio",
        checked="2026-11",
    ),
    VenueRule(
        venue="bitget",
        basis=Basis.MARK,
        closing_fee=ClosingFee.TAKER,
        maintenance_amount=MaintenanceAmount.RECOMPUTED,  # the public tiers do not carry it
        amount_name="offset",
        tiers_public=True,
        taker_rate=Decimal("0.0006"),
        maker_rate=Decimal("0.0002"),
        source="Bitget query-position-lever",
        checked="2026-11",
    ),
    VenueRule(
        venue="weex",
        basis=Basis.MARK,
        closing_fee=ClosingFee.NONE,
        maintenance_amount=MaintenanceAmount.RECOMPUTED,
        tiers_public=False,
        taker_rate=Decimal("0.0008"),
        maker_rate=Decimal("0.0002"),
        source="WEEX exchangeInfo, which carries fees and no tiers",
        checked="2026-11",
    ),
    VenueRule(
        venue="mexc",
        basis=Basis.ENTRY,
        closing_fee=ClosingFee.LIQUIDATION,
        maintenance_amount=MaintenanceAmount.NONE,
        tiers_public=True,
        taker_rate=Decimal("0.0006"),
        maker_rate=Decimal("0.0002"),
        rates_vary=True,
        source="MEXC help page on the liquidation price; contract/detail",
        checked="2026-11",
    ),
)
"""The rules of all venues that are known."""

_BY_VENUE = {rule.venue: rule for rule in VENUE_RULES}
KNOWN_VENUES = frozenset(_BY_VENUE)
DEFAULT_VENUE = "binanceusdm"
"""The venue whose terms are assumed where none is named."""


def rule_for(venue: str) -> VenueRule:
    """Return the rule of a venue, named as ccxt names it.

    Raises
    ------
    InputError
        If it is not in the table; the nearest names are told.
    """
    if venue not in _BY_VENUE:
        nearest = get_close_matches(venue[:64].lower(), _BY_VENUE, n=3, cutoff=0)
        raise InputError("venue", venue, f"a venue of the table, such as {', '.join(nearest)}")
    return _BY_VENUE[venue]
