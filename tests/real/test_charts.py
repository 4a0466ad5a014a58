"""Charts of real matches: each pair has one, and the candles of another pair are refused."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from signalbot.analysis.btc_context import BtcRules
from signalbot.domain.alert import Alert, BtcNote, Plan, SetupState, Size
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.rules import Rules
from signalbot.domain.snapshot import SHOWN, Snapshot
from signalbot.domain.timeframe import M1
from signalbot.errors import InputError
from signalbot.market.recorded import RecordedMarket, Selection, load
from signalbot.rendering.charts.alert_chart import alert_chart
from signalbot.rendering.pictures.sheet import png
from signalbot.service.decide import on_tick
from signalbot.setups.catalogue import setups_for
from signalbot.setups.scanner import scan
from signalbot.setups.setup import Match

SHARED = Path(os.environ.get("SIGNALBOT_SHARED", Path(__file__).parents[2] / ".." / "shared"))
CANDLES = SHARED / "data" / "candles"
LARGEST_BYTES = 100_000
ONE = Decimal(1)


@pytest.fixture(scope="module")
def market() -> RecordedMarket:
    if not CANDLES.is_dir():
        pytest.skip("real candles need the shared market data")
    return load(Selection(folder=CANDLES, venue="binanceusdm", timeframe=M1))


@pytest.fixture(scope="module")
def matches(market: RecordedMarket) -> list[Match]:
    """The last match of each pair."""
    setups = setups_for(M1, Rules(), BtcRules(), REFERENCE_PROFILE)
    return list({match.symbol: match for match in scan(market.panel, setups)}.values())


def alert_of(match: Match, market: RecordedMarket) -> Alert:
    levels = on_tick(match, market.instruments[match.symbol].tick)
    plan = Plan(
        id="a",
        venue="binanceusdm",
        symbol=match.symbol,
        side=match.side,
        entry=levels.entry,
        stop=levels.stop,
        target=levels.target,
        tick=market.instruments[match.symbol].tick,
        latency_s=10,
        max_hold_min=match.setup.max_hold_min,
        entry_ttl_min=5,
        taker_rate=Decimal("0.0005"),
        maker_rate=Decimal("0.0002"),
        slippage_rate=Decimal("0.0002"),
    )
    size = Size(
        qty=ONE, notional=ONE, margin=ONE, leverage=ONE, loss_at_stop=ONE, gain_at_target=ONE
    )
    return Alert(
        plan=plan,
        setup=match.setup.name,
        version=match.setup.version,
        state=SetupState.UNPROVEN,
        timeframe=M1,
        candle_close=match.candle_close,
        breakeven_win_rate=Decimal("0.5"),
        cost_r=Decimal("0.2"),
        reward_risk_net=ONE,
        account=REFERENCE_PROFILE,
        size=size,
        btc=BtcNote(return_5m=ONE, trend="up", volatility="low"),
    )


def test_every_pair_has_a_chart(market: RecordedMarket, matches: list[Match]) -> None:
    assert len(matches) >= 8
    for match in matches:
        candles = market.window(match.pair, match.candle_close, SHOWN)
        snapshot = Snapshot.of(1, "ab" * 32, alert_of(match, market), candles)

        assert len(png(alert_chart(snapshot))) <= LARGEST_BYTES


def test_the_candles_of_another_pair_are_refused(
    market: RecordedMarket, matches: list[Match]
) -> None:
    for match in matches:
        for other in {each.pair for each in matches} - {match.pair}:
            candles = market.window(other, match.candle_close, SHOWN)
            with pytest.raises(InputError, match=r"close was|newest candle"):
                Snapshot.of(1, "ab" * 32, alert_of(match, market), candles)
