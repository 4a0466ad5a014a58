"""Stories of candles, finer candles and trades, told for a long.

A story is told four times: for a long and, mirrored about 100, for a short; on 1m and on 5m
candles. Its times are counted in steps and in parts, sixtieths of a step, so that the same words
fit both. The plan is that of the method's table: entry 100, stop 99, target 101, tick 0.01, no
costs; a reader can trade from the middle of the first candle's part 12 on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from fakes.random_market import FIRST, Case, RandomMarket

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.domain.trade import Quote, Trade
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve

LATENCY_MS = 10_000
START = Decimal("12.5")
PRICES = ("entry", "stop", "target")

Told = tuple[int, Decimal | int, str]
"""A trade: step, part and price."""


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

    def tape(self, *told: Told) -> tuple[Trade, ...]:
        """Trades of one unit each."""
        return tuple(
            Trade(time=self.at(step, part), price=self.price(price), size=Decimal(1))
            for step, part, price in told
        )

    def quote(self, step: int, part: Decimal | int, met: str) -> Quote:
        """A quote of which a market order meets the told side; the other one is 1 away."""
        near, far = self.price(met), self.price(met) - self.side.sign
        bid, ask = sorted((near, far))
        return Quote(time=self.at(step, part), bid=bid, ask=ask)

    def market(
        self, candles: Sequence[Candle], finer: Sequence[Candle] = (), **known: Any
    ) -> Market:
        part_ms = self.part_ms if finer else 0
        return Market(
            candles=candles, step_ms=self.step_ms, finer=finer, finer_step_ms=part_ms, **known
        )

    def published_at(self, start: Decimal | int = START, step: int = 0) -> int:
        """When an alert was published from which a reader can trade at that part of a step."""
        return self.at(step, start) - LATENCY_MS

    def resolve(
        self,
        *rows: str | None,
        parts: Sequence[str | None] = (),
        tape: Sequence[Told] = (),
        start: Decimal | int = START,
        known: Mapping[str, Any] = MappingProxyType({}),
        **changes: Any,
    ) -> Outcome:
        """`known` are further fields of the market."""
        market = self.market(
            self.candles(*rows), self.parts(*parts), trades=self.tape(*tape), **known
        )
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
