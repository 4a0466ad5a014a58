"""Hypothesis draws an alert and a market: one path of trades, and the candles they make."""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from hypothesis import strategies as st

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5
from signalbot.domain.trade import Quote, Trade
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve

FIRST = 1_767_225_600_000
PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCase:
    """A plan, when it was published, and the market it met."""

    plan: Plan
    published_at: int
    market: Market

    def resolve(self, **known: object) -> Outcome:
        return resolve(self.plan, self.published_at, replace(self.market, **known))

    @property
    def starts_at(self) -> int:
        return self.plan.starts_at(self.published_at)


def tenths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number) / 10)


RATES = st.integers(0, 8).map(lambda number: Decimal(number) / 10_000)
JUMPS = st.one_of(st.just(Decimal(0)), tenths(-8, 8))
MOVES = st.tuples(JUMPS, tenths(-4, 4), tenths(0, 4), tenths(0, 4))
Moves = list[tuple[Decimal, ...]]


def trades_of(moves: Moves, part_ms: int) -> list[list[Trade]]:
    """Four trades a part: a jump to the first, the extremes, and the last."""
    parts, last = [], Decimal(100)
    for number, (jump, body, above, below) in enumerate(moves):
        first, last = last + jump, last + jump + body
        extremes = [max(first, last) + above, min(first, last) - below]
        prices = [first, *(extremes if number % 2 else reversed(extremes)), last]
        opened = FIRST + number * part_ms
        times = (opened, opened + part_ms // 3, opened + part_ms // 3, opened + part_ms // 2)
        parts.append(
            [
                Trade(time=time, price=price, size=Decimal(1))
                for time, price in zip(times, prices, strict=True)
            ]
        )
    return parts


def candle_of(open_time: int, trades: list[Trade]) -> Candle:
    prices = [trade.price for trade in trades]
    return Candle(
        open_time=open_time,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        volume=Decimal(len(trades)),
    )


@st.composite
def drawn_plans(draw: st.DrawFn, minutes: int) -> Plan:
    side, entry, maker = draw(st.sampled_from(Side)), 100 + draw(tenths(-3, 3)), draw(RATES)
    return Plan(
        id="a",
        venue="binanceusdm",
        symbol="LAYER/USDT:USDT",
        side=side,
        entry=entry,
        stop=entry - side.sign * draw(tenths(3, 12)),
        target=entry + side.sign * draw(tenths(3, 12)),
        tick=Decimal("0.1"),
        entry_kind=draw(st.sampled_from(EntryKind)),
        latency_s=draw(st.sampled_from([0, 10, 45])),
        max_hold_min=draw(st.sampled_from([1, 2, 5, 12])) * minutes,
        entry_ttl_min=draw(st.sampled_from([1, 2, 5])) * minutes,
        taker_rate=maker + draw(RATES),
        maker_rate=maker,
        slippage_rate=draw(RATES),
    )


@st.composite
def drawn_tapes(draw: st.DrawFn, parts: list[list[Trade]], part_ms: int) -> dict[str, object]:
    """A stretch of the tape, with or without word of its span; now and then a trade is lost."""
    first = draw(st.one_of(st.just(0), st.integers(0, len(parts))))
    last = draw(st.one_of(st.just(len(parts)), st.integers(first, len(parts))))
    lost = draw(st.one_of(st.just(set()), st.sets(st.integers(0, 160), max_size=30)))
    tape = [trade for part in parts[first:last] for trade in part]
    trades = [trade for number, trade in enumerate(tape) if number not in lost]
    span = range(FIRST + first * part_ms, FIRST + last * part_ms)
    return {"trades": trades, "taped": draw(st.sampled_from([None, span]))}


@st.composite
def drawn_cases(draw: st.DrawFn) -> DrawnCase:
    """An alert on up to ten candles, made of four finer ones each, a few of them missing."""
    frame = draw(st.sampled_from([M1, M5]))
    part_ms = frame.step_ms // PARTS
    count = draw(st.integers(1, 10))
    parts = trades_of(draw(st.lists(MOVES, min_size=4 * count, max_size=4 * count)), part_ms)
    missing = draw(st.sets(st.integers(0, 30), max_size=2))
    candles = [
        candle_of(FIRST + number * frame.step_ms, list(chain(*parts[4 * number : 4 * number + 4])))
        for number in range(count)
        if number not in missing
    ]
    funding = [
        FundingPayment(time=row.open_time, rate=draw(RATES), price=row.open) for row in candles[2:4]
    ]
    market = Market(candles=candles, step_ms=frame.step_ms, funding=funding)
    published_at = FIRST + draw(st.integers(0, 4 * PARTS)) * part_ms + draw(st.integers(0, 999))
    if draw(st.booleans()):
        holes = draw(st.sets(st.integers(0, 60), max_size=2))
        finer = [
            candle_of(FIRST + number * part_ms, part)
            for number, part in enumerate(parts)
            if number not in holes
        ]
        market = replace(market, finer=finer, finer_step_ms=part_ms)
    if draw(st.booleans()):
        market = replace(market, **draw(drawn_tapes(parts, part_ms)))
    if draw(st.integers(0, 3)) == 0:
        bid = 100 + draw(tenths(-9, 9))
        time = published_at + draw(st.integers(0, 2 * part_ms))
        market = replace(market, quote=Quote(time=time, bid=bid, ask=bid + draw(tenths(0, 2))))
    if draw(st.integers(0, 3)) == 0:
        ended_at = FIRST + count * frame.step_ms - draw(st.integers(0, part_ms))
        market = replace(market, delisted_at=ended_at)
    return DrawnCase(
        plan=draw(drawn_plans(frame.minutes)), published_at=published_at, market=market
    )
