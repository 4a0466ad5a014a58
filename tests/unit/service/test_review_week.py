"""A reader's week from a recorded market: marks on real alerts of the stage, reviewed on Monday."""

from decimal import Decimal

import pytest
from fakes.journal import FakeJournal
from fakes.stage import CLOSE, LAYER, TOY, Stage

from signalbot.domain.journal import Decision, Execution, JournalEntry
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.reader_clock import ReaderClock
from signalbot.domain.side import Side
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS, from_iso
from signalbot.errors import InputError, RecordError
from signalbot.record.alert_history import AlertHistory
from signalbot.risk.guards import GuardRules, PlannedTrade, check_guards
from signalbot.service.keep_journal import JournalDesk, forget, mark, tell_exit, tell_fill
from signalbot.service.review_week import (
    ReviewDesk,
    followed_alerts,
    review_week,
    trades_for_guards,
)

READER = 42
MONDAY_AFTER = from_iso("2025-05-05T00:00:00Z")  # the stage plays on a Sunday
UTC = ReaderClock()


@pytest.fixture
def desk(stage: Stage) -> ReviewDesk:
    """Return a desk after two alerts, of which LAYER's reached its target and TOY's was stopped."""
    stage.pass_minute(0, matches=[stage.match(symbol=LAYER), stage.match(symbol=TOY)])
    stage.pass_minute(1)
    up, down = (100.0, 101.5, 100.0, 101.2), (100.0, 100.0, 98.0, 98.5)
    stage.pass_minute(2, {LAYER: up, TOY: down})
    keeping = JournalDesk(journal=FakeJournal(), history=AlertHistory.of(stage.ledger.entries()))
    return ReviewDesk(keeping=keeping, steps={("binanceusdm", LAYER): Decimal(1)})


def numbers(desk: ReviewDesk) -> dict[str, int]:
    published = desk.keeping.history.published(0, MONDAY_AFTER)
    return {alert.plan.symbol: alert.seq for alert in published}


def own(price: str, minute: int) -> Execution:
    return Execution(price=Decimal(price), at=CLOSE + minute * MINUTE_MS)


def keep_a_journal(desk: ReviewDesk, now: int) -> None:
    layer, toy = numbers(desk)[LAYER], numbers(desk)[TOY]
    mark(desk.keeping, READER, layer, Decision.TAKEN, now)
    tell_fill(desk.keeping, READER, layer, own("100.1", 1), now, quantity=Decimal(2))
    tell_exit(desk.keeping, READER, layer, own("101", 2), now)
    mark(desk.keeping, READER, toy, Decision.SKIPPED, now)


def test_the_week_that_is_over_is_reviewed(desk: ReviewDesk) -> None:
    keep_a_journal(desk, CLOSE + 3 * MINUTE_MS)

    shown = review_week(desk, READER, REFERENCE_PROFILE, UTC, MONDAY_AFTER + DAY_MS)

    assert (shown.since, shown.until) == (MONDAY_AFTER - 7 * DAY_MS, MONDAY_AFTER)
    assert (shown.published, shown.taken, shown.skipped, shown.kept) == (2, 1, 1, 1)
    # LAYER trades without fees: 0.9 of 1, and 2 units
    assert (shown.on_paper.net_r, shown.on_paper.money) == (Decimal("0.9"), Decimal("1.8"))
    assert shown.compared.ledger_r == 1
    assert shown.skipped_losers.n == 1


def test_the_week_that_runs_is_not_reviewed_yet(desk: ReviewDesk) -> None:
    keep_a_journal(desk, CLOSE + 3 * MINUTE_MS)

    shown = review_week(desk, READER, REFERENCE_PROFILE, UTC, MONDAY_AFTER - 1)
    assert (shown.published, shown.taken) == (0, 0)


def test_a_contract_that_is_not_known_gets_an_assumed_step(desk: ReviewDesk) -> None:
    keep_a_journal(desk, CLOSE + 3 * MINUTE_MS)

    steps = {each.plan.symbol: each.step for each in followed_alerts(desk, READER)}
    assert steps == {LAYER: Decimal(1), TOY: Decimal("0.0001")}


def test_the_guards_read_the_journal(desk: ReviewDesk) -> None:
    toy, now = numbers(desk)[TOY], CLOSE + 5 * MINUTE_MS
    mark(desk.keeping, READER, toy, Decision.TAKEN, now)
    tell_fill(desk.keeping, READER, toy, own("100", 1), now, quantity=Decimal(20))
    tell_exit(desk.keeping, READER, toy, own("98.9", 2), now)
    trades = trades_for_guards(desk, READER, REFERENCE_PROFILE, on_paper=True)

    planned = PlannedTrade(side=Side.LONG, risk_money=Decimal(5))
    (refusal,) = check_guards(
        trades, planned, REFERENCE_PROFILE.equity, GuardRules(), now, UTC.day_start(now)
    )
    # 20 * (1.1 + 0.0005 * 198.9) is 23.99 of 1000
    assert refusal.message.startswith("23.99 is lost today")
    assert trades_for_guards(desk, READER, REFERENCE_PROFILE, on_paper=False) == ()


def test_no_entry_of_the_ledger_ever_holds_a_reader(desk: ReviewDesk, stage: Stage) -> None:
    head, reader = stage.ledger.head, 9_137_550_246_801
    for seq in numbers(desk).values():
        mark(desk.keeping, reader, seq, Decision.TAKEN, CLOSE + 3 * MINUTE_MS)
    lines = [entry.line() for entry in stage.ledger.entries()]

    assert forget(desk.keeping, reader) == 2

    assert not any(str(reader) in line for line in lines)
    assert [entry.line() for entry in stage.ledger.entries()] == lines
    assert stage.ledger.head == head


def test_nobody_has_no_journal(desk: ReviewDesk) -> None:
    with pytest.raises(InputError, match="reader"):
        followed_alerts(desk, 0)


def test_a_journal_of_another_ledger_is_refused(desk: ReviewDesk) -> None:
    desk.keeping.journal.put(
        JournalEntry(reader=READER, alert_seq=999, decision=Decision.SKIPPED, marked_at=0)
    )

    with pytest.raises(RecordError, match="#999, which the ledger has not"):
        followed_alerts(desk, READER)
