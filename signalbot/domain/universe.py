"""The pairs watched on a day: what is known of each, what is asked of it, what became of it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from signalbot.domain.listing import Listing
from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.rounding import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a figure may be, both ends included; an end that is None is open."""

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Return whether a value is within it."""
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        ends = (("at least", self.low), ("at most", self.high))
        return ", ".join(f"{word} {plain(end)}" for word, end in ends if end is not None)


MICRO_PROFILE = Profile(equity=Decimal(200), risk_pct=Decimal("0.5"))
"""The smallest account the product is made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UniverseRules:
    """What is asked of a pair before anybody looks for setups in it.

    A scalp's stop is taken to be `stop_moves` typical moves away and its target `reward` stops;
    what a spread or a tick may be hangs on them.

    Attributes
    ----------
    quote_volume : Range
        Of 24 hours, in USDT.
    move : Range
        The typical move, as a fraction of the price: below it costs eat a scalp, above it a stop.
    spread_share : Range
        Spread as a share of the target.
    tick_share : Range
        Tick as a share of the stop distance.
    age_days : Range
        Days since trading began.
    cap_rank, trade_rank : Range
        Rank by market cap, and the one used without it: by volume and open interest on the venue.
    unknown_cap_is_small : bool
        Whether a coin whose market cap is unverified may be watched, by its `trade_rank`.
    depth_share : Decimal
        Of the visible depth that an order may take.
    reference, micro : Profile
        The account whose size the depth must bear, and the one that the smallest order must fit.
    most_pairs : int
        No more than so many, those of the highest volume.
    """

    quote_volume: Range = Range(low=Decimal(1_000_000), high=Decimal(300_000_000))
    move: Range = Range(low=Decimal("0.003"), high=Decimal("0.05"))
    spread_share: Range = Range(high=Decimal("0.1"))
    tick_share: Range = Range(high=Decimal("0.05"))
    age_days: Range = Range(low=Decimal(14))
    cap_rank: Range = Range(low=Decimal(101))
    trade_rank: Range = Range(low=Decimal(101))
    unknown_cap_is_small: bool = True
    stop_moves: Decimal = Decimal(1)
    reward: Decimal = Decimal(1)
    depth_share: Decimal = Decimal("0.1")
    reference: Profile = REFERENCE_PROFILE
    micro: Profile = MICRO_PROFILE
    most_pairs: int = 430


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """How a contract trades, in finite numbers; None where it is not known.

    Attributes
    ----------
    price : Decimal
        In USDT.
    quote_volume, open_interest : Decimal
        Of 24 hours, and outstanding; both in USDT.
    spread : Decimal
        As a fraction of the price.
    depth : Decimal
        In USDT, resting in the best levels of the thinner side.
    move : Decimal
        By how much the price typically moves while a scalp is open, as a fraction of it.
    """

    price: Decimal | None = None
    quote_volume: Decimal | None = None
    open_interest: Decimal | None = None
    spread: Decimal | None = None
    depth: Decimal | None = None
    move: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A listed contract with all that is known of it; `cap_rank` is None while unverified."""

    listing: Listing
    trading: Trading
    cap_rank: int | None = None


class RankedBy(StrEnum):
    """What a coin's size was judged by."""

    MARKET_CAP = "market cap"
    TRADE = "volume and open interest, its market cap is unverified"
    VOLUME = "volume, its market cap is unverified and its open interest unknown"
    NOTHING = "nothing, neither market cap nor volume is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRank:
    """How large a coin is among others: 1 is the largest; halves come from a mean of two ranks."""

    rank: Decimal | None
    by: RankedBy


class RemovalCode(StrEnum):
    """Every reason for which a listed pair is not watched."""

    UNKNOWN = "UNKNOWN"
    VOLUME = "VOLUME"
    VOLATILITY = "VOLATILITY"
    SPREAD = "SPREAD"
    TICK = "TICK"
    DEPTH = "DEPTH"
    AGE = "AGE"
    SMALLEST_ORDER = "SMALLEST_ORDER"
    SIZE_RANK = "SIZE_RANK"
    BEYOND_LIMIT = "BEYOND_LIMIT"
    PAIR_OFF = "PAIR_OFF"
    NOT_LISTED = "NOT_LISTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason, with the figure that gives it and what would do."""

    code: RemovalCode
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A pair that is watched.

    Attributes
    ----------
    unchecked : tuple of str
        What could not be looked at, for want of data.
    despite : tuple of Reason
        Why it would not be watched, had no admin put it in.
    """

    listing: Listing
    size: SizeRank
    unchecked: tuple[str, ...] = ()
    despite: tuple[Reason, ...] = ()
    by_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A pair that is not watched, and every reason for it."""

    symbol: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe:
    """The pairs of one venue that are watched, by symbol, and those that are not."""

    venue: str
    chosen: tuple[Chosen, ...]
    removed: tuple[Removal, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The watched pairs in order."""
        return tuple(each.listing.symbol for each in self.chosen)
