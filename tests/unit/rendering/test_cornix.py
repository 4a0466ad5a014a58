"""Posts for automation: golden texts, and what is read back from any of them."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1
from signalbot.errors import InputError
from signalbot.rendering.cornix import cornix_post, fixed
from signalbot.rendering.cornix_rules import read_back

GOLDEN = Path(__file__).parents[2] / "golden"
ONE = Decimal(1)
TICKS = ["1E-11", "1E-8", "0.00025", "0.0001", "0.01", "0.1", "0.5", "1", "10"]


def alert(entry: str, stop: str, target: str, tick: str, symbol: str = "LAYER") -> Alert:
    long = Decimal(entry) > Decimal(stop)
    plan = Plan(
        id="9f3ca1b277d0e4aa",
        venue="binanceusdm",
        symbol=f"{symbol}/USDT:USDT",
        side=Side.LONG if long else Side.SHORT,
        entry=Decimal(entry),
        stop=Decimal(stop),
        target=Decimal(target),
        tick=Decimal(tick),
        latency_s=10,
        max_hold_min=60,
        entry_ttl_min=5,
        taker_rate=Decimal(0),
        maker_rate=Decimal(0),
        slippage_rate=Decimal(0),
    )
    size = Size(
        qty=ONE,
        notional=ONE,
        margin=ONE,
        leverage=Decimal(3),
        loss_at_stop=ONE,
        gain_at_target=ONE,
    )
    return Alert(
        plan=plan,
        setup="range_breakout",
        version="1.a",
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=0,
        breakeven_win_rate=ONE,
        cost_r=ONE,
        reward_risk_net=ONE,
        account=REFERENCE_PROFILE,
        size=size,
        btc=BtcNote(return_5m=ONE, trend="up", volatility="low"),
    )


LONG = alert("1.0420", "1.0350", "1.0525", "0.0001")


def on(alert: Alert, **changes: object) -> Alert:
    return replace(alert, plan=replace(alert.plan, **changes))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cornix_long", LONG),
        ("cornix_short", on(alert("1", "1.002", "0.998", "0.0001", "TOY"), venue="bybit")),
        ("cornix_tiny", on(alert("1.2E-8", "1.15E-8", "1.275E-8", "1E-11"), venue="mexc")),
        ("cornix_dear", alert("98000", "98700", "97000", "10", "BTC")),
    ],
)
def test_a_post_reads_as_the_golden_text(name: str, given: Alert) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="ascii").removesuffix("\n")

    assert cornix_post(given) == golden


@pytest.mark.parametrize(
    ("value", "tick", "text"),
    [
        ("1E-5", "1E-8", "0.00001000"),
        ("98000", "10", "98000.0"),
        ("98000", "0.1", "98000.0"),
        ("1E+5", "1", "100000.0"),
        ("0.5", "0.25", "0.50"),
    ],
)
def test_a_price_always_has_decimals(value: str, tick: str, text: str) -> None:
    assert fixed(Decimal(value), Decimal(tick)) == text


@given(
    ticks=st.integers(10, 10**7),
    risk=st.integers(1, 9),
    reward=st.integers(1, 9),
    tick=st.sampled_from(TICKS),
    side=st.sampled_from(Side),
    coin=st.text("ABCXYZ0123456789", min_size=1, max_size=30),
    leverage=st.decimals(1, 100, places=1),
)
def test_any_post_reads_back_as_it_was_meant(
    ticks: int, risk: int, reward: int, tick: str, side: Side, coin: str, leverage: Decimal
) -> None:
    grid = Decimal(tick)
    plan = replace(
        LONG.plan,
        symbol=f"{coin}/USDT:USDT",
        side=side,
        tick=grid,
        entry=ticks * grid,
        stop=(ticks - side.sign * risk) * grid,
        target=(ticks + side.sign * reward) * grid,
    )

    text = cornix_post(replace(LONG, plan=plan, size=replace(LONG.size, leverage=leverage)))
    found = read_back(text)

    assert (found.entry, found.stop, found.targets) == (plan.entry, plan.stop, (plan.target,))
    assert (found.pair, found.side) == (f"{coin}/USDT", side)
    assert found.leverage == leverage
    assert text.isascii()
    assert not re.search(r"\d[eE][-+]?\d", text.partition("\n")[2])


@pytest.mark.parametrize(
    "symbol", ["币安/USDT:USDT", "kPEPE/USDT:USDT", "A B/USDT:USDT", "A\n#B/USDT:USDT", "LAYER", ""]
)
def test_a_pair_that_the_format_cannot_say_has_no_post(symbol: str) -> None:
    with pytest.raises(InputError, match=r"symbol was .*; allowed: capital letters and digits"):
        cornix_post(on(LONG, symbol=symbol))


def test_a_price_off_its_tick_has_no_post_rather_than_another_price() -> None:
    with pytest.raises(InputError, match="price was"):
        cornix_post(on(LONG, entry=Decimal("1.04201")))


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("1) 1.0420", "1) 1.042e0", "Entry Targets was '1.042e0'"),
        ("1) 1.0420", "1) 104200", "Entry Targets was '104200'"),
        ("1) 1.0420", "1) 1,042.0", "Entry Targets was '1,042.0'"),
        ("1) 1.0420", "1) 0.0000", "Entry Targets was '0.0000'"),
        ("1) 1.0420", "2) 1.0420", "numbered from 1"),
        ("1) 1.0420", "now", "Entry Targets was missing"),
        ("1) 1.0350", "1) 1.0430", "stop was 1.0430; allowed: below the entry 1.0420 of a long"),
        ("1) 1.0525", "1) 1.0400", "target was 1.0400; allowed: above the entry 1.0420 of a long"),
        ("(Long)", "(Short)", "stop was 1.0350; allowed: above the entry 1.0420 of a short"),
        ("(Long)", "(Up)", "signal type was missing"),
        ("(3X)", "(126X)", "leverage was '126'"),
        ("(3X)", "(0X)", "leverage was '0'"),
        ("0.5% Risk", "25% Risk", "amount was '25'; allowed: above 0, at most 20"),
        ("#LAYER/USDT", "LAYER", "pair was missing"),
        ("#LAYER/USDT", "#LAYER/USDT\n#TOY/USDT", "pair was 'LAYER/USDT TOY/USDT'"),
        ("Regular (Long)", "Regular (Long)\nsee TOY/USDT", "one pair a post"),
        ("Isolated", "Isol\u00e9", "ASCII"),
        ("\n\n", "\n" * 5000, "at most 4096"),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused(was: str, becomes: str, complaint: str) -> None:
    broken = cornix_post(LONG).replace(was, becomes, 1)

    with pytest.raises(InputError, match=re.escape(complaint)):
        read_back(broken)


def test_several_targets_are_read_in_order() -> None:
    two = cornix_post(LONG).replace("1) 1.0525", "1) 1.0525\n2) 1.0600")

    assert read_back(two).targets == (Decimal("1.0525"), Decimal("1.0600"))


def test_the_documented_post_is_the_one_that_is_written() -> None:
    document = (GOLDEN.parents[1] / "docs" / "automation.md").read_text(encoding="utf-8")

    assert f"```text\n{cornix_post(LONG)}\n```" in document
