"""Random markets of candles and, made of the same prices, finer candles and trades."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.side import Side
from signalbot.domain.timeframe import Timeframe
from signalbot.outcomes.position import Market

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z

Case = tuple[Plan, int, Market]
"""A plan, when it was published, and the market it met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomMarket:
    """Prices on a coarse grid around 100, so that levels are often met exactly."""

    rng: np.random.Generator
    timeframe: Timeframe

    def candles(self, length: int, missing: float = 0.02) -> tuple[Candle, ...]:
        """Every fourth open is the close before it: funding there has one price, seen both ways."""
        rng, step_ms = self.rng, self.timeframe.step_ms
        last, rows = 1000 + int(rng.integers(-2, 3)), []
        for number in range(length):
            jumps = number % 4 > 0 and rng.random() < 0.2
            first = last + (int(rng.integers(-6, 7)) if jumps else 0)
            last = first + int(rng.integers(-3, 4))
            high, low = max(first, last), min(first, last)
            high, low = high + int(rng.integers(0, 4)), low - int(rng.integers(0, 4))
            values = (Decimal(tenths) / 10 for tenths in (first, high, low, last))
            fields = dict(zip(("open", "high", "low", "close"), values, strict=True))
            rows.append(Candle(open_time=FIRST + number * step_ms, volume=Decimal(1), **fields))
        kept = rng.random(length) >= missing
        return tuple(row for row, keep in zip(rows, kept, strict=True) if keep)

    def plan(self) -> Plan:
        rng = self.rng
        side = Side.LONG if rng.random() < 0.5 else Side.SHORT
        entry = 100 + Decimal(int(rng.integers(-3, 4))) / 10
        risk, reward = (Decimal(int(rng.integers(3, 13))) / 10 for _ in range(2))
        rates = [Decimal(int(rng.integers(0, 8))) / 10_000 for _ in range(3)]
        return Plan(
            id="a",
            venue="binanceusdm",
            symbol="LAYER/USDT:USDT",
            side=side,
            entry=entry,
            stop=entry - side.sign * risk,
            target=entry + side.sign * reward,
            tick=Decimal("0.1"),
            entry_kind=EntryKind.MARKET if rng.random() < 0.5 else EntryKind.LIMIT,
            latency_s=int(rng.choice([0, 10, 45])),
            max_hold_min=int(rng.choice([1, 2, 5, 12, 30])) * self.timeframe.minutes,
            entry_ttl_min=int(rng.choice([1, 2, 5])) * self.timeframe.minutes,
            taker_rate=rates[0],
            maker_rate=min(rates),
            slippage_rate=rates[1],
        )

    def published_at(self, until: int) -> int:
        """An instant before the open of step `until`; one in four lies on a whole second."""
        instant = FIRST + int(self.rng.integers(0, until * self.timeframe.step_ms))
        return instant - (instant % 1000 if self.rng.random() < 0.25 else 0)

    def funding(self, candles: Sequence[Candle]) -> tuple[FundingPayment, ...]:
        return tuple(
            FundingPayment(
                time=row.open_time,
                rate=Decimal(int(self.rng.integers(-9, 10))) / 10_000,
                price=row.open,
            )
            for row in candles
            if (row.open_time - FIRST) // self.timeframe.step_ms % 4 == 0
        )

    def parts_of(self, candles: Sequence[Candle], parts: int) -> tuple[Candle, ...]:
        """Finer candles, each set of which has the open, extremes and close of its candle."""
        part_ms = self.timeframe.step_ms // parts
        return tuple(part for row in candles for part in self._parts(row, part_ms, parts))

    def case(self, parts: int, steps: int = 40) -> Case:
        candles = self.candles(steps)
        market = Market(
            candles=candles,
            step_ms=self.timeframe.step_ms,
            finer=self.parts_of(candles, parts) if parts else (),
            finer_step_ms=self.timeframe.step_ms // parts if parts else 0,
            funding=self.funding(candles),
        )
        return self.plan(), self.published_at(steps - 2), market

    def _parts(self, row: Candle, part_ms: int, parts: int) -> list[Candle]:
        rng = self.rng
        span = int((row.high - row.low) * 10)
        points = [row.low + Decimal(int(rng.integers(0, span + 1))) / 10 for _ in range(parts + 1)]
        points[0], points[-1] = row.open, row.close
        extremes = dict(zip(rng.permutation(parts)[:2].tolist(), (row.high, row.low), strict=True))
        made = []
        for number, (first, last) in enumerate(pairwise(points)):
            touched = (first, last, extremes.get(number, first))
            made.append(
                Candle(
                    open_time=row.open_time + number * part_ms,
                    open=first,
                    high=max(touched),
                    low=min(touched),
                    close=last,
                    volume=Decimal(1),
                )
            )
        return made
