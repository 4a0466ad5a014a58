import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from signalbot.domain.outcome import OutcomeKind, Settled
from signalbot.domain.timeframe import DAY_MS, HOUR_MS
from signalbot.stats.sample import Sample
from signalbot.stats.slices import Slice, slices_of


def settled(row: int, **changes: object) -> Settled:
    given: dict[str, object] = {
        "alert_id": f"{row:04}",
        "setup": "reversal",
        "version": "1",
        "symbol": "A/USDT:USDT",
        "side": "long",
        "published_at": row * DAY_MS + 14 * HOUR_MS + 59,
        "kind": OutcomeKind.EXPIRED,
        "net_r": 0.9,
        "breakeven_win_rate": 0.5,
    }
    return Settled(**(given | changes))


def named(slices: tuple[Slice, ...]) -> dict[tuple[str, str], Slice]:
    return {(part.by, part.value): part for part in slices}


def test_every_dimension_is_sliced_in_order() -> None:
    alerts = [
        settled(row, symbol="BA"[row % 2], side=("short", "long")[row % 2]) for row in range(60)
    ]

    slices = slices_of(Sample.of(alerts))

    assert [(part.by, part.value) for part in slices] == [
        ("setup", "reversal 1"),
        ("hour", "14"),
        ("symbol", "A"),
        ("symbol", "B"),
        ("side", "long"),
        ("side", "short"),
    ]


def test_alerts_are_sliced_by_what_btc_did() -> None:
    labels = {"volatility": ("low", "high"), "regime": ("up", "down", "up")}
    alerts = [
        settled(row, **{by: names[row % len(names)] for by, names in labels.items()})
        for row in range(90)
    ]

    slices = named(slices_of(Sample.of(alerts)))

    assert slices["volatility", "low"].n == slices["volatility", "high"].n == 45
    assert (slices["regime", "up"].n, slices["regime", "down"].n) == (60, 30)


def test_what_is_not_told_of_an_alert_is_no_slice() -> None:
    alerts = [settled(row, volatility="" if row < 40 else "low") for row in range(80)]

    slices = named(slices_of(Sample.of(alerts)))

    assert slices["volatility", "low"].n == 40
    assert not {("volatility", ""), ("regime", "")} & set(slices)


def test_every_dimension_that_is_shown_counts_in_the_adjustment() -> None:
    plain = [settled(row, net_r=0.9 if row % 4 else -1.1) for row in range(40)]
    told = [settled(row, net_r=0.9 if row % 4 else -1.1, regime="up") for row in range(40)]

    before, after = (named(slices_of(Sample.of(alerts))) for alerts in (plain, told))

    one = before["side", "long"]
    assert one.p_holm == pytest.approx(4 * one.p_value)
    assert after["side", "long"].p_holm == pytest.approx(5 * one.p_value)


def test_a_slice_is_shown_from_thirty_alerts_on() -> None:
    alerts = [settled(row, symbol="A" if row < 30 else "B") for row in range(59)]

    slices = named(slices_of(Sample.of(alerts)))

    assert slices["symbol", "A"].n == 30
    assert ("symbol", "B") not in slices


def test_versions_of_a_setup_are_not_mixed() -> None:
    alerts = [settled(row, version=str(row % 2)) for row in range(80)]

    slices = named(slices_of(Sample.of(alerts)))

    assert slices["setup", "reversal 0"].n == slices["setup", "reversal 1"].n == 40


def test_a_slice_is_tested_against_its_own_breakeven() -> None:
    alerts = [
        settled(row, net_r=0.9 if row % 4 else -1.1, breakeven_win_rate=0.5 + row % 2 * 0.1)
        for row in range(40)
    ]

    part = named(slices_of(Sample.of(alerts)))["side", "long"]

    assert (part.n, part.wins, part.win_rate) == (40, 30, 0.75)
    assert part.breakeven_win_rate == pytest.approx(0.55)
    assert part.expectancy_r == pytest.approx(0.4)
    assert part.p_value == pytest.approx(binomtest(30, 40, 0.55).pvalue)


def test_every_slice_shown_counts_in_the_adjustment() -> None:
    alerts = [settled(row, net_r=0.9 if row % 4 else -1.1) for row in range(40)]

    slices = slices_of(Sample.of(alerts))

    assert len(slices) == 4
    assert [part.p_holm for part in slices] == pytest.approx([4 * part.p_value for part in slices])


def test_nothing_decided_has_no_slices() -> None:
    assert slices_of(Sample.of([])) == ()


def test_a_plan_that_can_never_break_even_is_no_error() -> None:
    slices = slices_of(Sample.of(settled(row, breakeven_win_rate=1.0) for row in range(30)))

    assert {part.p_value for part in slices} == {1.0}


@given(
    st.permutations([settled(row, net_r=row % 3 - 0.5, side="ls"[row % 2]) for row in range(70)])
)
def test_the_order_in_which_alerts_come_changes_no_slice(alerts: list[Settled]) -> None:
    assert slices_of(Sample.of(alerts)) == slices_of(Sample.of(sorted(alerts, key=str)))
