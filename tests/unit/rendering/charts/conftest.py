"""Snapshots of a made-up pair: the candles rise and fall by turns around the close that fired."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.candles import Candles
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import M1, Timeframe

CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z

Snapshots = Callable[..., Snapshot]


def candles(closes: list[float], until: int = CLOSE, timeframe: Timeframe = M1) -> Candles:
    """Candles with these closes, the last of them closed at `until`; wicks reach 0.1 % beyond."""
    close = np.array(closes, dtype=np.float64)
    opened = np.concatenate([close[:1], close[:-1]])
    steps = np.arange(-len(close), 0, dtype=np.int64)
    return Candles(
        timeframe=timeframe,
        open_time=until + steps * timeframe.step_ms,
        open=opened,
        high=np.maximum(opened, close) * 1.001,
        low=np.minimum(opened, close) * 0.999,
        close=close,
        volume=np.arange(1.0, len(close) + 1),
    )


def wave(entry: float, rows: int = SHOWN) -> Candles:
    """So many candles up to the alert, half a per cent up and down, the last one at the entry."""
    closes = entry * (1 + 0.005 * np.sin(np.arange(rows - 1) / 5))
    return candles([*closes.tolist(), entry])


def alert(entry: str = "1.0420", tick: str = "0.0001", side: Side = Side.LONG) -> Alert:
    """An alert at the market with a stop some 0.7 % away and a target 1.5 times as far."""
    at, grid = Decimal(entry), Decimal(tick)
    risk = max((at * Decimal("0.007") / grid).to_integral_value(), Decimal(2)) * grid
    one = Decimal(1)
    plan = Plan(
        id="9f3ca1b277d0e4aa",
        venue="binanceusdm",
        symbol="LAYER/USDT:USDT",
        side=side,
        entry=at,
        stop=at - side.sign * risk,
        target=at + side.sign * (risk * 3 / 2 // grid) * grid,
        tick=grid,
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )
    return Alert(
        plan=plan,
        setup="rsi_stochastic_reversal",
        version="1.0a1b2c3d",
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=CLOSE,
        breakeven_win_rate=Decimal("0.4693"),
        cost_r=Decimal("0.2077"),
        reward_risk_net=Decimal("1.1308"),
        account=REFERENCE_PROFILE,
        size=Size(
            qty=one, notional=one, margin=one, leverage=one, loss_at_stop=one, gain_at_target=one
        ),
        btc=BtcNote(return_5m=Decimal("-0.001"), trend="up", volatility="normal"),
    )


def snapshot(of: Alert | None = None, drawn: Candles | None = None, **changes: object) -> Snapshot:
    """Return the snapshot of an alert; `changes` are made to its plan."""
    fired = of or alert()
    changed = replace(fired, plan=replace(fired.plan, **changes))
    shown = drawn or wave(float(changed.plan.entry))
    return Snapshot.of(1184, "9f3ca1b2" + "0" * 56, changed, shown)


@pytest.fixture(scope="session", name="snapshot")
def snapshot_fixture() -> Snapshots:
    return snapshot


@pytest.fixture(scope="session", name="alert")
def alert_fixture() -> Callable[..., Alert]:
    return alert


@pytest.fixture(scope="session", name="candles")
def candles_fixture() -> Callable[..., Candles]:
    return candles


@pytest.fixture(scope="session", name="wave")
def wave_fixture() -> Callable[..., Candles]:
    return wave
