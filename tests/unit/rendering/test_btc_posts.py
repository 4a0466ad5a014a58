import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.analysis.btc_context import BtcRules, BtcState, Trend, Volatility
from signalbot.domain.btc_market import BtcMarket
from signalbot.rendering.btc_posts import btc_post, halt_post, resume_post
from signalbot.rendering.figures import clock

GOLDEN = Path(__file__).parents[2] / "golden"
AT = 1_746_369_120_000  # 2025-05-04T14:32:00Z
RULES = BtcRules()
FALL = BtcState(
    halted=True,
    return_5m=math.log(0.989),
    z_1m=-2.0,
    z_5m=-6.2,
    trend=Trend.DOWN,
    volatility=Volatility.HIGH,
)
CALM = replace(
    FALL, halted=False, return_5m=-0.001, z_5m=-0.4, trend=Trend.UP, volatility=Volatility.UNKNOWN
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("btc_calm", btc_post(CALM, AT, RULES)),
        ("btc_halted", btc_post(FALL, AT, RULES)),
        ("btc_unknown", btc_post(None, AT, RULES)),
        ("halt", halt_post(FALL, RULES)),
        ("halt_gap", halt_post(None, RULES)),
        ("halt_minute", halt_post(replace(CALM, z_1m=6.4, return_5m=0.003), RULES)),
        ("halt_over", resume_post(RULES)),
    ],
)
def test_a_post_reads_as_the_golden_text(name: str, text: str) -> None:
    golden = (GOLDEN / f"{name}.html").read_text(encoding="utf-8").removesuffix("\n")

    assert text == golden


def test_a_halt_reads_as_the_voice_says() -> None:
    assert halt_post(FALL, RULES) == (
        "BTC moved -1.1 % in 5 minutes (6.2 sigma). No new alerts until it has been calm for"
        " 15 minutes. Open alerts keep their stops."
    )


def test_the_move_is_a_change_of_price_not_a_logarithm() -> None:
    crash = replace(FALL, return_5m=math.log(0.89), z_5m=-60)

    assert "BTC moved -11.0 % in 5 minutes (60.0 sigma)" in halt_post(crash, RULES)


def test_a_large_move_halts_whatever_its_sigmas() -> None:
    slow = replace(FALL, return_5m=0.0081, z_5m=3.1)

    assert "BTC moved +0.8 % in 5 minutes (3.1 sigma)" in halt_post(slow, RULES)


@pytest.mark.parametrize("z_1m", [None, 0.3])
def test_a_halt_that_is_told_late_names_no_false_reason(z_1m: float | None) -> None:
    later = replace(FALL, return_5m=-0.00001, z_5m=0.1, z_1m=z_1m)

    assert halt_post(later, RULES).startswith(
        "BTC moved too fast a short while ago (0.0 % in 5 minutes at last)."
    )


def test_the_minutes_are_those_of_the_rules() -> None:
    assert "calm for 7.5 minutes" in resume_post(BtcRules(calm_min=7.5))


class TestPerpetual:
    def test_what_is_known_of_it_is_told(self):
        market = BtcMarket(
            at=AT,
            funding_rate=Decimal("0.0001"),
            funding_at=AT + 3_600_000,
            open_interest=Decimal("81234.5"),
            open_interest_change=Decimal("-0.012"),
            long_liquidated=Decimal(1_250_000),
            short_liquidated=Decimal(0),
        )
        line = btc_post(None, AT, BtcRules(), market).splitlines()[1]

        assert line == (
            f"Its perpetual: funding 0.0100 % at {clock(AT + 3_600_000)} UTC"
            " · open interest 81,234 BTC (-1.2 % in an hour)"
            " · closed by force in 5 minutes: longs 1,250,000 USDT, shorts 0 USDT"
        )

    def test_of_what_is_not_known_nothing_is_said(self):
        assert len(btc_post(None, AT, BtcRules(), BtcMarket(at=AT)).splitlines()) == 1
        bare = BtcMarket(at=AT, funding_rate=Decimal(0), open_interest=Decimal(5))
        assert btc_post(None, AT, BtcRules(), bare).endswith(
            "Its perpetual: funding 0.0000 % · open interest 5 BTC"
        )
