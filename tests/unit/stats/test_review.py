"""A week of six trades and four skipped alerts, every figure worked out by hand."""

from dataclasses import replace
from decimal import Decimal

from fakes.own_trades import MONDAY, SETUP, STOP, TARGET, followed, recorded, skipped, winning_days
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.alert import SetupState
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.reader_clock import WEEK_MS, ReaderClock
from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.outcomes.rule_breaks import BreakKind
from signalbot.stats.review import MeanSlippage, OwnRecord, Review, Totals, review

UNTIL = MONDAY + WEEK_MS
WEEK = [
    followed(recorded(1, 0), "1.0005", "1.0200", quantity="400"),  # +1.879575 R, +7.5183
    followed(recorded(2, 100, ledger_r=STOP), "1.0000", "0.9900", quantity="438"),  # -1.0995 R
    followed(recorded(3, 200), "1.0030", "1.0200", quantity="100"),  # chased, +1.62945 R
    followed(recorded(4, 300), "1.0000", "0.9850", on_paper=False, quantity="500"),  # -1.59925 R
    followed(recorded(5, 400), "1.0000"),
    followed(recorded(6, 500)),
    skipped(recorded(7, 600)),
    skipped(recorded(8, 700)),
    skipped(recorded(9, 800, ledger_r=STOP)),
    skipped(recorded(10, 900, ledger_r=None)),
]


def of(journal, published=0, since=MONDAY, states=None, clock=None) -> Review:
    record = OwnRecord(
        followed=journal,
        published=published,
        profile=REFERENCE_PROFILE,
        clock=clock or ReaderClock(),
        states=states or {},
    )
    return review(record, since, since + WEEK_MS)


def test_every_mark_of_the_week_is_counted():
    shown = of(WEEK, published=30)

    assert (shown.published, shown.taken, shown.skipped) == (30, 6, 4)
    assert (shown.closed, shown.untold) == (4, (5, 6))


def test_discipline_counts_the_trades_without_break_and_delay():
    shown = of(WEEK)

    assert shown.kept == 2
    assert [(found.alert_seq, found.kind) for found in shown.breaks] == [
        (4, BreakKind.RISK_ABOVE_PLAN),
        (4, BreakKind.BEYOND_STOP),
    ]
    assert [(found.alert_seq, found.beyond) for found in shown.late] == [(3, Decimal("0.0005"))]


def test_money_and_paper_are_added_up_apart():
    shown = of(WEEK)

    # 7.5183 - 4.81581 + 1.62945
    assert shown.on_paper == Totals(
        n=3, wins=2, net_r=Decimal("2.409525"), money=Decimal("4.33194"), money_n=3
    )
    assert shown.with_money == Totals(
        n=1, wins=0, net_r=Decimal("-1.59925"), money=Decimal("-7.99625"), money_n=1
    )


def test_money_is_that_of_the_trades_with_a_quantity():
    trade = followed(recorded(1), "1.0000", "0.9900")

    assert of([trade]).on_paper == Totals(n=1, net_r=Decimal("-1.0995"))


def test_the_ledger_stands_beside_the_same_alerts():
    compared = of(WEEK).compared

    assert compared.n == 4
    assert compared.own_r == Decimal("0.810275")
    assert compared.ledger_r == 3 * TARGET + STOP


def test_an_alert_that_the_ledger_did_not_fill_is_not_compared():
    unfilled = replace(recorded(1), outcome=Outcome(kind=OutcomeKind.NOT_FILLED))
    shown = of([followed(unfilled, "1.0000", "0.9900")])

    assert (shown.closed, shown.compared.n) == (1, 0)


def test_slippage_is_the_mean_of_the_pairs_of_fills():
    # 5, 0, 30, 0 and 0 bp
    assert of(WEEK).slippage == MeanSlippage(
        n=5, r=Decimal("0.07"), bps=Decimal(7), assumed_bps=Decimal(2)
    )
    assert of([]).slippage is None


def test_skipping_is_measured_both_ways():
    shown = of(WEEK)

    assert shown.skipped_winners == Totals(n=2, wins=2, net_r=2 * TARGET)
    assert shown.skipped_losers == Totals(n=1, wins=0, net_r=STOP)


def test_a_trade_belongs_to_the_week_of_its_publication():
    last_minute = WEEK_MS // MINUTE_MS - 1
    before, inside = recorded(1, -1), recorded(2, 0)
    sunday, after = recorded(3, last_minute), recorded(4, last_minute + 1)
    unpublished = replace(recorded(5), published_at=None)
    alerts = (before, inside, sunday, after, unpublished)

    shown = of([followed(alert, "1.0000", "1.0200") for alert in alerts])

    assert shown.closed == 2


def test_the_week_is_the_readers():
    clock = ReaderClock(offset_min=120)
    since = clock.week_start(MONDAY)
    late_sunday = followed(recorded(1, -60), "1.0000", "1.0200")

    assert of([late_sunday], since=since, clock=clock).closed == 1
    assert of([late_sunday]).closed == 0


def test_hours_and_gate_rest_on_the_whole_journal_up_to_the_end_of_the_week():
    # twelve winning days from Monday of the week before on, so five of them are in this week
    journal = winning_days(12)
    shown = of(journal, since=MONDAY + WEEK_MS)

    assert shown.closed == 5
    assert shown.gate.days == 12
    assert shown.cells.largest == {"hour": 12, "volatility": 12}
    first = of(journal)
    assert first.gate.days == 7
    assert first.cells.largest == {"hour": 7, "volatility": 7}


def test_a_setup_is_unproven_until_the_record_says_otherwise():
    journal = winning_days(3)

    assert of(journal).unproven == (SETUP,)
    assert of(journal, states={SETUP: SetupState.LOSING}).unproven == (SETUP,)
    assert of(journal, states={SETUP: SetupState.PROVEN}).unproven == ()


@given(st.integers(-720, 840), st.integers(0, 52))
def test_an_empty_week_is_a_review_too(offset_min, weeks):
    clock = ReaderClock(offset_min=offset_min)
    shown = of([], since=clock.week_start(MONDAY + weeks * WEEK_MS), clock=clock)

    assert (shown.taken, shown.skipped, shown.closed, shown.kept, shown.gate.days) == (0,) * 5
    assert shown.on_paper == shown.with_money == shown.skipped_winners == Totals()


@given(st.permutations(WEEK))
def test_the_order_of_the_journal_does_not_matter(journal):
    assert of(journal) == of(WEEK)


@given(st.sets(st.sampled_from(range(len(WEEK)))), st.integers(0, 6))
def test_marks_and_results_add_up(chosen, days):
    shown = of([WEEK[n] for n in chosen], since=MONDAY - days * DAY_MS)

    assert shown.taken == shown.closed + len(shown.untold)
    assert shown.closed == shown.on_paper.n + shown.with_money.n
    assert 0 <= shown.kept <= shown.closed
    assert shown.skipped_winners.n + shown.skipped_losers.n <= shown.skipped
