import re
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbot.analysis.btc_context import BtcRules, BtcState, Trend, Volatility
from signalbot.domain.alert import Alert, BtcNote, SetupState, alert_id
from signalbot.domain.instrument import Instrument
from signalbot.domain.profile import REFERENCE_PROFILE, Profile
from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.domain.timeframe import M1, MINUTE_MS
from signalbot.service.decide import Desk, decide, match_id, on_tick
from signalbot.service.minute import Minute
from signalbot.setups.catalogue import setups_for
from signalbot.setups.setup import Match

LAYER = "LAYER/USDT:USDT"
PAIR = 7
CLOSE = 1_746_369_120_000
SETUP = setups_for(M1, Rules(), BtcRules(), REFERENCE_PROFILE)[0]
CALM = BtcState(
    halted=False,
    return_5m=-0.00123456789,
    z_1m=-0.5,
    z_5m=-0.8,
    trend=Trend.DOWN,
    volatility=Volatility.NORMAL,
)
CONTRACT = Instrument(
    venue="binanceusdm",
    symbol=LAYER,
    tick=Decimal("0.0001"),
    step=Decimal(1),
    min_qty=Decimal(1),
    min_notional=Decimal(5),
    contract_size=Decimal(1),
    taker_rate=Decimal("0.0005"),
    maker_rate=Decimal("0.0002"),
)
FIVE_HUNDRED = Profile(equity=Decimal(500), risk_pct=Decimal("0.5"))
WITHOUT_TICKS = Rules(replay_slippage_ticks=Decimal(0))
"""Slippage is 0.02 % a fill, as in the worked alert."""


def match_of(
    side: Side = Side.LONG, entry: float = 1.042, stop: float = 1.035, target: float = 1.0525
) -> Match:
    return Match(
        setup=SETUP,
        pair=PAIR,
        symbol=LAYER,
        row=300,
        candle_close=CLOSE,
        side=side,
        entry=entry,
        stop=stop,
        target=target,
        reasons={"rsi": Decimal("24.1")},
    )


def minute_of(btc: BtcState | None = CALM, spread: str | None = None) -> Minute:
    prices = np.full(PAIR + 1, 1.05)
    return Minute(
        open_time=CLOSE - MINUTE_MS,
        close_time=CLOSE,
        high=prices,
        low=prices - 0.02,
        matches=(),
        btc=btc,
        spreads={} if spread is None else {PAIR: Decimal(spread), PAIR - 1: Decimal(1)},
    )


def desk_of(profile: Profile = FIVE_HUNDRED, rules: Rules = WITHOUT_TICKS, **terms: str) -> Desk:
    contract = replace(CONTRACT, **{name: Decimal(term) for name, term in terms.items()})
    return Desk(venue="binanceusdm", instruments={LAYER: contract}, profile=profile, rules=rules)


def decided(
    match: Match | None = None, minute: Minute | None = None, desk: Desk | None = None
) -> Alert | Refusal:
    return decide(
        match or match_of(), minute or minute_of(), SetupState.UNPROVEN, desk or desk_of()
    )


def test_the_worked_alert_comes_out_of_its_match():
    alert = decided()
    plan, size = alert.plan, alert.size

    assert (plan.entry, plan.stop, plan.target) == (
        Decimal("1.0420"),
        Decimal("1.0350"),
        Decimal("1.0525"),
    )
    assert plan.do_not_chase == Decimal("1.0437")
    assert size.qty == 295
    assert round(size.notional) == 307
    assert (round(size.margin), size.leverage) == (102, 3)
    assert round(size.loss_at_stop, 2) == Decimal("2.49")
    assert round(size.gain_at_target, 2) == Decimal("2.82")
    assert round(alert.cost_r, 2) == Decimal("0.21")
    assert round(100 * alert.breakeven_win_rate, 1) == Decimal("46.9")
    # a unit loses 0.0084539007 and gains 0.0095599958
    assert alert.cost_r == Decimal("0.2077001000")
    assert round(alert.reward_risk_net, 4) == Decimal("1.1308")


def test_an_alert_says_what_it_was_decided_from():
    alert = decide(match_of(), minute_of(), SetupState.PROVEN, desk_of())

    assert (alert.setup, alert.version, alert.timeframe) == (SETUP.name, SETUP.version, M1)
    assert alert.state is SetupState.PROVEN
    assert alert.candle_close == CLOSE
    assert alert.account == FIVE_HUNDRED
    assert alert.reasons == {"rsi": Decimal("24.1")}
    assert alert.btc == BtcNote(return_5m=Decimal("-0.001235"), trend="down", volatility="normal")


def test_a_plan_takes_its_terms_from_the_contract_the_setup_and_the_rules():
    plan = decided(desk=desk_of(rules=Rules(latency_s=7, entry_ttl_min=3))).plan

    assert (plan.venue, plan.symbol, plan.side) == ("binanceusdm", LAYER, Side.LONG)
    assert (plan.tick, plan.taker_rate, plan.maker_rate) == (
        CONTRACT.tick,
        CONTRACT.taker_rate,
        CONTRACT.maker_rate,
    )
    assert (plan.latency_s, plan.entry_ttl_min, plan.max_hold_min) == (7, 3, 60)
    # 0.0002 + half a tick of 0.0001 at 1.0420, rounded up
    assert plan.slippage_rate == Decimal("0.0002479847")


def test_the_id_depends_on_the_match_and_the_venue_and_on_no_account():
    alert = decided()

    assert alert.id == decided(desk=desk_of(REFERENCE_PROFILE)).id
    assert alert.id == match_id(match_of(), "binanceusdm") != match_id(match_of(), "bybit")
    assert alert.id == alert_id(
        setup=SETUP.name,
        version=SETUP.version,
        venue="binanceusdm",
        symbol=LAYER,
        timeframe="1m",
        candle_close=CLOSE,
        side=Side.LONG,
    )


def test_an_account_of_twenty_is_told_what_would_fit():
    profile = Profile(equity=Decimal(20), risk_pct=Decimal("0.5"))

    assert decided(desk=desk_of(profile, min_notional="20")) == Refusal(
        code=RefusalCode.BELOW_MIN_NOTIONAL,
        message="0.5 % risk allows 11, an order must be worth 20: it fits from 33.82 at this risk;"
        " never raise the risk to make it fit",
    )
    enough = replace(profile, equity=Decimal("33.82"))
    assert decided(desk=desk_of(enough, min_notional="20")).size.qty == 20


SMALL = Profile(equity=Decimal("0.01"), risk_pct=Decimal("0.5"))
COARSE, WIDE = {"tick": "0.0005"}, "0.0024"
BROKEN = match_of(stop=1.05, target=1.03)


@pytest.mark.parametrize(
    ("code", "match", "minute", "terms"),
    [
        (RefusalCode.BTC_UNKNOWN, BROKEN, minute_of(None, WIDE), COARSE),
        (RefusalCode.BTC_HALT, BROKEN, minute_of(replace(CALM, halted=True), WIDE), COARSE),
        (RefusalCode.INVALID_STOP_SIDE, BROKEN, minute_of(CALM, WIDE), COARSE),
        (RefusalCode.INVALID_TARGET_SIDE, match_of(target=1.03), minute_of(CALM, WIDE), COARSE),
        (RefusalCode.TICK_TOO_COARSE, match_of(), minute_of(CALM, WIDE), COARSE),
        (RefusalCode.STOP_INSIDE_SPREAD, match_of(), minute_of(CALM, WIDE), {}),
        (RefusalCode.COST_TOO_HIGH, match_of(), minute_of(), {}),
    ],
)
def test_of_several_reasons_the_first_gate_names_its_own(code, match, minute, terms):
    # every row breaks its own gate and all later ones
    desk = desk_of(SMALL, taker_rate="0.001", **terms)

    assert decided(match, minute, desk).code is code


def test_a_setup_that_loses_is_suspended_before_anything_else_is_looked_at():
    refused = decide(match_of(), minute_of(None), SetupState.LOSING, desk_of())

    assert refused.code is RefusalCode.SETUP_SUSPENDED
    assert "only a new version brings it back" in refused.message


def test_bitcoin_in_doubt_or_in_motion_says_what_it_waits_for():
    unknown, halted = minute_of(None), minute_of(replace(CALM, halted=True))

    assert "is missing or its context still warms up" in decided(minute=unknown).message
    assert "alerts return when it has been calm for a while" in decided(minute=halted).message


@pytest.mark.parametrize(("stop", "fits"), [(1.0400, True), (1.0401, False)])
def test_the_stop_distance_a_tick_refusal_names_passes(stop, fits):
    free = Rules(replay_slippage_rate=Decimal(0), replay_slippage_ticks=Decimal(0))
    desk = desk_of(rules=free, taker_rate="0", maker_rate="0")
    verdict = decided(match_of(stop=stop), desk=desk)

    if fits:
        assert isinstance(verdict, Alert)
    else:
        assert verdict.message.endswith("it fits from a stop 0.002 away")


@pytest.mark.parametrize(("spread", "fits"), [("0.0023", True), ("0.0024", False)])
def test_the_spread_of_the_pair_itself_is_what_counts(spread, fits):
    # three times 0.0023 is 0.0069, three times 0.0024 is 0.0072; the stop is 0.0070 away
    patient = desk_of(rules=Rules(max_cost_r=Decimal(2)))
    verdict = decided(minute=minute_of(spread=spread), desk=patient)

    assert isinstance(verdict, Alert) is fits
    if not fits:
        assert verdict.message.endswith("it fits from 0.0072 away")
        farther = decided(match_of(stop=1.0348), minute_of(spread=spread), desk=patient)
        assert isinstance(farther, Alert)


def test_where_a_book_is_known_half_its_spread_and_a_tick_is_the_slippage():
    # (0.0004 / 2 + 0.0001) / 1.0420 = 0.00028790786...
    verdict = decided(minute=minute_of(spread="0.0004"), desk=desk_of())

    assert verdict.plan.slippage_rate == Decimal("0.0002879079")


def test_a_dear_venue_is_refused_where_a_cheap_one_is_not():
    # at 0.1 % a side: 0.0004154 + 0.0020770014, 0.36 R of 0.0070
    verdict = decided(desk=desk_of(taker_rate="0.001"))

    assert verdict.code is RefusalCode.COST_TOO_HIGH
    assert verdict.message.startswith("costs are 0.36 R at the stop, allowed are 0.25 R")


@pytest.mark.parametrize(
    ("match", "levels"),
    [
        (match_of(Side.LONG, 1.04203, 1.03508, 1.05259), ("1.0421", "1.0350", "1.0525")),
        (match_of(Side.SHORT, 1.04207, 1.04901, 1.03151), ("1.0420", "1.0491", "1.0316")),
        # the noise of float arithmetic is no tick
        (
            match_of(Side.LONG, 1.0420000000000003, 1.0349999999999997, 1.0525),
            ("1.0420", "1.0350", "1.0525"),
        ),
    ],
)
def test_prices_are_rounded_to_the_tick_against_the_reader(match, levels):
    rounded = on_tick(match, Decimal("0.0001"))

    assert (rounded.entry, rounded.stop, rounded.target) == tuple(map(Decimal, levels))


@st.composite
def matches(draw) -> Match:
    entry = draw(st.floats(1, 10)) * 10.0 ** draw(st.integers(-9, 5))
    side = draw(st.sampled_from(Side))
    share = st.floats(0.005, 0.05) | st.floats(0.0001, 0.9)
    stop = entry * (1 - side.sign * draw(share))
    target = entry * (1 + side.sign * draw(share))
    return match_of(side, entry, stop, target)


@settings(deadline=None)
@given(match=matches(), exponent=st.integers(-12, 2))
def test_rounding_never_makes_a_plan_look_better(match, exponent):
    tick = Decimal(1).scaleb(exponent)
    levels, sign = on_tick(match, tick), match.side.sign
    noise = Decimal("1e-11")

    worse = {
        "entry": sign * (levels.entry - Decimal(match.entry)),
        "stop": sign * (Decimal(match.stop) - levels.stop),
        "target": sign * (Decimal(match.target) - levels.target),
    }
    for name, distance in worse.items():
        slack = noise * Decimal(getattr(match, name))
        assert -slack <= distance < tick + slack
        assert getattr(levels, name) % tick == 0


@settings(deadline=None)
@given(
    match=matches(),
    ticks=st.integers(2, 5),
    step=st.integers(-8, 7),
    equity=st.sampled_from(["0.01", "20", "1000", "1000000"]),
    spread=st.sampled_from([None, "0", "0.000001", "3"]),
)
def test_any_market_gives_an_alert_or_a_refusal_in_plain_words(match, ticks, step, equity, spread):
    tick = Decimal(1).scaleb(Decimal(match.entry).adjusted() - ticks)
    desk = desk_of(
        Profile(equity=Decimal(equity), risk_pct=Decimal("0.5")),
        Rules(),
        tick=str(tick),
        step=str(Decimal(1).scaleb(step)),
    )

    verdict = decided(match, minute_of(spread=spread), desk)

    if isinstance(verdict, Refusal):
        assert not re.search(r"\d[eE]|NaN|Inf|-\d", verdict.message)
        assert verdict.message
        return
    size = verdict.size
    assert all(getattr(size, field.name).is_finite() for field in fields(size))
    assert min(size.qty, size.notional, size.margin) > 0
    assert 0 < size.loss_at_stop <= desk.profile.risk_money
    assert 0 <= verdict.cost_r <= Decimal("0.25")
