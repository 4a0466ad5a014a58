"""A plan for one trade, and the alert that publishes it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.instrument import coin
from signalbot.domain.profile import Profile
from signalbot.domain.rounding import ceil_to, floor_to
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS, Timeframe

CHASE_SHARE = Decimal("0.25")
"""A fill worse than the entry by more than this share of the stop distance is too late."""


class EntryKind(StrEnum):
    """How the position is opened: at the market, or by a resting limit at the entry price."""

    MARKET = "market"
    LIMIT = "limit"


class SetupState(StrEnum):
    """What the record says of a setup version so far."""

    UNPROVEN = "unproven"
    PROVEN = "proven"
    LOSING = "losing"


def alert_id(  # noqa: PLR0913 - the seven things that make an alert this one
    *,
    setup: str,
    version: str,
    venue: str,
    symbol: str,
    timeframe: str,
    candle_close: int,
    side: Side,
) -> str:
    """Return the id of an alert: 16 hex digits of a SHA-256 over what makes it this alert.

    A pure function of its inputs, so a restart or a second scanner cannot publish twice.
    """
    parts = (setup, version, venue, symbol, timeframe, str(candle_close), side.value)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything an outcome depends on, but for when it was published.

    Prices are on the tick; 1 R = |entry - stop|. Rates are fractions of notional: 0.0005 is
    0.05 %. `slippage_rate` is per taker fill; the target is a resting limit without slippage.
    """

    id: str
    venue: str
    symbol: str
    side: Side
    entry: Decimal
    stop: Decimal
    target: Decimal
    tick: Decimal
    entry_kind: EntryKind = EntryKind.MARKET
    latency_s: int
    max_hold_min: int
    entry_ttl_min: int
    taker_rate: Decimal
    maker_rate: Decimal
    slippage_rate: Decimal

    @property
    def coin(self) -> str:
        """Base asset."""
        return coin(self.symbol)

    @property
    def risk(self) -> Decimal:
        """Distance from entry to stop in quote units: one R."""
        return abs(self.entry - self.stop)

    @property
    def entry_fee_rate(self) -> Decimal:
        """Fee rate of the entry fill: a resting limit pays the maker's."""
        return self.taker_rate if self.entry_kind is EntryKind.MARKET else self.maker_rate

    @property
    def entry_slippage_rate(self) -> Decimal:
        """Slippage rate of the entry fill: a resting limit has none."""
        return self.slippage_rate if self.entry_kind is EntryKind.MARKET else Decimal(0)

    def starts_at(self, published_at: int) -> int:
        """Return the instant from which a reader could trade."""
        return published_at + self.latency_s * 1000

    def expires_at(self, published_at: int) -> int:
        """Return the instant from which the position is closed at the market."""
        return published_at + self.max_hold_min * MINUTE_MS

    @property
    def chase_limit(self) -> Decimal:
        """Price beyond which a fill is too late, before rounding to the tick."""
        return self.entry + self.side.sign * CHASE_SHARE * self.risk

    @property
    def do_not_chase(self) -> Decimal:
        """`chase_limit` on the tick, rounded towards the entry: what a reader is told."""
        rounded = floor_to if self.side is Side.LONG else ceil_to
        return rounded(self.chase_limit, self.tick)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A position for one account; money in quote units, quantity in base units."""

    qty: Decimal
    notional: Decimal
    margin: Decimal
    leverage: Decimal
    loss_at_stop: Decimal
    gain_at_target: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BtcNote:
    """What BTC did when the alert was decided: log return over 5 minutes, regime, trend."""

    return_5m: Decimal
    trend: str
    volatility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A plan that passed every gate, as the ledger holds it.

    Attributes
    ----------
    candle_close : int
        Instant at which the candle that fired was closed; the alert is identified by it.
    breakeven_win_rate, cost_r, reward_risk_net : Decimal
        Of this plan after costs (risk/costs.py).
    reasons : mapping of str to Decimal
        Why the setup fired, as numbers.
    description : mapping of str to Decimal
        Description of the pair at that candle, for the review; it decides nothing.
    account, size : Profile, Size
        The reference account, and the size for it.
    """

    plan: Plan
    setup: str
    version: str
    state: SetupState
    timeframe: Timeframe
    candle_close: int
    breakeven_win_rate: Decimal
    cost_r: Decimal
    reward_risk_net: Decimal
    account: Profile
    size: Size
    btc: BtcNote
    reasons: Mapping[str, Decimal] = field(default_factory=dict)
    description: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Deterministic id, see `alert_id`."""
        return self.plan.id
