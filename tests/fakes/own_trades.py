"""Own trades of one plan, worked out by hand.

Entry 1.0000, stop 0.9900, target 1.0200: 1 R is 0.01. Taker 0.05 %, maker 0.02 %, slippage 0.02 %.
Loss at the stop: (1.0002 - 0.989802) + 0.0005 * (1.0002 + 0.989802) = 0.011393001, 0.1393001 R of
it costs. 0.5 % of 1000 is 5 USDT: 438 at a step of 1.

The ledger's target, filled at 1.0000: (1.02 - 1.0002 - 0.0005 * 1.0002 - 0.0002 * 1.02) / 0.01 =
1.90959 R. The short is the mirror around 1: stop 1.0100, target 0.9800.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.journal import Decision, Execution, JournalEntry
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, M1, MINUTE_MS, from_iso
from signalbot.outcomes.own_trade import Followed

MONDAY = from_iso("2026-11-09T00:00:00Z")
READER = 7_000_000_001
SETUP = ("range_breakout", "1.0.0-0badcafe")
PLAN = Plan(
    id="a12e61d2ef5e3776",
    venue="binanceusdm",
    symbol="TOY/USDT:USDT",
    side=Side.LONG,
    entry=Decimal("1.0000"),
    stop=Decimal("0.9900"),
    target=Decimal("1.0200"),
    tick=Decimal("0.0001"),
    latency_s=10,
    max_hold_min=60,
    entry_ttl_min=5,
    taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
    slippage_rate=Decimal("0.0002"),
)
ALERT = Alert(
    plan=PLAN,
    setup=SETUP[0],
    version=SETUP[1],
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=MONDAY,
    breakeven_win_rate=Decimal("0.3737"),
    cost_r=Decimal("0.1393001"),
    reward_risk_net=Decimal("1.676"),
    account=REFERENCE_PROFILE,
    size=Size(
        qty=Decimal(438),
        notional=Decimal(438),
        margin=Decimal(146),
        leverage=Decimal(3),
        loss_at_stop=Decimal("4.99"),
        gain_at_target=Decimal("8.36"),
    ),
    btc=BtcNote(return_5m=Decimal("0.001"), trend="up", volatility="high"),
)
TARGET, STOP = Decimal("1.90959"), Decimal("-1.1393001")


def recorded(
    seq: int = 7, minute: int = 0, ledger_r: Decimal | None = TARGET, **changes: Any
) -> RecordedAlert:
    """Return an alert of that minute after Monday 00:00; its trade lasts ten minutes."""
    close = MONDAY + minute * MINUTE_MS
    of_plan = {name: changes.pop(name) for name in set(changes) & set(Plan.__slots__)}
    alert = replace(ALERT, plan=replace(PLAN, **of_plan), candle_close=close, **changes)
    outcome = Outcome(
        kind=OutcomeKind.STOP if ledger_r == STOP else OutcomeKind.TARGET,
        filled_at=close + MINUTE_MS,
        fill_price=alert.plan.entry,
        exit_at=close + 11 * MINUTE_MS,
        net_r=ledger_r,
    )
    return RecordedAlert(
        seq=seq,
        alert=alert,
        published_at=close + 2_500,
        outcome=None if ledger_r is None else outcome,
    )


def followed(
    alert: RecordedAlert,
    fill: str | None = None,
    exit_: str | None = None,
    *,
    quantity: str | None = None,
    on_paper: bool = True,
    minutes: tuple[int, int] = (1, 10),
) -> Followed:
    """Return a taken alert, filled and closed so many minutes after its close."""
    close = alert.alert.candle_close
    opened, ended = (close + minute * MINUTE_MS for minute in minutes)
    entry = JournalEntry(
        reader=READER,
        alert_seq=alert.seq,
        decision=Decision.TAKEN,
        marked_at=close + MINUTE_MS // 2,
        on_paper=on_paper,
        quantity=None if quantity is None else Decimal(quantity),
        fill=None if fill is None else Execution(price=Decimal(fill), at=opened),
        exit=None if exit_ is None else Execution(price=Decimal(exit_), at=ended),
    )
    return Followed(entry=entry, recorded=alert, step=Decimal(1))


def skipped(alert: RecordedAlert) -> Followed:
    """Return an alert that was marked as skipped."""
    entry = JournalEntry(
        reader=READER,
        alert_seq=alert.seq,
        decision=Decision.SKIPPED,
        marked_at=alert.alert.candle_close + MINUTE_MS,
    )
    return Followed(entry=entry, recorded=alert, step=Decimal(1))


def winning_days(count: int, first_seq: int = 1, **changes: Any) -> list[Followed]:
    """Return a win on each of so many days in a row, from Monday on."""
    day = DAY_MS // MINUTE_MS
    alerts = [recorded(first_seq + n, minute=n * day, **changes) for n in range(count)]
    return [followed(alert, "1.0000", "1.0200", quantity="400") for alert in alerts]
