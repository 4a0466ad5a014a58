"""What finer candles add: the fill of a market entry, and the order of prices in one candle.

A part is a sixtieth of the candle: 1 s of 1m candles. Without another word a reader can trade from
the middle of part 12 on, so part 13 is the first that counts.
"""

from decimal import Decimal

import pytest

from signalbot.domain.alert import EntryKind
from signalbot.domain.outcome import Outcome, OutcomeKind

STOP, TARGET, EXPIRED = OutcomeKind.STOP, OutcomeKind.TARGET, OutcomeKind.EXPIRED
QUIET = "100 100.5 99.5 100"
BOTH = "100 101.2 98.9 100"
HIGH, LOW = "100 101.2 100 100", "100 100 98.9 100"
FLAT = ["100"] * 60


def parts(*events: tuple[int, str]) -> list[str]:
    """One candle's parts: flat at 100 but for these."""
    rows = list(FLAT)
    for place, row in events:
        rows[place] = row
    return rows


# The method's table: one candle touches both levels


@pytest.mark.parametrize(
    ("events", "kind", "net_r"),
    [(((20, HIGH), (40, LOW)), TARGET, 1), (((20, LOW), (40, HIGH)), STOP, -1)],
)
def test_finer_candles_tell_which_level_came_first(story, events, kind, net_r):
    seen = FLAT + parts(*events)

    outcome = story.resolve("100 100.4 99.8 100", BOTH, parts=seen)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (kind, net_r, False)
    assert outcome.worst_net_r == outcome.best_net_r == net_r
    assert outcome.exit_at == story.at(2)  # still that of the deciding candle
    assert outcome.source == "finer candles"


def test_a_finer_open_beyond_the_stop_orders_events_and_does_not_move_the_price(story):
    row = "100 101.2 98 98.5"

    outcome = story.resolve(QUIET, row, parts=FLAT + parts((20, "98"), (40, HIGH)))

    assert (outcome.kind, outcome.exit_price) == (STOP, story.price("99"))
    assert (outcome.net_r, outcome.ambiguous) == (-1, False)


def test_both_levels_in_one_finer_candle_stay_a_stop_in_doubt(story):
    outcome = story.resolve(QUIET, BOTH, parts=FLAT + parts((20, BOTH)))

    assert (outcome.kind, outcome.ambiguous) == (STOP, True)
    assert (outcome.worst_net_r, outcome.best_net_r) == (-1, 1)


def test_finer_candles_that_cover_the_candle_only_in_part_are_not_used(story):
    seen = FLAT + parts((20, HIGH), (40, LOW))

    without_one = [*seen[:110], None, *seen[111:]]

    assert story.resolve(QUIET, BOTH, parts=without_one) == story.resolve(
        QUIET, BOTH, parts=seen[:100]
    )
    assert story.resolve(QUIET, BOTH, parts=without_one).ambiguous is True


def test_finer_candles_that_show_neither_level_leave_the_candle_s_own_verdict(story):
    outcome = story.resolve(QUIET, BOTH, parts=FLAT + FLAT)

    assert (outcome.kind, outcome.ambiguous) == (STOP, True)


def test_finer_candles_are_not_asked_where_the_candle_is_certain(story):
    opened_beyond = "98.4 101.2 98.0 98.5"

    outcome = story.resolve(QUIET, opened_beyond, parts=FLAT + parts((1, HIGH), (2, LOW)))

    assert (outcome.kind, outcome.exit_price) == (STOP, story.price("98.4"))
    assert outcome.finer_evidence == story.parts(*[None] * 13, "100")  # the fill, and no more


# Rule 1: the fill


def test_a_market_entry_fills_at_the_first_finer_open_at_or_after_the_start(story):
    seen = parts((12, "100.3"), (13, "100.1 100.2 100 100"), (14, "100.2"))

    outcome = story.resolve("98.5 100.4 99.2 100", "101.01", parts=seen)

    assert (outcome.kind, outcome.fill_price) == (TARGET, story.price("100.1"))
    assert outcome.net_r == Decimal("0.9")
    assert outcome.filled_at == story.at(0, 12) + story.part_ms // 2  # t0 itself
    assert outcome.finer_evidence == story.parts(*[None] * 13, "100.1 100.2 100 100")


def test_a_finer_candle_that_opens_at_the_start_is_the_fill(story):
    outcome = story.resolve(QUIET, "101.01", parts=parts((30, "100.2")), start=30)

    assert outcome.fill_price == story.price("100.2")


def test_the_next_finer_candle_may_open_with_the_next_candle(story):
    seen = [*FLAT, "100.2", *FLAT[1:]]
    late = Decimal("59.5")

    outcome = story.resolve("100 102 98 100", "100.1", "101.01", parts=seen, start=late)

    assert (outcome.kind, outcome.fill_price) == (TARGET, story.price("100.2"))
    assert outcome.evidence == story.candles(None, "100.1", "101.01")
    assert outcome.ambiguous is False


def test_that_next_candle_is_waited_for(story):
    late = Decimal("59.5")

    assert story.resolve("98", parts=["98"] * 60, start=late).kind is OutcomeKind.OPEN
    assert story.resolve("98", "100", parts=["98"] * 60, start=late).kind is STOP
    assert story.resolve(parts=["98"] * 60, start=late).kind is OutcomeKind.OPEN


@pytest.mark.parametrize("seen", [FLAT[:13], [*FLAT[:13], None, *FLAT[14:]]])
def test_finer_candles_that_miss_the_start_leave_the_candle_s_own_open(story, seen):
    outcome = story.resolve("100.2 100.5 99.5 100", "101.01", parts=seen)

    assert (outcome.kind, outcome.fill_price) == (TARGET, story.price("100.2"))
    assert outcome.source == "candles"


# Rule 2 with the finer fill


def test_a_finer_fill_may_be_too_late(story):
    outcome = story.resolve(QUIET, parts=parts((13, "100.26")))

    assert outcome == Outcome(
        kind=OutcomeKind.VOID_LATE,
        filled_at=outcome.filled_at,
        fill_price=story.price("100.26"),
        evidence=story.candles(QUIET),
        finer_evidence=story.parts(*[None] * 13, "100.26"),
    )


def test_a_finer_fill_beyond_the_stop_is_a_certain_stop(story):
    row = "100 100 98 99"

    outcome = story.resolve(row, parts=parts((13, "98")))

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -1, False)
    assert (outcome.fill_price, outcome.exit_price) == (story.price("100"), story.price("99"))
    assert outcome.finer_evidence == story.parts(*[None] * 13, "98")


# Rule 3: in the entry candle only what comes at or after the start counts, both ways


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        (((5, LOW), (6, HIGH)), EXPIRED),
        (((12, LOW), (13, HIGH)), TARGET),
        (((12, HIGH), (13, LOW)), STOP),
        (((5, LOW), (30, HIGH), (31, LOW)), TARGET),
    ],
)
def test_finer_candles_order_the_entry_candle(story, events, kind):
    outcome = story.resolve(BOTH, QUIET, "100", parts=parts(*events), hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, False)
    assert outcome.finer_evidence == story.parts(*[None] * 13, *parts(*events)[13:])


def test_a_bare_touch_of_the_target_in_order_fills_nothing(story):
    seen = parts((20, "100 101 100 100"))

    outcome = story.resolve("100 101 100 100", "98", parts=seen)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -2, False)


def test_a_gap_after_an_ordered_entry_keeps_the_finer_rows(story):
    outcome = story.resolve(HIGH, None, QUIET, parts=parts((5, HIGH)))

    assert outcome.kind is OutcomeKind.UNRESOLVED_GAP
    assert outcome.finer_evidence == story.parts(*[None] * 13, *FLAT[13:])


# Rules 3 and 4: the fill candle of a limit

THROUGH = "100 100 99.99 100"


@pytest.mark.parametrize(
    ("events", "kind", "ambiguous"),
    [
        (((10, HIGH), (20, THROUGH), (40, LOW)), STOP, False),
        (((10, THROUGH), (20, HIGH), (40, LOW)), TARGET, False),
        (((20, "100 101.2 99.99 100"), (40, LOW)), STOP, True),  # the fill or the high first?
        (((10, HIGH), (20, LOW)), STOP, False),
        (((10, HIGH), (20, "98.5 98.6 98.4 98.5")), STOP, False),
    ],
)
def test_after_a_limit_s_fill_finer_candles_order_its_candle(story, events, kind, ambiguous):
    outcome = story.limit(BOTH, parts=parts(*events))

    assert (outcome.kind, outcome.ambiguous) == (kind, ambiguous)
    assert outcome.exit_price == story.price("101" if kind is TARGET else "99")
    assert outcome.fill_price == story.price("100")
    assert outcome.finer_evidence == story.parts(*parts(*events))


def test_a_high_before_a_limit_s_fill_is_no_doubt_later(story):
    seen = parts((10, HIGH), (20, THROUGH))

    outcome = story.limit("100 101.2 99.99 100", "98", parts=seen)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -2, False)


@pytest.mark.parametrize("seen", [FLAT, parts((5, "100 101.2 99.99 100"))])
def test_finer_candles_that_contradict_a_limit_s_candle_decide_nothing(story, seen):
    outcome = story.limit(BOTH, parts=seen)

    assert (outcome.kind, outcome.ambiguous, outcome.source) == (STOP, True, "candles")


def test_finer_candles_without_the_fill_of_a_limit_leave_its_doubt(story):
    outcome = story.limit("100 101 99.99 100", "98", parts=FLAT)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -2, True)
    assert outcome.source == "candles"


def test_a_later_candle_of_a_limit_is_held_from_its_open(story):
    outcome = story.limit(THROUGH, BOTH, parts=FLAT + parts((0, HIGH), (40, LOW)))

    assert (outcome.kind, outcome.ambiguous) == (TARGET, False)


# Rule 8: the candle that contains the expiry. The start is at part 30, and the expiry a step after
# the publication 10 s before it: part 20 of the second candle of 1m, part 28 of 5m.


def expiry_part(story) -> int:
    return 30 - 10_000 // story.part_ms


@pytest.mark.parametrize(
    ("after_expiry", "row", "kind", "ambiguous"),
    [
        (-1, HIGH, TARGET, False),
        (-1, LOW, STOP, False),
        (1, HIGH, EXPIRED, False),
        (1, LOW, EXPIRED, False),
    ],
)
def test_finer_candles_tell_what_came_before_the_expiry(story, after_expiry, row, kind, ambiguous):
    seen = FLAT + parts((expiry_part(story) + after_expiry, row))

    outcome = story.resolve(QUIET, row, "100.4", parts=seen, start=30, hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, ambiguous)


@pytest.mark.parametrize(("row", "kind"), [(HIGH, EXPIRED), (LOW, STOP)])
def test_a_touch_in_the_finer_candle_that_contains_the_expiry_stays_in_doubt(story, row, kind):
    start = Decimal("30.5")
    seen = FLAT + parts((expiry_part(story), row))

    outcome = story.resolve(QUIET, row, "100.4", parts=seen, start=start, hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, True)


@pytest.mark.parametrize(("row", "kind"), [("100 101.2 99.99 100", EXPIRED), (LOW, STOP)])
def test_a_limit_filled_in_the_finer_candle_that_contains_the_expiry_is_in_doubt(story, row, kind):
    start = Decimal("0.5")
    expiry = 60 - 10_000 // story.part_ms
    seen = FLAT + parts((expiry, row))

    outcome = story.resolve(
        "100.2",
        row,
        "100.4",
        parts=seen,
        start=start,
        hold=2,
        entry_kind=EntryKind.LIMIT,
    )

    assert (outcome.kind, outcome.ambiguous) == (kind, True)
