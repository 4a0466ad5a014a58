"""What became of an alert."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.trade import Quote, Trade


class OutcomeKind(StrEnum):
    """Every alert ends in exactly one of these; until then it is OPEN."""

    TARGET = "TARGET"
    STOP = "STOP"
    EXPIRED = "EXPIRED"
    NOT_FILLED = "NOT_FILLED"
    VOID_LATE = "VOID_LATE"
    NOT_PUBLISHED = "NOT_PUBLISHED"
    UNRESOLVED_GAP = "UNRESOLVED_GAP"
    DELISTED = "DELISTED"
    OPEN = "OPEN"


DECIDED = frozenset(
    {
        OutcomeKind.TARGET,
        OutcomeKind.STOP,
        OutcomeKind.EXPIRED,
        OutcomeKind.DELISTED,
        OutcomeKind.UNRESOLVED_GAP,
    }
)
"""The kinds that count in the win rate; a gap counts as a stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one alert, with the rows that decided it.

    R values are in units of the planned risk |entry - stop|; prices are raw, before slippage;
    None where there was no fill or no exit. `worst_net_r` and `best_net_r` bound an ambiguous
    outcome and equal `net_r` otherwise.

    Attributes
    ----------
    evidence : tuple of Candle
        From the entry candle to the deciding one.
    finer_evidence : tuple of Candle
        The finer candles that put the events inside one of them in order, if any were needed.
    trade_evidence : tuple of Trade
        The trades that put them in order: all of each candle that was looked into, of the entry
        candle those from the fill on.
    quote_evidence : Quote or None
        The stored quote that gave the fill, if one did.
    funding_evidence : tuple of FundingPayment
        The funding that fell due between fill and exit.
    delisted_at : int or None
        When the venue ended trading, if that decided.
    """

    kind: OutcomeKind
    filled_at: int | None = None
    fill_price: Decimal | None = None
    exit_at: int | None = None
    exit_price: Decimal | None = None
    gross_r: Decimal | None = None
    cost_r: Decimal | None = None
    net_r: Decimal | None = None
    ambiguous: bool = False
    worst_net_r: Decimal | None = None
    best_net_r: Decimal | None = None
    evidence: tuple[Candle, ...] = ()
    finer_evidence: tuple[Candle, ...] = ()
    trade_evidence: tuple[Trade, ...] = ()
    quote_evidence: Quote | None = None
    funding_evidence: tuple[FundingPayment, ...] = ()
    delisted_at: int | None = None

    @property
    def source(self) -> str:
        """The finest thing that had a say: `trades`, `quote`, `finer candles` or `candles`."""
        if self.trade_evidence:
            return "trades"
        if self.quote_evidence:
            return "quote"
        return "finer candles" if self.finer_evidence else "candles"

    @property
    def candles_hash(self) -> str | None:
        """SHA-256 over the CSV lines of the evidence, each ended by a line feed."""
        if not self.evidence:
            return None
        lines = "".join(candle.csv_line() + "\n" for candle in self.evidence)
        return hashlib.sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One alert in the statistics: where it stands, and what it was planned to need.

    R values are None where the outcome has none (not filled, void, open), and `gross_r` and the
    bounds also where a record does not tell them.

    Attributes
    ----------
    net_r, gross_r : float or None
        Result after and before costs.
    ambiguous : bool
        Whether the data left the order of prices open; then the bounds differ from `net_r`.
    worst_net_r, best_net_r : float or None
        What it is at worst and at best.
    volatility, regime : str
        BTC's tercile of volatility and its trend when the alert was decided; empty if not told.
    """

    alert_id: str
    setup: str
    version: str
    symbol: str
    side: str
    published_at: int
    kind: OutcomeKind
    net_r: float | None
    breakeven_win_rate: float
    gross_r: float | None = None
    ambiguous: bool = False
    worst_net_r: float | None = None
    best_net_r: float | None = None
    volatility: str = ""
    regime: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether it counts in the win rate."""
        return self.kind in DECIDED

    @property
    def is_win(self) -> bool:
        """Whether something was left after costs."""
        return self.is_decided and self.net_r is not None and self.net_r > 0
