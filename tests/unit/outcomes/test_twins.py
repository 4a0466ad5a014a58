"""Twins are settled by the rules of `resolve`: the two are held against each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import FIELDS, Candle, Candles
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.outcomes.twin_market import Geometry, Series
from signalbot.outcomes.twins import KINDS, settle_twins

FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Alerts of one geometry, one at the close of each candle, on one market."""

    plan: Plan
    delay_ms: int
    timeframe: Timeframe
    candles: Sequence[Candle]
    funding: Sequence[FundingPayment] = ()

    def resolved(self) -> list[tuple[OutcomeKind, Decimal | None]]:
        """What `resolve` says of each, laid off from the close of its candle."""
        step_ms, sign = self.timeframe.step_ms, self.plan.side.sign
        reward = abs(self.plan.target - self.plan.entry)
        market = Market(candles=self.candles, step_ms=step_ms, funding=self.funding)
        found = []
        for candle in self.candles:
            laid_off = replace(
                self.plan,
                entry=candle.close,
                stop=candle.close - sign * self.plan.risk,
                target=candle.close + sign * reward,
            )
            outcome = resolve(laid_off, candle.open_time + step_ms + self.delay_ms, market)
            found.append((outcome.kind, outcome.net_r))
        return found

    def settled(self) -> list[tuple[OutcomeKind, float]]:
        """What the arrays say."""
        series = Series.of(as_arrays(self.candles, self.timeframe), self.funding)
        rows = np.flatnonzero(~np.isnan(series.close))
        geometry = Geometry.of(self.plan, self.delay_ms, self.plan.side)
        twins = settle_twins(series, rows, series.close[rows], geometry)
        return [
            (KINDS[kind], net_r)
            for kind, net_r in zip(twins.kind.tolist(), twins.net_r.tolist(), strict=True)
        ]


def as_arrays(candles: Sequence[Candle], timeframe: Timeframe) -> Candles:
    return Candles(
        timeframe=timeframe,
        open_time=np.array([row.open_time for row in candles], dtype=np.int64),
        **{name: np.array([float(getattr(row, name)) for row in candles]) for name in FIELDS},
    )


def check(scene: Scene) -> Counter[OutcomeKind]:
    for (kind, net_r), (expected, exact) in zip(scene.settled(), scene.resolved(), strict=True):
        assert kind is expected
        if exact is None:
            assert np.isnan(net_r)
        else:
            assert net_r == pytest.approx(float(exact), abs=1e-9)
    return Counter(kind for kind, _ in scene.resolved())


def test_on_random_markets_every_trade_ends_as_the_resolver_says(random_market):
    rng, kinds = random_market.rng, Counter()
    for number in range(30):
        candles = random_market.candles(80, missing=0.02 * (number % 3))
        kinds += check(
            Scene(
                plan=replace(random_market.plan(), entry_kind=EntryKind.MARKET),
                delay_ms=int(rng.choice([0, 2_500, 61_000])),
                timeframe=random_market.timeframe,
                candles=candles,
                funding=random_market.funding(candles) if number % 2 else (),
            )
        )

    not_for_twins = {OutcomeKind.NOT_FILLED, OutcomeKind.NOT_PUBLISHED, OutcomeKind.DELISTED}
    assert set(kinds) == set(OutcomeKind) - not_for_twins


def tenths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number) / 10)


RATES = st.integers(0, 8).map(lambda number: Decimal(number) / 10_000)
MOVES = st.tuples(
    st.one_of(st.just(Decimal(0)), tenths(-8, 8)), tenths(-4, 4), tenths(0, 4), tenths(0, 4)
)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    frame, side = draw(st.sampled_from([M1, M5])), draw(st.sampled_from(Side))
    rows, last = [], draw(st.sampled_from([Decimal("0.9"), Decimal(100), Decimal(40_000)]))
    last += 10
    for number, (jump, body, above, below) in enumerate(draw(st.lists(MOVES, min_size=1))):
        first, last = last + jump, last + jump + body
        values = {"high": max(first, last) + above, "low": min(first, last) - below}
        at = FIRST + number * frame.step_ms
        rows.append(Candle(open_time=at, open=first, close=last, volume=Decimal(1), **values))
    missing = draw(st.sets(st.integers(0, 40), max_size=3))
    kept = [row for number, row in enumerate(rows) if number not in missing] or rows
    maker = draw(RATES)
    plan = Plan(
        id="a",
        venue="binanceusdm",
        symbol="LAYER/USDT:USDT",
        side=side,
        entry=Decimal(100),
        stop=100 - side.sign * draw(tenths(3, 12)),
        target=100 + side.sign * draw(tenths(3, 12)),
        tick=Decimal("0.1"),
        latency_s=draw(st.sampled_from([0, 10, 45, 59])),
        max_hold_min=draw(st.sampled_from([1, 2, 5, 12])) * frame.minutes,
        entry_ttl_min=5,
        taker_rate=maker + draw(RATES),
        maker_rate=maker,
        slippage_rate=draw(RATES),
    )
    funding = [FundingPayment(time=r.open_time, rate=draw(RATES), price=r.open) for r in kept[2:4]]
    delay_ms = draw(st.sampled_from([0, 2_500, 50_000, 60_000, 299_999]))
    return Scene(plan=plan, delay_ms=delay_ms, timeframe=frame, candles=kept, funding=funding)


@settings(max_examples=300)
@given(scenes())
def test_on_any_market_every_trade_ends_as_the_resolver_says(scene):
    check(scene)


def test_prices_of_a_billionth_and_their_ticks_are_compared_as_written():
    # a low of exactly the stop: 0.00000123 - 0.00000005, which floats miss
    told = [("1.23", "1.23", "1.23", "1.23"), ("1.23", "1.24", "1.20", "1.22")]
    told += [("1.22", "1.22", "1.18", "1.20"), ("1.20", "1.20", "1.20", "1.20")]
    rows = [
        Candle(
            open_time=FIRST + number * M1.step_ms,
            volume=Decimal(1),
            **{
                name: Decimal(text).scaleb(-6)
                for name, text in zip(("open", "high", "low", "close"), prices, strict=True)
            },
        )
        for number, prices in enumerate(told)
    ]
    plan = Plan(
        id="a",
        venue="binanceusdm",
        symbol="DUST/USDT:USDT",
        side=Side.LONG,
        entry=Decimal("1.23E-6"),
        stop=Decimal("1.18E-6"),
        target=Decimal("1.33E-6"),
        tick=Decimal("1E-8"),
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )
    scene = Scene(plan=plan, delay_ms=2_500, timeframe=M1, candles=rows)

    assert scene.settled()[0][0] is OutcomeKind.STOP
    check(scene)
