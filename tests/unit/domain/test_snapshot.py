from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from signalbot.domain.alert import Alert, BtcNote, EntryKind, Plan, SetupState, Size
from signalbot.domain.candles import FIELDS, Candles
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import M1, M5, MINUTE_MS
from signalbot.errors import InputError

CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z
ONE = Decimal(1)
PLAN = Plan(
    id="9f3ca1b277d0e4aa",
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    side=Side.LONG,
    entry=Decimal("1.0420"),
    stop=Decimal("1.0350"),
    target=Decimal("1.0525"),
    tick=Decimal("0.0001"),
    latency_s=10,
    max_hold_min=60,
    entry_ttl_min=5,
    taker_rate=Decimal(0),
    maker_rate=Decimal(0),
    slippage_rate=Decimal(0),
)
ALERT = Alert(
    plan=PLAN,
    setup="range_breakout",
    version="1.a",
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=CLOSE,
    breakeven_win_rate=ONE,
    cost_r=ONE,
    reward_risk_net=ONE,
    account=REFERENCE_PROFILE,
    size=Size(
        qty=ONE, notional=ONE, margin=ONE, leverage=ONE, loss_at_stop=ONE, gain_at_target=ONE
    ),
    btc=BtcNote(return_5m=ONE, trend="up", volatility="low"),
)


def minutes(count: int, after: int = 0, close: float = 1.042) -> Candles:
    """So many candles up to the one that fired, and `after` more."""
    rows = count + after
    return Candles(
        timeframe=M1,
        open_time=CLOSE + np.arange(-count, after, dtype=np.int64) * MINUTE_MS,
        **{field: np.full(rows, close) for field in FIELDS},
    )


def taken(candles: Candles, alert: Alert = ALERT) -> Snapshot:
    return Snapshot.of(7, "ab" * 32, alert, candles)


def test_a_snapshot_holds_the_last_steps_and_nothing_later() -> None:
    shown = taken(minutes(300, after=40)).candles

    assert len(shown) == SHOWN
    assert shown.open_time[-1] == CLOSE - MINUTE_MS


def test_it_reaches_back_in_time_not_in_candles() -> None:
    series = minutes(300)
    kept = series.open_time % (2 * MINUTE_MS) != 0  # every other minute, the one that fired too

    sparse = Candles(
        timeframe=M1,
        open_time=series.open_time[kept],
        **{field: getattr(series, field)[kept] for field in FIELDS},
    )

    assert len(taken(sparse).candles) == SHOWN // 2


def test_it_may_be_as_short_as_one_candle() -> None:
    assert len(taken(minutes(1)).candles) == 1


def test_what_happens_to_the_candles_later_does_not_reach_it() -> None:
    candles = minutes(10)
    snapshot = taken(candles)

    candles.close[:] = 9

    assert snapshot.candles.close.tolist() == [1.042] * 10
    with pytest.raises(ValueError, match="read-only"):
        snapshot.candles.close[0] = 9


def test_later_candles_are_refused_where_nobody_cuts_them_off() -> None:
    with pytest.raises(InputError, match="newest candle") as caught:
        Snapshot(seq=7, hash="ab" * 32, alert=ALERT, candles=minutes(10, after=1))

    assert "2025-05-04T14:31" in caught.value.allowed


@pytest.mark.parametrize("candles", [minutes(0), minutes(0, after=5)])
def test_without_the_candle_that_fired_there_is_no_snapshot(candles: Candles) -> None:
    with pytest.raises(InputError, match="newest candle was missing"):
        taken(candles)


def test_candles_of_another_step_are_refused() -> None:
    with pytest.raises(InputError, match="timeframe was '1m'; allowed: 5m"):
        taken(minutes(10), replace(ALERT, timeframe=M5))


@pytest.mark.parametrize(("close", "is_taken"), [(1.04195, True), (1.0419, False), (98000, False)])
def test_candles_of_another_pair_are_refused(close: float, is_taken: bool) -> None:
    if is_taken:
        assert taken(minutes(10, close=close)).seq == 7
    else:
        with pytest.raises(InputError, match="close was"):
            taken(minutes(10, close=close))


def test_a_limit_may_wait_away_from_the_close() -> None:
    waiting = replace(ALERT, plan=replace(PLAN, entry_kind=EntryKind.LIMIT))

    assert taken(minutes(10, close=1.05), waiting).timeframe == M1
