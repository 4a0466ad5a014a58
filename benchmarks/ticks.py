"""What candles alone know of outcomes, measured against real trades.

Random plans on a real tape are resolved twice: by its trades, which is the truth, and by the
candles they make. Both get the same fill. Run as a script it prints one JSON object; it needs the
recorded ticks, whose folder SIGNALBOT_SHARED names. The plans are random: no figure is of a setup.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.random import PCG64, Generator

from signalbot.domain.alert import EntryKind, Plan
from signalbot.domain.outcome import DECIDED, Outcome, OutcomeKind
from signalbot.domain.rounding import floor_to
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.domain.trade import Quote
from signalbot.market.trade_files import read_trades
from signalbot.outcomes.backfill import backfilled
from signalbot.outcomes.fill import market_fill
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.outcomes.tape import rows_between

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[1] / ".." / "shared"))
TRADES = SHARED / "data" / "ticks" / "XRP_ETH-trades-2019-10.csv.gz"
TICK = Decimal("0.00000001")
PLANS = 10_000
RISKS_PCT = ("0.1", "0.2", "0.5", "1")
REWARDS = ("0.5", "1", "1.5", "2")
HOLDS_MIN = (5, 15, 60, 120)
LATENCY_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """One tape, and every minute of it as a candle: flat where nothing was traded."""

    market: Market

    @property
    def by_candles(self) -> Market:
        """The market without its trades."""
        return replace(self.market, trades=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One random plan, and what became of it.

    Attributes
    ----------
    truth : Outcome
        By the trades.
    seen : Outcome
        By candles alone, filled where the first trade at or after the start was.
    unaided : Outcome
        By candles alone, filled at the open of the candle that contains the start.
    """

    plan: Plan
    risk_pct: str
    truth: Outcome
    seen: Outcome
    unaided: Outcome


def read_ticks(step_ms: int = MINUTE_MS) -> Ticks:
    """Return the recorded tape with candles of that length."""
    trades = tuple(read_trades(TRADES))
    tape = Market(candles=(), step_ms=step_ms, trades=trades)
    first = trades[0].time - trades[0].time % step_ms
    return Ticks(market=backfilled(tape, first, trades[-1].time))


def draw_cases(ticks: Ticks, count: int, seed: int) -> list[Case]:
    """Return random plans of many sizes, of both sides and entry kinds, with their outcomes."""
    generator = Generator(PCG64(seed))
    return [_case(ticks, generator) for _ in range(count)]


def _case(ticks: Ticks, generator: Generator) -> Case:
    market, trades = ticks.market, ticks.market.trades
    first, last = market.candles[0].open_time, market.candles[-1].open_time
    starts_at = int(generator.integers(first, last - (HOLDS_MIN[-1] + 5) * MINUTE_MS))
    risk_pct = str(generator.choice(RISKS_PCT))
    last_trade = trades[rows_between(market, 0, starts_at)[-1]]
    plan = _plan(last_trade.price, risk_pct, generator)
    published_at = starts_at - LATENCY_S * 1000
    met = market_fill(market, plan.side, starts_at)
    aided = ticks.by_candles
    if met is not None and met.raw is not None:
        aided = replace(aided, quote=Quote(time=met.since, bid=met.raw, ask=met.raw))
    return Case(
        plan=plan,
        risk_pct=risk_pct,
        truth=resolve(plan, published_at, market),
        seen=resolve(plan, published_at, aided),
        unaided=resolve(plan, published_at, ticks.by_candles),
    )


def _plan(price: Decimal, risk_pct: str, generator: Generator) -> Plan:
    side = Side.LONG if generator.random() < 0.5 else Side.SHORT
    by_limit = generator.random() < 0.5
    risk = floor_to(price * Decimal(risk_pct) / 100, TICK)
    away = floor_to(risk * int(generator.integers(0, 5)) / 10, TICK) if by_limit else Decimal(0)
    entry = price - side.sign * away
    reward = floor_to(risk * Decimal(str(generator.choice(REWARDS))), TICK)
    return Plan(
        id="a",
        venue="recorded",
        symbol="XRP/ETH",
        side=side,
        entry=entry,
        stop=entry - side.sign * risk,
        target=entry + side.sign * reward,
        tick=TICK,
        entry_kind=EntryKind.LIMIT if by_limit else EntryKind.MARKET,
        latency_s=LATENCY_S,
        max_hold_min=int(generator.choice(HOLDS_MIN)),
        entry_ttl_min=5,
        taker_rate=Decimal(0),
        maker_rate=Decimal(0),
        slippage_rate=Decimal(0),
    )


def figures() -> dict[str, object]:
    """Return how far candles alone are from the truth; R before costs, which differ by venue."""
    cases = draw_cases(read_ticks(), PLANS, seed=1)
    decided = [case for case in cases if case.seen.kind in DECIDED]
    ambiguous = [case for case in decided if case.seen.ambiguous]
    certain = [case for case in cases if not case.seen.ambiguous]
    return {
        "plans": len(cases),
        "kinds": dict(Counter(case.truth.kind.value for case in cases)),
        "decided": len(decided),
        "certain": len(certain),
        "certain_and_of_another_kind": sum(other_kind(case) for case in certain),
        "certain_stops_beyond_their_level": _jumps(certain),
        "ambiguous_share": _share(len(ambiguous), len(decided)),
        "ambiguous_share_by_risk_pct": {
            risk: _share(
                sum(case.risk_pct == risk for case in ambiguous),
                sum(case.risk_pct == risk for case in decided),
            )
            for risk in RISKS_PCT
        },
        "all_decided": _readings(decided),
        "ambiguous_only": _readings(ambiguous),
        "fill": _fill_effect([case for case in cases if _by_market(case)]),
    }


def other_kind(case: Case) -> bool:
    """Return whether candles and trades name different outcomes."""
    return case.seen.kind is not case.truth.kind


def is_jump(case: Case) -> bool:
    """Return whether the trade that stopped it lay beyond the price that candles give."""
    both_stop = case.seen.kind is case.truth.kind is OutcomeKind.STOP
    return both_stop and case.seen.net_r != case.truth.net_r


def _jumps(cases: Sequence[Case]) -> dict[str, object]:
    stops = [case for case in cases if case.seen.kind is OutcomeKind.STOP]
    deeper = [_r(case.seen) - _r(case.truth) for case in stops if is_jump(case)]
    return {
        "stops": len(stops),
        "beyond": len(deeper),
        "share": _share(len(deeper), len(stops)),
        "mean_further_loss_r": round(float(np.mean(deeper)), 4) if deeper else 0,
    }


def _readings(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    readings = {
        "stop_first": [_r(case.seen) for case in cases],
        "truth": [_r(case.truth) for case in cases],
        "truth_with_stops_at_their_level": [_r_at_level(case) for case in cases],
        "target_first": [float(case.seen.best_net_r or 0) for case in cases],
    }
    return {
        name: {
            "mean_r": round(float(np.mean(values)), 4),
            "win_rate": round(float(np.mean(np.array(values) > 0)), 4),
        }
        for name, values in readings.items()
    }


def _fill_effect(cases: Sequence[Case]) -> dict[str, object]:
    return {
        name: {
            "void_late": _share(_count(outcomes, OutcomeKind.VOID_LATE), len(outcomes)),
            "mean_r": round(
                float(np.mean([_r(each) for each in outcomes if each.kind in DECIDED])), 4
            ),
        }
        for name, outcomes in (
            ("first_trade", [case.truth for case in cases]),
            ("candle_open", [case.unaided for case in cases]),
        )
    }


def _by_market(case: Case) -> bool:
    return case.plan.entry_kind is EntryKind.MARKET


def _count(outcomes: Sequence[Outcome], kind: OutcomeKind) -> int:
    return sum(outcome.kind is kind for outcome in outcomes)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4)


def _r_at_level(case: Case) -> float:
    is_stop = case.truth.kind is OutcomeKind.STOP
    return float(case.seen.worst_net_r or 0) if is_stop else _r(case.truth)


def _r(outcome: Outcome) -> float:
    return float(outcome.net_r or 0)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
