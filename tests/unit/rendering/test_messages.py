"""Golden texts: the numbers of the first alert are worked out by hand.

Long 1.0420, stop 1.0350, target 1.0525, taker 0.05 %, maker 0.02 %, slippage 0.02 % a fill:
loss (1.0422084 - 1.034793) + 0.0005 * (1.0422084 + 1.034793) = 0.0084539007, gain 0.0102916 -
0.0005 * 1.0422084 - 0.0002 * 1.0525 = 0.0095599958. 0.5 % of 500 is 2.5: 295 LAYER.
"""

import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import Profile
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, M5
from signalbot.record.fold import Standing, Tally
from signalbot.rendering.messages import alert_message, outcome_message

GOLDEN = Path(__file__).parents[2] / "golden"
CLOSE = 1_746_369_120_000  # 2025-05-04T14:32:00Z
FILLED = CLOSE + 12_500
LIMIT = 1024
"""What Telegram allows a caption, counted without markup."""


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
LONG = Alert(
    plan=PLAN,
    setup="rsi_stochastic_reversal",
    version="1.0a1b2c3d",
    state=SetupState.UNPROVEN,
    timeframe=M1,
    candle_close=CLOSE,
    account=Profile(equity=Decimal(500), risk_pct=Decimal("0.5")),
    size=Size(
        **decimals(qty="295", notional="307.39", margin="102.4633", leverage="3"),
        **decimals(loss_at_stop="2.4939", gain_at_target="2.8202"),
    ),
    btc=BtcNote(return_5m=Decimal("-0.001"), trend="up", volatility="normal"),
    **decimals(breakeven_win_rate="0.4693", cost_r="0.2077", reward_risk_net="1.1308"),
)
# 1.0000, 1.0020 and 1400 pieces: the worked short of the cost table
SHORT = Alert(
    plan=replace(
        PLAN,
        venue="bybit",
        symbol="TOY/USDT:USDT",
        side=Side.SHORT,
        max_hold_min=240,
        **decimals(entry="1", stop="1.002", target="0.998"),
    ),
    setup="range_breakout",
    version="2.4e5f6a7b",
    state=SetupState.UNPROVEN,
    timeframe=M5,
    candle_close=CLOSE + 563 * 60_000,  # 23:55
    account=Profile(equity=Decimal(1000), risk_pct=Decimal("0.5")),
    size=Size(
        **decimals(qty="1400", notional="1400", margin="466.67", leverage="3"),
        **decimals(loss_at_stop="4.76196028", gain_at_target="1.5407"),
    ),
    btc=BtcNote(return_5m=Decimal("0.004"), trend="down", volatility="high"),
    **decimals(breakeven_win_rate="0.7556", cost_r="0.7007", reward_risk_net="0.3235"),
)
TINY = replace(
    LONG,
    plan=replace(
        PLAN,
        venue="mexc",
        symbol="MICRO/USDT:USDT",
        **decimals(entry="1.2E-8", stop="1.15E-8", target="1.275E-8", tick="1E-11"),
    ),
    account=Profile(equity=Decimal(1000), risk_pct=Decimal("0.5")),
    size=Size(
        **decimals(qty="9.681E+9", notional="116.172", margin="38.724", leverage="3"),
        **decimals(loss_at_stop="4.99975", gain_at_target="7.15473"),
    ),
    **decimals(breakeven_win_rate="0.41135", cost_r="0.0329", reward_risk_net="1.431"),
)


def standing(alert: Alert) -> Standing:
    return Standing(
        seq=1184,
        hash="9f3ca1b2" + "0" * 56,
        prev="77d0e4aa" + "0" * 56,
        alert=alert,
        published_at=CLOSE + 2_500,
        message_id="m1",
    )


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")


def shown(text: str) -> str:
    """Return what a reader sees."""
    return html.unescape(re.sub("</?code>", "", text))


@pytest.mark.parametrize(
    ("name", "alert", "tally"),
    [
        ("alert_long", LONG, Tally(wins=3, decided=12)),
        ("alert_short", SHORT, Tally()),
        ("alert_tiny_price", TINY, Tally(wins=14, decided=29)),
        ("alert_record", LONG, Tally(wins=21, decided=48)),
        ("alert_losing", replace(LONG, state=SetupState.LOSING), Tally(wins=21, decided=48)),
        ("alert_proven", replace(LONG, state=SetupState.PROVEN), Tally(wins=120, decided=170)),
    ],
)
def test_an_alert_reads_as_the_golden_message(name: str, alert: Alert, tally: Tally) -> None:
    text = alert_message(standing(alert), tally)

    assert text == golden(name)
    assert len(shown(text)) <= LIMIT


def test_the_first_thirty_decided_alerts_have_no_rate() -> None:
    before, from_then = (alert_message(standing(LONG), Tally(wins=15, decided=n)) for n in (29, 30))

    assert "15 of 29 · unproven, not enough data\n" in before
    assert "15 of 30 = 50.0 % (95 % " in from_then


def settled(kind: OutcomeKind, price: str, net_r: str, minutes: float) -> Outcome:
    return Outcome(
        kind=kind,
        filled_at=FILLED,
        fill_price=PLAN.entry,
        exit_at=FILLED + int(minutes * 60_000),
        exit_price=Decimal(price),
        net_r=Decimal(net_r),
        worst_net_r=Decimal(net_r),
        best_net_r=Decimal(net_r),
    )


STOPPED = settled(OutcomeKind.STOP, "1.035", "-1.2077", 6.79)
GAP = Outcome(
    kind=OutcomeKind.UNRESOLVED_GAP,
    filled_at=FILLED,
    fill_price=PLAN.entry,
    exit_price=PLAN.stop,
    ambiguous=True,
    **decimals(net_r="-1.2077", worst_net_r="-1.2077", best_net_r="1.3657"),
)
OUTCOMES = {
    "outcome_target": settled(OutcomeKind.TARGET, "1.0525", "1.3657", 6.79),
    "outcome_stop": STOPPED,
    "outcome_ambiguous": replace(STOPPED, ambiguous=True, best_net_r=Decimal("1.3657")),
    "outcome_expired": settled(OutcomeKind.EXPIRED, "1.0445", "0.05", 59.79),
    "outcome_delisted": settled(OutcomeKind.DELISTED, "1.03", "-1.9228", 0.3),
    "outcome_gap": GAP,
    "outcome_not_filled": Outcome(kind=OutcomeKind.NOT_FILLED),
    "outcome_void_late": Outcome(kind=OutcomeKind.VOID_LATE, filled_at=FILLED),
    "outcome_not_published": Outcome(kind=OutcomeKind.NOT_PUBLISHED),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_reads_as_the_golden_message(name: str) -> None:
    text = outcome_message(standing(LONG), OUTCOMES[name], Tally(wins=21, decided=49))

    assert text == golden(name)


def test_every_end_of_an_alert_has_its_golden_message() -> None:
    assert {outcome.kind for outcome in OUTCOMES.values()} == set(OutcomeKind) - {OutcomeKind.OPEN}


def test_an_exit_without_a_known_fill_says_no_duration() -> None:
    delisted = replace(OUTCOMES["outcome_delisted"], filled_at=None)

    text = outcome_message(standing(LONG), delisted, Tally())

    assert text.startswith("LAYER was delisted, closed at 1.0300. -1.92 R")


LONGEST = replace(
    SHORT,
    plan=replace(
        SHORT.plan,
        venue="binanceusdm",
        symbol="币安人生" * 8 + "/USDT:USDT",
        **decimals(entry="1E-9", stop="1.1E-9", target="8E-10", tick="1E-15"),
    ),
    setup="rsi_stochastic_reversal",
    state=SetupState.PROVEN,
    account=Profile(equity=Decimal("1E+12"), risk_pct=Decimal("0.5")),
    size=Size(
        **decimals(qty="1234567890123456789.123", notional="123456789012.12"),
        **decimals(margin="123456789012.12", leverage="125"),
        **decimals(loss_at_stop="5000000000.12", gain_at_target="5000000000.12"),
    ),
)


def test_the_longest_legal_values_fit_into_a_caption() -> None:
    many = Tally(wins=600_000, decided=1_000_000)
    alert = replace(standing(LONGEST), seq=10**9)
    ambiguous = replace(GAP, **decimals(net_r="-123.45", worst_net_r="-999", best_net_r="999"))

    for text in (alert_message(alert, many), outcome_message(alert, ambiguous, many)):
        assert len(shown(text).encode("utf-16-le")) // 2 <= LIMIT
        assert "E-" not in text
        assert "E+" not in text


@given(coin=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_a_hostile_symbol_never_becomes_markup(coin: str) -> None:
    coin = coin.replace("/", "")
    hostile = replace(LONG, plan=replace(PLAN, symbol=f"{coin}/USDT:USDT"))
    texts = [alert_message(standing(hostile), Tally())]
    texts += [outcome_message(standing(hostile), each, Tally()) for each in OUTCOMES.values()]

    for text in texts:
        assert "<" not in re.sub("</?code>", "", text)
        assert not re.search("&(?!amp;|lt;|gt;|quot;|#x27;)", text)
        assert coin in html.unescape(text)
        assert len(shown(text)) <= LIMIT


def test_a_symbol_with_markup_is_shown_as_it_is_written() -> None:
    hostile = replace(LONG, plan=replace(PLAN, symbol="<b>&/USDT:USDT"))

    first_line = alert_message(standing(hostile), Tally()).partition("\n")[0]

    assert first_line.startswith("🟢 LONG &lt;b&gt;&amp; <code>1.0420</code>")
