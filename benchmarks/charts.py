"""Time and size of an alert's chart and of its outcome's, and the growth of memory over many.

Run as a script it prints one JSON object; with a folder as its argument it writes both pictures
there instead. The candles are a seeded random walk at a tiny price, whose labels are long.
"""

import gc
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.candles import Candles
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import M1, MINUTE_MS, from_iso
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.rendering.charts.alert_chart import alert_chart
from signalbot.rendering.charts.outcome_chart import outcome_chart
from signalbot.rendering.pictures.sheet import png
from signalbot.risk.costs import Levels, market_rates, unit_costs

SEED = 20250504
HOLD_MIN = 60
WARM, MANY = 20, 200
TICK = Decimal("0.00000001")
START = from_iso("2026-11-01T12:00:00Z")
CLOSE = START + SHOWN * MINUTE_MS


def figures() -> dict[str, object]:
    """Return cold ms, and warm ms, KB and growth of memory of both charts."""
    charts = _charts()
    return {
        "cold_ms": round(_elapsed_ms(charts["alert"]), 1),
        **{name: _measured(draw) for name, draw in charts.items()},
        f"growth_over_{MANY}_mib": round(_growth_mib(list(charts.values())), 1),
    }


def write(folder: Path) -> None:
    """Write both charts as PNG."""
    for name, draw in _charts().items():
        (folder / f"chart_{name}.png").write_bytes(png(draw()))


def _charts() -> dict[str, Callable[[], Figure]]:
    walk = _random_walk(SHOWN + 2 * HOLD_MIN)
    alert = _alert(Decimal(repr(float(walk.close[SHOWN - 1]))))
    snapshot = Snapshot.of(1184, "9f3ca1b2" * 8, alert, walk)
    later = [walk.row(row) for row in range(SHOWN, len(walk))]
    market = Market(candles=later, step_ms=M1.step_ms)
    outcome = resolve(alert.plan, CLOSE + 2_500, market)
    return {
        "alert": lambda: alert_chart(snapshot),
        "outcome": lambda: outcome_chart(snapshot, outcome),
    }


def _alert(entry: Decimal) -> Alert:
    risk, one = 80 * TICK, Decimal(1)
    levels = Levels(side=Side.LONG, entry=entry, stop=entry - risk, target=entry + risk * 3 / 2)
    taker, maker, slippage = Decimal("0.0005"), Decimal("0.0002"), Decimal("0.0002")
    costs = unit_costs(levels, market_rates(taker, maker, slippage))
    plan = Plan(
        id="9f3ca1b277d0e4aa",
        venue="simulated",
        symbol="TOY/USDT:USDT",
        side=levels.side,
        entry=levels.entry,
        stop=levels.stop,
        target=levels.target,
        tick=TICK,
        latency_s=10,
        max_hold_min=HOLD_MIN,
        entry_ttl_min=5,
        taker_rate=taker,
        maker_rate=maker,
        slippage_rate=slippage,
    )
    size = Size(
        qty=one, notional=one, margin=one, leverage=one, loss_at_stop=one, gain_at_target=one
    )
    return Alert(
        plan=plan,
        setup="rsi_stochastic_reversal",
        version="1.0a1b2c3d",
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=CLOSE,
        breakeven_win_rate=costs.breakeven_win_rate,
        cost_r=costs.cost_r,
        reward_risk_net=costs.reward_risk_net,
        account=REFERENCE_PROFILE,
        size=size,
        btc=BtcNote(return_5m=Decimal("-0.001"), trend="up", volatility="normal"),
    )


def _random_walk(rows: int) -> Candles:
    rng = np.random.default_rng(SEED)
    close = (0.00012340 * np.exp(np.cumsum(rng.normal(0, 0.001, rows)))).round(8)
    opened = np.r_[0.0001234, close[:-1]]
    return Candles(
        timeframe=M1,
        open_time=START + np.arange(rows, dtype=np.int64) * MINUTE_MS,
        open=opened,
        high=np.maximum(opened, close) * (1 + rng.exponential(0.0005, rows)),
        low=np.minimum(opened, close) * (1 - rng.exponential(0.0005, rows)),
        close=close,
        volume=rng.lognormal(8, 1, rows),
    )


def _measured(draw: Callable[[], Figure]) -> dict[str, float]:
    return {
        "median_ms": round(statistics.median(_elapsed_ms(draw) for _ in range(WARM)), 1),
        "median_cpu_ms": round(statistics.median(_cpu_ms(draw) for _ in range(WARM)), 1),
        "kb": round(len(png(draw())) / 1000, 1),
    }


def _elapsed_ms(draw: Callable[[], Figure]) -> float:
    start = time.perf_counter()
    png(draw())
    return 1000 * (time.perf_counter() - start)


def _cpu_ms(draw: Callable[[], Figure]) -> float:
    start = time.process_time()
    png(draw())
    return 1000 * (time.process_time() - start)


def _growth_mib(draws: list[Callable[[], Figure]]) -> float:
    gc.collect()
    before = _resident_mib()
    for number in range(MANY):
        png(draws[number % len(draws)]())
    gc.collect()
    return _resident_mib() - before


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(Path(sys.argv[1]))
    else:
        print(json.dumps(figures(), indent=2))
