from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import ALERT, MONDAY
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import SetupState
from signalbot.domain.profile import Profile
from signalbot.domain.subscriber import (
    MOST_MUTES,
    PAPER_ALERTS,
    QuietHours,
    Role,
    Subscriber,
    Unwanted,
    is_paper,
    wants,
)
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS, from_iso
from signalbot.errors import InputError
from signalbot.risk.guards import GuardRules

NEW = Subscriber(reader=7_000_000_001, joined_at=MONDAY)
NIGHT = QuietHours(since=22 * 60, until=7 * 60)
BERLIN = replace(NEW, zone="Europe/Berlin", quiet=NIGHT)


def test_a_new_reader_is_subscribed_and_has_told_nothing() -> None:
    assert wants(NEW, ALERT, MONDAY) is None
    assert NEW.profile is None


def test_the_profile_is_what_was_told() -> None:
    told = replace(NEW, equity=Decimal(500))

    assert told.profile == Profile(
        equity=Decimal(500), risk_pct=Decimal("0.5"), leverage=Decimal(3)
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"role": Role.BLOCKED}, Unwanted.BLOCKED),
        ({"reachable": False}, Unwanted.UNREACHABLE),
        ({"subscribed": False}, Unwanted.NOT_SUBSCRIBED),
        ({"paused_until": MONDAY + 1}, Unwanted.PAUSED),
        ({"muted_coins": frozenset({"TOY"})}, Unwanted.MUTED_COIN),
        ({"muted_setups": frozenset({ALERT.setup})}, Unwanted.MUTED_SETUP),
        ({"quiet": QuietHours(since=0, until=1)}, Unwanted.QUIET),
    ],
)
def test_why_an_alert_is_not_wanted_has_a_name(
    changes: dict[str, object], reason: Unwanted
) -> None:
    assert wants(replace(NEW, **changes), ALERT, MONDAY) is reason  # type: ignore[arg-type]


def test_what_is_muted_or_over_keeps_nothing_else_away() -> None:
    other = replace(
        NEW,
        role=Role.OWNER,
        paused_until=MONDAY,
        muted_coins=frozenset({"LAYER"}),
        muted_setups=frozenset({"another"}),
        quiet=QuietHours(since=1, until=0),
    )

    assert wants(other, ALERT, MONDAY) is None


@pytest.mark.parametrize(
    ("local", "is_quiet"),
    [
        ("21:59", False),
        ("22:00", True),
        ("23:59", True),
        ("00:00", True),
        ("06:59", True),
        ("07:00", False),
        ("12:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight(local: str, is_quiet: bool) -> None:
    now = from_iso(f"2026-01-15T{local}:00+01:00")

    assert (wants(BERLIN, ALERT, now) is Unwanted.QUIET) is is_quiet


def test_quiet_hours_follow_summer_time() -> None:
    winter, summer = from_iso("2026-03-28T06:30:00Z"), from_iso("2026-03-29T06:30:00Z")

    assert wants(BERLIN, ALERT, winter) is None  # 07:30
    assert wants(BERLIN, ALERT, winter - HOUR_MS) is Unwanted.QUIET  # 06:30
    assert wants(BERLIN, ALERT, summer - HOUR_MS) is None  # 07:30 already


def test_quiet_hours_inside_the_skipped_hour_never_come() -> None:
    skipped = replace(BERLIN, quiet=QuietHours(since=2 * 60, until=3 * 60))
    day = range(from_iso("2026-03-28T23:00:00Z"), from_iso("2026-03-29T22:00:00Z"), MINUTE_MS)

    assert {wants(skipped, ALERT, now) for now in day} == {None}


def test_quiet_hours_inside_the_repeated_hour_come_twice() -> None:
    repeated = replace(BERLIN, quiet=QuietHours(since=2 * 60, until=3 * 60))
    first = from_iso("2026-10-24T22:00:00Z")

    quiet = [n for n in range(25 * 60) if wants(repeated, ALERT, first + n * MINUTE_MS)]

    assert quiet == list(range(120, 240))


@given(since=st.integers(0, 1439), until=st.integers(0, 1439), now=st.integers(0, 1439))
def test_quiet_hours_and_the_rest_of_the_day_share_every_minute(
    since: int, until: int, now: int
) -> None:
    if since == until:
        with pytest.raises(InputError, match="two different minutes of a day"):
            QuietHours(since=since, until=until)
        return
    quiet, rest = QuietHours(since=since, until=until), QuietHours(since=until, until=since)
    assert quiet.covers(now) is not rest.covers(now)
    assert quiet.covers(since)
    assert not quiet.covers(until)


@pytest.mark.parametrize(("since", "until"), [(-1, 5), (5, 1440)])
def test_quiet_hours_are_minutes_of_a_day(since: int, until: int) -> None:
    with pytest.raises(InputError, match="quiet hours was"):
        QuietHours(since=since, until=until)


@pytest.mark.parametrize("state", SetupState)
def test_everything_is_paper_until_real_sizes_are_asked_for(state: SetupState) -> None:
    assert is_paper(replace(NEW, alerts_received=1000), state)


@pytest.mark.parametrize("state", SetupState)
def test_the_first_ten_alerts_are_paper_whatever_was_said(state: SetupState) -> None:
    eager = replace(NEW, real_since=MONDAY)

    assert [is_paper(replace(eager, alerts_received=n), state) for n in range(PAPER_ALERTS)] == [
        True
    ] * 10


def test_from_then_on_sizes_are_real_unless_the_setup_is_known_to_lose() -> None:
    known = replace(NEW, real_since=MONDAY, alerts_received=PAPER_ALERTS)

    assert {state: is_paper(known, state) for state in SetupState} == {
        SetupState.UNPROVEN: False,
        SetupState.PROVEN: False,
        SetupState.LOSING: True,
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reader": 0}, "reader was 0"),
        ({"equity": Decimal("9.99")}, "account was 9.99; allowed: from 10 to 1,000,000 USDT, f"),
        ({"equity": Decimal("1000000.01")}, "account was 1000000.01"),
        ({"equity": Decimal("NaN")}, "account was NaN"),
        ({"risk_pct": Decimal("0.09")}, r"risk was 0.09; allowed: from 0.1 to 1 % of the account"),
        ({"risk_pct": Decimal("NaN")}, "risk was NaN; allowed: from 0.1"),
        ({"risk_pct": Decimal("1.01")}, "at most 1 % .* because ten losses in a row .*example 0.5"),
        ({"risk_pct": Decimal("Infinity")}, "risk was Infinity"),
        ({"leverage": Decimal(21)}, "a whole number from 1 to 20, better at most 5: more brings"),
        ({"leverage": Decimal("2.5")}, "leverage was 2.5"),
        ({"leverage": Decimal(0)}, "leverage was 0"),
        ({"leverage": Decimal("Infinity")}, "leverage was Infinity"),
        ({"zone": "Nowhere"}, "time zone was 'Nowhere'"),
        ({"alerts_received": -1}, "alerts received was -1"),
    ],
)
def test_what_is_out_of_bounds_is_named(changes: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        replace(NEW, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"equity": Decimal(10), "risk_pct": Decimal("0.1"), "leverage": Decimal(1)},
        {"equity": Decimal(1_000_000), "risk_pct": Decimal(1), "leverage": Decimal(20)},
    ],
)
def test_the_bounds_themselves_are_allowed(changes: dict[str, Decimal]) -> None:
    assert replace(NEW, **changes).profile == Profile(**changes)


def test_a_reader_mutes_two_hundred_names_at_most() -> None:
    coins = frozenset(f"C{n}" for n in range(MOST_MUTES - 1))
    full = replace(NEW, muted_coins=coins, muted_setups=frozenset({"range_breakout"}))

    with pytest.raises(InputError, match="mutes was 201; allowed: at most 200"):
        replace(full, muted_coins=coins | {"MORE"})


def test_the_highest_risk_is_the_one_that_the_guards_allow() -> None:
    assert replace(NEW, risk_pct=GuardRules().max_risk_pct)
    ten_losses = 1 - (1 - GuardRules().max_risk_pct / 100) ** 10
    assert Decimal("0.09") < ten_losses < Decimal("0.1")  # nearly a tenth, as the refusal says
