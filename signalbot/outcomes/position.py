"""A plan that was filled, and the candles that decide what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The candles that decide.

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
    """

    candles: Sequence[Candle]
    step_ms: int
    finer: Sequence[Candle] = ()
    finer_step_ms: int = 0
    funding: Sequence[FundingPayment] = ()


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
        Instant from which finer candles count.
    finer_fill : tuple of Candle
        The finer candle whose open was the fill, if one was.
    expires_at : int
        Instant from which it is closed at the market.
    """

    plan: Plan
    market: Market
    entry_row: int
    fill_raw: Decimal
    filled_at: int
    filled_from: int
    expires_at: int
    finer_fill: tuple[Candle, ...] = ()
