"""What twins are settled on: one pair as arrays, and the geometry that they share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signalbot.domain.alert import Plan
from signalbot.domain.candles import Candles, Floats, Instants
from signalbot.domain.funding import FundingPayment
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A pair on a grid without holes, shape (rows,): NaN where a candle is missing.

    The first and the last row are known candles. `paid` has one element more than `paid_at`: what a
    long has paid for one base unit before the first funding time, and with each of them.
    """

    first_open: int
    step_ms: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    paid_at: Instants
    paid: Floats

    @classmethod
    def of(cls, candles: Candles, payments: Sequence[FundingPayment] = ()) -> "Series":
        """Return the candles of a pair, at least one, and its funding in order of time."""
        first, step_ms = int(candles.open_time[0]), candles.timeframe.step_ms
        row = (candles.open_time - first) // step_ms
        amounts = [float(pay.rate * pay.price) for pay in payments]
        return cls(
            first_open=first,
            step_ms=step_ms,
            open=_spread(candles.open, row),
            high=_spread(candles.high, row),
            low=_spread(candles.low, row),
            close=_spread(candles.close, row),
            paid_at=np.array([pay.time for pay in payments], dtype=np.int64),
            paid=np.cumsum([0.0, *amounts]),
        )

    def __len__(self) -> int:
        return len(self.close)

    def row_closing_at(self, instant: int) -> int:
        """Return the row whose candle closes then; outside it is negative or too large."""
        return (instant - self.first_open) // self.step_ms - 1

    def closes_at(self, rows: Instants) -> Instants:
        """Return when the candles of these rows close."""
        return self.first_open + (rows + 1) * self.step_ms

    def paid_between(self, since: Instants, until: Instants) -> Floats:
        """Return what a long pays for one base unit over each (since, until]."""
        first, last = (np.searchsorted(self.paid_at, at, side="right") for at in (since, until))
        return self.paid[last] - self.paid[first]


def _spread(values: Floats, rows: Instants) -> Floats:
    spread = np.full(int(rows[-1]) + 1, np.nan)
    spread[rows] = values
    return spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """What twins share: side, distances, times from the close of their candle, and costs.

    `risk` and `reward` are the distances of stop and target in quote units; rates are fractions of
    notional.
    """

    side: Side
    risk: float
    reward: float
    tick: float
    starts_ms: int
    expires_ms: int
    taker_rate: float
    maker_rate: float
    slippage_rate: float

    @classmethod
    def of(cls, plan: Plan, delay_ms: int, side: Side) -> "Geometry":
        """Return that of a plan, on either side, published `delay_ms` after its candle closed."""
        return cls(
            side=side,
            risk=float(plan.risk),
            reward=float(abs(plan.target - plan.entry)),
            tick=float(plan.tick),
            starts_ms=delay_ms + plan.latency_s * 1000,
            expires_ms=delay_ms + plan.max_hold_min * MINUTE_MS,
            taker_rate=float(plan.taker_rate),
            maker_rate=float(plan.maker_rate),
            slippage_rate=float(plan.slippage_rate),
        )

    def entered_after(self, step_ms: int) -> int:
        """Return how many rows after its own the candle comes that contains the start."""
        return 1 + self.starts_ms // step_ms

    def expired_after(self, step_ms: int) -> int:
        """Return how many rows after its own a trade ends at the latest.

        That of the first candle from the entry on that opens at or after the expiry.
        """
        return max(1 - (-self.expires_ms // step_ms), self.entered_after(step_ms))
