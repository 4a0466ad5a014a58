from dataclasses import replace
from decimal import Decimal

from signalbot.domain.alert import Alert, BtcNote, EntryKind, Plan, SetupState, Size
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1

ALERT = Alert(
    plan=Plan(
        id="a12e61d2ef5e3776",
        venue="binanceusdm",
        symbol="TOY/USDT:USDT",
        side=Side.LONG,
        entry=Decimal("1.0000"),
        stop=Decimal("0.9970"),
        target=Decimal("1.0060"),
        tick=Decimal("0.0001"),
        entry_kind=EntryKind.LIMIT,
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.00025"),
    ),
    setup="range_breakout",
    version="1.0.0-0badcafe",
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=1_767_225_660_000,  # 2026-01-01T00:01:00Z
    breakeven_win_rate=Decimal("0.4512345678"),
    cost_r=Decimal("0.2"),
    reward_risk_net=Decimal("1.25"),
    reasons={"volume_ratio": Decimal("3.10")},
    description={"rsi_14": Decimal("61.5"), "adx": Decimal("1E+1")},
    account=REFERENCE_PROFILE,
    size=Size(
        qty=Decimal(1300),
        notional=Decimal("1300.00"),
        margin=Decimal("433.34"),
        leverage=Decimal(3),
        loss_at_stop=Decimal("4.95"),
        gain_at_target=Decimal("6.19"),
    ),
    btc=BtcNote(return_5m=Decimal("-0.0012"), trend="down", volatility="high"),
)


def changed_alert(**changes: object) -> Alert:
    """Return `ALERT` with changes, made to the alert or to its plan if that has the field."""
    of_plan = {name: changes.pop(name) for name in set(changes) & set(Plan.__slots__)}
    return replace(ALERT, plan=replace(ALERT.plan, **of_plan), **changes)


def made_alert(number: int, **changes: object) -> Alert:
    """Return the alert of a number, with changes: another id for each."""
    return changed_alert(id=f"{number:016x}", **changes)
