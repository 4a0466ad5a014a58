"""What a reader could do counts from the publication, however late it was."""

import pytest

from signalbot.domain.alert import EntryKind
from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.resolve import resolve

FLAT = "100 100.2 99.8 100"


def published(story, part, *rows, **changes):
    """The outcome of an alert published at that part of the first candle."""
    market = story.market(story.candles(*rows))
    return resolve(story.plan(**changes), story.at(0, part), market)


@pytest.mark.parametrize(("part", "kind"), [(0, OutcomeKind.TARGET), (61, OutcomeKind.VOID_LATE)])
def test_an_alert_published_after_the_price_left_is_void(story, part, kind):
    assert published(story, part, FLAT, "100.3 100.5 100.3 100.4", "101.01").kind is kind


def test_an_alert_published_below_its_stop_is_a_stop_from_the_planned_entry(story):
    rows = (FLAT, "98.5", "101.01")

    late = published(story, 61, *rows)

    assert (late.kind, late.net_r) == (OutcomeKind.STOP, -1)
    assert (late.fill_price, late.exit_price) == (story.price("100"), story.price("99"))


def test_an_alert_published_late_enters_in_a_later_candle_at_its_price(story):
    rows = (FLAT, "100", "100.1 100.2 100 100.1", "101.01")

    prompt, late = published(story, 0, *rows), published(story, 121, *rows)

    assert (prompt.fill_price, late.fill_price) == (story.price("100"), story.price("100.1"))
    assert late.evidence == story.candles(None, None, *rows[2:])


def test_what_happened_before_the_publication_neither_wins_nor_loses(story):
    rows = (FLAT, "100 102 98 100", FLAT, FLAT, "100.4")

    assert published(story, 0, *rows, hold=3).kind is OutcomeKind.STOP
    assert published(story, 121, *rows, hold=1).kind is OutcomeKind.EXPIRED


def test_the_time_runs_from_the_publication(story):
    rows = [FLAT] * 6

    prompt, late = (published(story, part, *rows, hold=2) for part in (0, 90))

    assert (prompt.exit_at, late.exit_at) == (story.at(2), story.at(4))


def test_a_limit_waits_from_the_publication(story):
    rows = ["100.2"] * 3 + ["99.9", "101.01"]
    patient = {"entry_kind": EntryKind.LIMIT, "patience": 2}

    assert published(story, 0, *rows, **patient).kind is OutcomeKind.NOT_FILLED
    assert published(story, 90, *rows, **patient).kind is OutcomeKind.TARGET


def test_a_latency_beyond_the_time_to_hold_leaves_nothing_to_get(story):
    beyond = story.step_ms // 1000

    assert published(story, 0, "100", "100", hold=1, latency_s=beyond).kind is (
        OutcomeKind.VOID_LATE
    )
    by_limit = published(story, 0, "99", "99", hold=1, latency_s=beyond, entry_kind=EntryKind.LIMIT)
    assert by_limit.kind is OutcomeKind.NOT_FILLED
