"""A contract as a venue lists it, and why one of its markets is not looked at."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.instrument import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One USDT perpetual on a crypto coin.

    Attributes
    ----------
    max_leverage : Decimal or None
        Highest of the contract, where the venue states one: for both sides, the lower of them.
    listed_at : int or None
        When trading began, ms UTC, where the venue says it.
    is_active : bool
        Whether a position can be opened.
    base_id : str
        The base asset as the venue writes it: ccxt renames some (MEXC's GAS is its GASDAO).
    coin : str
        The coin that `base_id` counts: `PEPE` for `1000PEPE`.
    multiplier : int
        How many of that coin one unit is: 1000 for `1000PEPE`. The price is that of so many.
    """

    instrument: Instrument
    max_leverage: Decimal | None = None
    listed_at: int | None = None
    is_active: bool = True
    base_id: str
    coin: str
    multiplier: int = 1

    @property
    def symbol(self) -> str:
        """Unified name, as ccxt has it."""
        return self.instrument.symbol


class ExclusionCode(StrEnum):
    """Every reason for which a market of a venue is not looked at."""

    NOT_USDT_PERPETUAL = "NOT_USDT_PERPETUAL"
    DEMO = "DEMO"
    TRADFI = "TRADFI"
    INDEX = "INDEX"
    STABLE = "STABLE"
    NOT_TRADING = "NOT_TRADING"
    NO_OPENING = "NO_OPENING"
    DELISTING = "DELISTING"
    CORRUPT = "CORRUPT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A market that is not looked at.

    Attributes
    ----------
    symbol : str
        ccxt's unified name, shortened; empty where the venue's entry has none.
    note : str
        The field that says so, and what it says.
    listing : Listing or None
        What is known of a coin's perpetual that cannot be opened (now, or soon): an alert that is
        open there is still followed.
    """

    venue: str
    symbol: str
    code: ExclusionCode
    note: str
    listing: Listing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """All markets of one venue: those that can be traded, and the others with their reasons."""

    venue: str
    listed: tuple[Listing, ...]
    excluded: tuple[Exclusion, ...]
