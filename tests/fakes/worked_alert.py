"""The alert whose numbers are worked out by hand.

Long 1.0420, stop 1.0350, target 1.0525, taker 0.05 %, maker 0.02 %, slippage 0.02 % a fill: a unit
loses 0.0084539007 and gains 0.0095599958, so 0.5 % of 500 is the risk of 295 LAYER (step 1). At 3x
and a maintenance of 1.5 % it ends at 1.0420 * (2/3) / 0.985 = 0.7052, 48 stops away.
"""

from decimal import Decimal

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1
from signalbot.record.fold import Standing

CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z


def decimals(**values: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


PLAN = Plan(
    id="9f3ca1b277d0e4aa",
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    side=Side.LONG,
    latency_s=10,
    max_hold_min=60,
    entry_ttl_min=5,
    **decimals(entry="1.0420", stop="1.0350", target="1.0525", tick="0.0001"),
    **decimals(taker_rate="0.0005", maker_rate="0.0002", slippage_rate="0.0002"),
)
ALERT = Alert(
    plan=PLAN,
    setup="rsi_stochastic_reversal",
    version="1.0a1b2c3d",
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=CLOSE,
    account=REFERENCE_PROFILE,
    size=Size(
        **decimals(qty="591", notional="615.822", margin="205.274", leverage="3"),
        **decimals(loss_at_stop="4.9962553137", gain_at_target="5.6499575178"),
    ),
    btc=BtcNote(return_5m=Decimal("-0.001"), trend="up", volatility="normal"),
    **decimals(breakeven_win_rate="0.4693", cost_r="0.2077", reward_risk_net="1.1308"),
)
INSTRUMENT = Instrument(
    venue="binanceusdm",
    symbol="LAYER/USDT:USDT",
    **decimals(tick="0.0001", step="1", min_qty="1", min_notional="5", contract_size="1"),
    **decimals(taker_rate="0.0005", maker_rate="0.0002"),
)


def standing(alert: Alert = ALERT, seq: int = 1184) -> Standing:
    return Standing(
        seq=seq,
        hash="9f3ca1b2" + "0" * 56,
        prev="77d0e4aa" + "0" * 56,
        alert=alert,
        published_at=CLOSE + 2_500,
        message_id="m1",
    )
