from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.ledger import FakeLedger
from fakes.own_trades import ALERT, MONDAY, PLAN

from signalbot.domain.alert import Alert
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.record.alert_history import AlertHistory
from signalbot.record.bodies import alert_body, published_body, universe_body
from signalbot.record.entries import Draft, EntryType
from signalbot.record.outcome_bodies import correction_body, outcome_body

STOPPED = Outcome(
    kind=OutcomeKind.STOP,
    filled_at=MONDAY + 60_000,
    fill_price=Decimal("1.0001"),
    exit_at=MONDAY + 120_000,
    exit_price=Decimal("0.99"),
    gross_r=Decimal("-1.01"),
    cost_r=Decimal("0.1393"),
    net_r=Decimal("-1.1493"),
    worst_net_r=Decimal("-1.1493"),
    best_net_r=Decimal("-1.1493"),
    funding_evidence=(
        FundingPayment(time=MONDAY + 90_000, rate=Decimal("-0.0001"), price=Decimal("1.002")),
    ),
)


def recorded(*drafts: Draft) -> AlertHistory:
    ledger, history = FakeLedger(), AlertHistory()
    for entry in ledger.append(drafts):
        history.apply(entry)
    return history


def alert(name: str = "a") -> Draft:
    named: Alert = replace(ALERT, plan=replace(PLAN, id=name))
    return Draft(type=EntryType.ALERT, ts=MONDAY, body=alert_body(named))


def published(seq: int, at: int = MONDAY) -> Draft:
    return Draft(type=EntryType.PUBLISHED, ts=at, body=published_body(seq, at, "m", 3))


def test_an_alert_is_found_by_its_number_as_it_was_recorded() -> None:
    found = recorded(alert("a"), alert("b")).find(2)

    assert found is not None
    assert (found.seq, found.plan.id) == (2, "b")
    assert (found.published_at, found.outcome, found.decided, found.net_r) == (None,) * 4
    assert found.valid_until == MONDAY + 5 * 60_000


def test_another_entry_is_no_alert() -> None:
    body = universe_body("2026-11-09", "bybit", "1m", ["TOY/USDT:USDT"])
    history = recorded(Draft(type=EntryType.UNIVERSE, ts=MONDAY, body=body), alert())

    assert history.find(1) is None
    assert history.find(2) is not None
    assert history.find(3) is None


def test_its_outcome_is_told_with_the_funding_and_without_the_candles() -> None:
    draft = Draft(type=EntryType.OUTCOME, ts=MONDAY, body=outcome_body(1, STOPPED))

    found = recorded(alert(), published(1), draft).find(1)

    assert found is not None
    assert found.outcome == STOPPED
    assert found.net_r == Decimal("-1.1493")


@pytest.mark.parametrize("kind", [OutcomeKind.NOT_FILLED, OutcomeKind.VOID_LATE])
def test_an_outcome_that_does_not_count_has_no_result(kind: OutcomeKind) -> None:
    body = outcome_body(1, Outcome(kind=kind))

    found = recorded(alert(), Draft(type=EntryType.OUTCOME, ts=MONDAY, body=body)).find(1)

    assert found is not None
    assert found.outcome == Outcome(kind=kind)
    assert found.decided is None
    assert found.net_r is None


def test_a_correction_takes_the_place_of_the_outcome() -> None:
    better = replace(STOPPED, net_r=Decimal("-0.5"))
    drafts = [
        Draft(type=EntryType.OUTCOME, ts=MONDAY, body=outcome_body(1, STOPPED)),
        Draft(type=EntryType.CORRECTION, ts=MONDAY, body=correction_body(1, 2, better, "late")),
    ]

    found = recorded(alert(), *drafts).find(1)

    assert found is not None
    assert found.outcome == better


def test_the_alerts_of_a_week_are_those_published_in_it() -> None:
    drafts = [alert(name) for name in "abcd"]
    history = recorded(*drafts, published(1, MONDAY - 1), published(2), published(3, MONDAY + 10))

    assert [each.seq for each in history.published(MONDAY, MONDAY + 10)] == [2]
