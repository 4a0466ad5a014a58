"""Candle stories told for a long, and random markets.

A story is told four times: for a long and, mirrored about 100, for a short; on 1m and on 5m
candles. Its times are counted in steps and in parts, sixtieths of a step, so that the same words
fit both. The plan is that of the method's table: entry 100, stop 99, target 101, tick 0.01, no
costs; a reader can trade from the middle of the first candle's part 12 on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z
LATENCY_MS = 10_000
START = Decimal("12.5")
PRICES = ("entry", "stop", "target")

Case = tuple[Plan, int, Market]
"""A plan, when it was published, and the market it met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One side and one timeframe in which a story is told."""

    side: Side
    timeframe: Timeframe

    @property
    def step_ms(self) -> int:
        return self.timeframe.step_ms

    @property
    def part_ms(self) -> int:
        return self.step_ms // 60

    def at(self, step: int, part: Decimal | int = 0) -> int:
        return FIRST + step * self.step_ms + int(part * self.part_ms)

    def price(self, text: str) -> Decimal:
        told = Decimal(text)
        return told if self.side is Side.LONG else 200 - told

    def plan(self, *, hold: int = 60, patience: int = 5, **changes: Any) -> Plan:
        """`hold` and `patience` (of a limit) in steps; prices as texts, told for a long."""
        told = {"entry": "100", "stop": "99", "target": "101"}
        told |= {name: changes.pop(name) for name in PRICES if name in changes}
        given: dict[str, Any] = {
            "id": "a",
            "venue": "binanceusdm",
            "symbol": "LAYER/USDT:USDT",
            "side": self.side,
            "tick": Decimal("0.01"),
            "latency_s": LATENCY_MS // 1000,
            "max_hold_min": hold * self.timeframe.minutes,
            "entry_ttl_min": patience * self.timeframe.minutes,
            "taker_rate": Decimal(0),
            "maker_rate": Decimal(0),
            "slippage_rate": Decimal(0),
        }
        return Plan(**{name: self.price(text) for name, text in told.items()}, **given | changes)

    def candles(self, *rows: str | None) -> tuple[Candle, ...]:
        """Rows of `open high low close`, or one price for a flat one; None is a missing candle."""
        return self._series(rows, self.step_ms)

    def parts(self, *rows: str | None) -> tuple[Candle, ...]:
        """Finer candles of one part each, from the first candle's open on."""
        return self._series(rows, self.part_ms)

    def market(
        self,
        candles: Sequence[Candle],
        finer: Sequence[Candle] = (),
        funding: Sequence[FundingPayment] = (),
    ) -> Market:
        part_ms = self.part_ms if finer else 0
        return Market(
            candles=candles,
            step_ms=self.step_ms,
            finer=finer,
            finer_step_ms=part_ms,
            funding=funding,
        )

    def published_at(self, start: Decimal | int = START, step: int = 0) -> int:
        """When an alert was published from which a reader can trade at that part of a step."""
        return self.at(step, start) - LATENCY_MS

    def resolve(
        self,
        *rows: str | None,
        parts: Sequence[str | None] = (),
        start: Decimal | int = START,
        funding: Sequence[FundingPayment] = (),
        **changes: Any,
    ) -> Outcome:
        market = self.market(self.candles(*rows), self.parts(*parts), funding)
        return resolve(self.plan(**changes), self.published_at(start), market)

    def limit(self, *rows: str | None, **changes: Any) -> Outcome:
        """Resolve a limit entry that waits from the first candle's open on."""
        return self.resolve(*rows, start=0, entry_kind=EntryKind.LIMIT, **changes)

    def _series(self, rows: Sequence[str | None], step_ms: int) -> tuple[Candle, ...]:
        return tuple(
            self._candle(FIRST + number * step_ms, row) for number, row in enumerate(rows) if row
        )

    def _candle(self, open_time: int, row: str) -> Candle:
        told = row.split() if " " in row else [row] * 4
        first, high, low, last = (self.price(text) for text in told)
        low, high = sorted((high, low))
        return Candle(
            open_time=open_time, open=first, high=high, low=low, close=last, volume=Decimal(1)
        )


@pytest.fixture(
    scope="session",
    params=[(side, frame) for frame in (M1, M5) for side in Side],
    ids=lambda each: f"{each[0]}-{each[1].name}",
)
def story(request: pytest.FixtureRequest) -> Story:
    side, timeframe = request.param
    return Story(side=side, timeframe=timeframe)


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


@pytest.fixture(scope="session", params=[M1, M5], ids=lambda frame: frame.name)
def timeframe(request: pytest.FixtureRequest) -> Timeframe:
    return request.param


@pytest.fixture(scope="session", params=[0, 4], ids=["candles", "finer"])
def parts(request: pytest.FixtureRequest) -> int:
    """How many finer candles one candle has; 0 for a market without."""
    return request.param


@pytest.fixture
def random_market(timeframe: Timeframe, parts: int) -> RandomMarket:
    return RandomMarket(rng=np.random.default_rng(20260101 + parts), timeframe=timeframe)


@pytest.fixture(scope="session")
def cases(timeframe: Timeframe, parts: int) -> tuple[Case, ...]:
    """Random alerts, each with when it was published and a market of its own."""
    made = RandomMarket(rng=np.random.default_rng(timeframe.minutes + parts), timeframe=timeframe)
    return tuple(made.case(parts) for _ in range(500))
