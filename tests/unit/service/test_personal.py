from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.worked_alert import ALERT, INSTRUMENT, PLAN
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import EntryKind
from signalbot.domain.profile import Profile
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.rules import Rules
from signalbot.domain.side import Side
from signalbot.risk.advice import Advice
from signalbot.risk.tiers import single_tier
from signalbot.service.personal import personal_advice

TIERS = single_tier(Decimal("0.015"))
ACCOUNT = Profile(equity=Decimal(500), risk_pct=Decimal("0.5"))


def advised(profile: Profile = ACCOUNT, **changes: str) -> Advice:
    instrument = replace(INSTRUMENT, **{name: Decimal(text) for name, text in changes.items()})
    return personal_advice(ALERT, profile, instrument, Rules(), TIERS)


def test_the_worked_alert_is_sized_for_the_reader() -> None:
    advice = advised()

    assert advice.refusals == ()
    assert advice.qty == advice.size.qty == 295
    assert advice.size.loss_at_stop == Decimal("2.4939007065")
    assert round(advice.liquidation_price or 0, 4) == Decimal("0.7052")
    assert int(advice.liquidation_distance_stops or 0) == 48


def test_the_reference_account_is_sized_as_the_alert_was() -> None:
    size = advised(ALERT.account).size

    assert size == ALERT.size


def test_an_account_that_is_too_small_is_told_what_would_fit() -> None:
    """0.1 / 0.0084539007 is 11; 20 USDT are 20 LAYER at the lower price, 0.169078 USDT of risk."""
    advice = advised(replace(ACCOUNT, equity=Decimal(20)), min_notional="20")

    assert advice.qty == 0
    assert [each.code for each in advice.refusals] == [RefusalCode.BELOW_MIN_NOTIONAL]
    assert advice.refusals[0].message == (
        "0.5 % risk allows 11, an order must be worth 20: it fits from 33.82 at this risk;"
        " never raise the risk to make it fit"
    )
    fits = advised(replace(ACCOUNT, equity=Decimal("33.82")), min_notional="20")
    assert (fits.qty, fits.refusals) == (20, ())


def test_without_tiers_liquidation_is_a_range() -> None:
    advice = personal_advice(ALERT, ACCOUNT, INSTRUMENT, Rules())

    assert advice.liquidation_price is None
    assert advice.liquidation_range is not None


def test_a_leverage_that_would_come_near_the_stop_is_lowered() -> None:
    """A stop a tenth away: 1 / (0.3 + 0.7 * 0.0155) allows 3 times."""
    plan = replace(PLAN, stop=Decimal("0.9378"), target=Decimal("1.2"))
    wide = replace(ALERT, plan=plan)

    advice = personal_advice(
        wide, replace(ACCOUNT, leverage=Decimal(20)), INSTRUMENT, Rules(), TIERS
    )

    assert advice.size.leverage == advice.leverage_cap == 3
    assert (advice.liquidation_distance_stops or 0) >= 3


def test_a_limit_entry_pays_the_makers_fee_and_does_not_slip() -> None:
    """0.0002 * 1.042 + 1.042 - 1.034793 + 0.0005 * 1.034793 = 0.0079327965 a unit: 315."""
    limit = replace(ALERT, plan=replace(PLAN, entry_kind=EntryKind.LIMIT))

    advice = personal_advice(limit, ACCOUNT, INSTRUMENT, Rules(), TIERS)

    assert advice.size.qty == 315


def test_a_market_that_is_not_in_the_table_liquidates_as_the_default() -> None:
    simulated = replace(ALERT, plan=replace(PLAN, venue="simulated"))

    assert personal_advice(simulated, ACCOUNT, INSTRUMENT, Rules(), TIERS) == advised()


@pytest.mark.parametrize(("assumed", "count"), [((), 1), (("tick",), 0)])
def test_an_assumed_tick_refuses_nothing(assumed: tuple[str, ...], count: int) -> None:
    coarse = replace(INSTRUMENT, tick=Decimal("0.001"), assumed=assumed)

    advice = personal_advice(ALERT, ACCOUNT, coarse, Rules(), TIERS)

    codes = [each.code for each in advice.refusals]
    assert codes == [RefusalCode.TICK_TOO_COARSE] * count


@given(
    equity=st.decimals(10, 1_000_000, places=2),
    risk_pct=st.decimals("0.1", 1, places=2),
    leverage=st.integers(1, 20),
    side=st.sampled_from(Side),
)
def test_no_reader_ever_loses_more_at_the_stop_than_was_chosen(
    equity: Decimal, risk_pct: Decimal, leverage: int, side: Side
) -> None:
    plan = PLAN
    if side is Side.SHORT:
        plan = replace(plan, side=side, stop=Decimal("1.0490"), target=Decimal("1.0315"))
    profile = Profile(equity=equity, risk_pct=risk_pct, leverage=Decimal(leverage))

    advice = personal_advice(replace(ALERT, plan=plan), profile, INSTRUMENT, Rules(), TIERS)

    assert bool(advice.refusals) is (advice.qty == 0)
    if not advice.refusals:
        assert advice.size.loss_at_stop <= profile.risk_money
        assert advice.size.leverage <= leverage
        assert advice.liquidation_distance_stops is None or advice.liquidation_distance_stops >= 3
