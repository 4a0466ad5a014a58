"""Rules 1, 2 and 4 of the method: how an alert is entered."""

import pytest

from signalbot.domain.alert import EntryKind
from signalbot.domain.outcome import Outcome, OutcomeKind

QUIET = "100 100.5 99.5 100"
AWAY = "100.2 100.4 100.1 100.2"
THROUGH = "100.2 100.4 99.99 100.2"
REACHED = "100 101.01 99.9 101"

# Rule 1: a market entry fills at the open of the candle in which a reader can first trade


@pytest.mark.parametrize(("start", "fill"), [(0, "100"), (59, "100"), (60, "100.1")])
def test_a_market_entry_fills_at_the_open_of_the_candle_that_contains_the_start(story, start, fill):
    outcome = story.resolve(QUIET, "100.1", REACHED, start=start)

    assert (outcome.kind, outcome.fill_price) == (OutcomeKind.TARGET, story.price(fill))
    assert outcome.filled_at == story.at(0, start)


def test_what_happened_before_the_entry_candle_does_not_matter(story):
    outcome = story.resolve("100 102 98 100", QUIET, REACHED, start=60)

    assert (outcome.kind, outcome.ambiguous) == (OutcomeKind.TARGET, False)
    assert outcome.evidence == story.candles(None, QUIET, REACHED)


@pytest.mark.parametrize("kind", EntryKind)
def test_an_alert_is_open_until_its_entry_candle_is_known(story, kind):
    is_open = Outcome(kind=OutcomeKind.OPEN)

    assert story.resolve(entry_kind=kind) == is_open
    assert story.resolve("98", start=60, entry_kind=kind) == is_open


def test_a_missing_entry_candle_is_a_gap_settled_as_filled_at_the_entry(story):
    outcome = story.resolve(None, "100.2 102 100 101")

    assert outcome == Outcome(
        kind=OutcomeKind.UNRESOLVED_GAP,
        filled_at=story.at(0, 12) + story.part_ms // 2,
        fill_price=story.price("100"),
        exit_price=story.price("99"),
        gross_r=-1,
        cost_r=0,
        net_r=-1,
        ambiguous=True,
        worst_net_r=-1,
        best_net_r=1,
    )


# Rule 2: too late


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ("100.25", OutcomeKind.TARGET),
        ("100.26", OutcomeKind.VOID_LATE),
        ("100.30", OutcomeKind.VOID_LATE),
        ("101", OutcomeKind.VOID_LATE),
        ("102", OutcomeKind.VOID_LATE),
        ("99.01", OutcomeKind.TARGET),  # better than planned is never too late
    ],
)
def test_a_fill_is_too_late_beyond_a_quarter_of_the_risk(story, first, kind):
    assert story.resolve(first, "101.01").kind is kind


@pytest.mark.parametrize(("first", "is_void"), [("100.09", False), ("100.1", True)])
def test_a_fill_at_a_near_target_is_too_late_within_a_quarter_of_the_risk(story, first, is_void):
    outcome = story.resolve(first, target="100.1")

    assert (outcome.kind is OutcomeKind.VOID_LATE) is is_void


def test_a_void_alert_says_where_it_would_have_been_filled_and_nothing_else(story):
    rows = ("100.30 102 98 100", "98")

    assert story.resolve(*rows, start=30) == Outcome(
        kind=OutcomeKind.VOID_LATE,
        filled_at=story.at(0, 30),
        fill_price=story.price("100.30"),
        evidence=story.candles(rows[0]),
    )


@pytest.mark.parametrize("first", ["99", "98"])
def test_a_fill_at_or_beyond_the_stop_is_a_certain_stop_from_the_planned_entry(story, first):
    row = f"{first} 102 97 98"

    assert story.resolve(row, start=30) == Outcome(
        kind=OutcomeKind.STOP,
        filled_at=story.at(0, 30),
        fill_price=story.price("100"),
        exit_at=story.at(1),
        exit_price=story.price("99"),
        gross_r=-1,
        cost_r=0,
        net_r=-1,
        worst_net_r=-1,
        best_net_r=-1,
        evidence=story.candles(row),
    )


# Rule 4: a limit entry must be traded through


def test_a_limit_touched_but_not_traded_through_is_not_filled(story):
    rows = ["100.2 100.4 100.00 100.2"] * 5

    assert story.limit(*rows) == Outcome(kind=OutcomeKind.NOT_FILLED, evidence=story.candles(*rows))


def test_a_limit_traded_through_by_a_tick_is_filled_at_its_price_at_that_candle_s_close(story):
    outcome = story.limit(AWAY, THROUGH, REACHED)

    assert (outcome.kind, outcome.net_r) == (OutcomeKind.TARGET, 1)
    assert (outcome.fill_price, outcome.filled_at) == (story.price("100"), story.at(2))
    assert outcome.evidence == story.candles(None, THROUGH, REACHED)


def test_a_limit_is_never_filled_better_than_its_price(story):
    outcome = story.limit("99.5", REACHED)

    assert (outcome.fill_price, outcome.net_r) == (story.price("100"), 1)


def test_a_limit_is_never_too_late(story):
    outcome = story.limit("101 101 99.9 100", REACHED)

    assert (outcome.kind, outcome.fill_price) == (OutcomeKind.TARGET, story.price("100"))


def test_the_candle_under_way_at_the_start_does_not_fill_a_limit(story):
    rows = ("100 100 99.5 100", *[AWAY] * 5)

    outcome = story.resolve(*rows, entry_kind=EntryKind.LIMIT)

    assert outcome.kind is OutcomeKind.NOT_FILLED
    assert outcome.evidence == story.candles(None, *rows[1:])


@pytest.mark.parametrize(("waited", "kind"), [(4, OutcomeKind.TARGET), (5, OutcomeKind.NOT_FILLED)])
def test_a_limit_waits_for_its_time_only(story, waited, kind):
    outcome = story.limit(*[AWAY] * waited, THROUGH, "101.01")

    assert outcome.kind is kind


def test_the_last_candle_of_the_wait_decides_without_a_later_one(story):
    assert story.limit(*[AWAY] * 4).kind is OutcomeKind.OPEN
    assert story.limit(*[AWAY] * 5).kind is OutcomeKind.NOT_FILLED


def test_a_candle_that_opens_within_the_wait_counts_to_its_close(story):
    rows = [AWAY] * 2 + [THROUGH, "101.01"]

    assert story.resolve(*rows, entry_kind=EntryKind.LIMIT, patience=1).kind is (
        OutcomeKind.NOT_FILLED
    )
    assert story.resolve(*rows, entry_kind=EntryKind.LIMIT, patience=2).kind is OutcomeKind.TARGET


def test_a_limit_does_not_wait_beyond_the_expiry(story):
    outcome = story.limit(AWAY, THROUGH, "101.01", hold=1)

    assert (outcome.kind, outcome.evidence) == (OutcomeKind.NOT_FILLED, story.candles(AWAY))


def test_a_gap_while_a_limit_waits_is_settled_as_filled_at_the_entry(story):
    assert story.limit(AWAY, None, QUIET) == Outcome(
        kind=OutcomeKind.UNRESOLVED_GAP,
        fill_price=story.price("100"),
        exit_price=story.price("99"),
        gross_r=-1,
        cost_r=0,
        net_r=-1,
        ambiguous=True,
        worst_net_r=-1,
        best_net_r=1,
        evidence=story.candles(AWAY),
    )


def test_a_candle_that_nobody_waited_for_may_be_missing(story):
    assert story.resolve(None, THROUGH, "101.01", entry_kind=EntryKind.LIMIT).kind is (
        OutcomeKind.TARGET
    )
    assert story.limit(*[AWAY] * 5, None, "98").kind is OutcomeKind.NOT_FILLED
