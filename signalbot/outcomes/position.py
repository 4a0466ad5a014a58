"""A plan that was filled, and the market that decides what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.trade import Quote, Trade
from signalbot.outcomes.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What is known of a pair: candles, and whatever finer was kept.

    Attributes
    ----------
    candles : sequence of Candle
        Of the alert's timeframe, ascending, those known so far.
    step_ms : int
        Their length.
    finer, finer_step_ms : sequence of Candle, int
        Shorter candles, used where one candle does not say in which order its prices came.
    funding : sequence of FundingPayment
        Funding times of the contract.
    trades : sequence of Trade
        The tape, ascending in time; trades of one instant stand in the order in which they came.
    taped : range or None
        Instants of which the tape holds every trade; from its first to its last one if not given.
        Who records a tape gives it, or a quiet minute would look like one that is not known yet.
    quote : Quote or None
        A stored quote of the instant from which a reader could trade.
    delisted_at : int or None
        When the venue ended trading; no candle follows.
    """

    candles: Sequence[Candle]
    step_ms: int
    finer: Sequence[Candle] = ()
    finer_step_ms: int = 0
    funding: Sequence[FundingPayment] = ()
    trades: Sequence[Trade] = ()
    taped: range | None = None
    quote: Quote | None = None
    delisted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A filled plan.

    Attributes
    ----------
    entry_row : int
        Index of the entry candle in the market's candles.
    fill_raw : Decimal
        Fill before slippage.
    filled_at : int
        Instant of the fill as it is reported.
    filled_from : int
        Instant from which prices count; of a limit the open of its fill candle.
    expires_at : int
        Instant from which it is closed at the market.
    fill_row : int or None
        Row of the tape with the trade that gave the fill, or its time.
    sources : Sources
        What finer than a candle gave the fill.
    """

    plan: Plan
    market: Market
    entry_row: int
    fill_raw: Decimal
    filled_at: int
    filled_from: int
    expires_at: int
    fill_row: int | None = None
    sources: Sources = field(default_factory=Sources)

    @property
    def entry_candle(self) -> Candle:
        """The candle that contains the fill."""
        return self.market.candles[self.entry_row]
