"""Rules 3 to 8 where a tape covers a candle: its trades decide, one after the other.

A reader can trade from the middle of the first candle's part 12 on; the fill is at part 20.
"""

from decimal import Decimal

import pytest

from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import OutcomeKind

STOP, TARGET, EXPIRED = OutcomeKind.STOP, OutcomeKind.TARGET, OutcomeKind.EXPIRED
QUIET = "100 100.5 99.5 100"
BOTH = "100 101.2 98.9 100"
BEFORE, FILL, AFTER = (0, 0, "100"), (0, 20, "100"), (9, 0, "100")


def through(*told):
    """A tape from before the start to long after, with these trades in it."""
    return [BEFORE, FILL, *told, AFTER]


# Rule 7: the order, and rules 5, 6 and 10: price and time


def test_the_first_trade_through_the_target_ends_it_exactly_there_and_then(story):
    told = [(1, 5, "100.5"), (1, 10, "101.2"), (1, 20, "98.9")]

    outcome = story.resolve(QUIET, BOTH, tape=through(*told))

    assert (outcome.kind, outcome.exit_price, outcome.net_r) == (TARGET, story.price("101"), 1)
    assert (outcome.exit_at, outcome.ambiguous) == (story.at(1, 10), False)
    assert outcome.worst_net_r == outcome.best_net_r == 1
    assert outcome.trade_evidence == story.tape(FILL, *told)
    assert outcome.evidence == story.candles(QUIET, BOTH)


def test_the_first_trade_beyond_the_stop_ends_it_at_its_own_price(story):
    told = [(1, 10, "98.9"), (1, 20, "101.2")]

    outcome = story.resolve(QUIET, BOTH, tape=through(*told))

    assert (outcome.kind, outcome.exit_price) == (STOP, story.price("98.9"))
    assert (outcome.exit_at, outcome.net_r) == (story.at(1, 10), Decimal("-1.1"))
    assert outcome.ambiguous is False


def test_trades_move_the_price_of_a_stop_that_the_candle_was_certain_of(story):
    row = "100 100.2 98 98.5"
    told = [(1, 10, "99.1"), (1, 20, "98.6"), (1, 30, "98")]

    assert story.resolve(QUIET, row).exit_price == story.price("99")
    assert story.resolve(QUIET, row, tape=through(*told)).exit_price == story.price("98.6")


@pytest.mark.parametrize(("price", "kind"), [("99.01", EXPIRED), ("99", STOP)])
def test_a_trade_at_the_stop_is_enough(story, price, kind):
    row = f"100 101 {price} 100"

    outcome = story.resolve(QUIET, row, "100", "100", tape=through((1, 10, price)), hold=2)

    assert outcome.kind is kind


@pytest.mark.parametrize(("price", "kind"), [("101.00", EXPIRED), ("101.01", TARGET)])
def test_the_target_is_traded_through_or_not_filled(story, price, kind):
    row = f"100 {price} 99.5 100"

    outcome = story.resolve(QUIET, row, "100", "100", tape=through((1, 10, price)), hold=2)

    assert outcome.kind is kind


def test_a_trade_at_the_target_is_passed_over_for_what_comes_later(story):
    told = [(1, 10, "101"), (1, 20, "98.9"), (1, 30, "101.2")]

    assert story.resolve(QUIET, BOTH, tape=through(*told)).kind is STOP


def test_of_trades_at_one_instant_the_order_of_the_tape_counts(story):
    both = [(1, 10, "101.2"), (1, 10, "98.9")]

    assert story.resolve(QUIET, BOTH, tape=through(*both)).kind is TARGET
    assert story.resolve(QUIET, BOTH, tape=through(*reversed(both))).kind is STOP


def test_trades_come_before_finer_candles(story):
    parts = [None] * 70 + ["98.9"] * 10
    parts = [*parts, *["101.2"] * 40]
    told = [(1, 10, "101.2"), (1, 20, "98.9")]

    outcome = story.resolve(QUIET, BOTH, parts=parts, tape=through(*told))

    assert (outcome.kind, outcome.finer_evidence) == (TARGET, ())


def test_funding_is_paid_up_to_the_trade_that_ended_it(story):
    pay = FundingPayment(time=story.at(1, 15), rate=Decimal("0.001"), price=Decimal(100))
    known = {"funding": (pay,)}

    early = story.resolve(QUIET, BOTH, tape=through((1, 10, "101.2")), known=known)
    late = story.resolve(QUIET, BOTH, tape=through((1, 20, "101.2")), known=known)

    assert (early.funding_evidence, late.funding_evidence) == ((), (pay,))


# What the tape does not tell


def test_a_tape_that_begins_inside_the_candle_decides_nothing(story):
    outcome = story.resolve(QUIET, BOTH, tape=[(1, 5, "101.2"), AFTER])

    assert (outcome.kind, outcome.ambiguous, outcome.source) == (STOP, True, "candles")


def test_a_tape_that_ends_inside_the_candle_decides_if_it_shows_the_exit(story):
    shown = story.resolve(QUIET, BOTH, tape=[BEFORE, FILL, (1, 10, "101.2")])
    not_shown = story.resolve(QUIET, BOTH, tape=[BEFORE, FILL, (1, 10, "100.2")])

    assert (shown.kind, shown.ambiguous) == (TARGET, False)
    assert (not_shown.kind, not_shown.ambiguous) == (STOP, True)
    assert not_shown.trade_evidence == story.tape(FILL)


@pytest.mark.parametrize("told", [(), ((1, 10, "100.5"), (1, 20, "99.5"))])
def test_trades_that_contradict_the_candle_decide_nothing(story, told):
    outcome = story.resolve(QUIET, BOTH, tape=through(*told))

    assert (outcome.kind, outcome.exit_price, outcome.ambiguous) == (STOP, story.price("99"), True)
    assert outcome.trade_evidence == story.tape(FILL)


def test_where_trades_contradict_the_candle_finer_candles_are_asked(story):
    parts = [None] * 60 + ["101.2"] * 30 + ["98.9"] * 30

    outcome = story.resolve(QUIET, BOTH, parts=parts, tape=through((1, 10, "100")))

    assert (outcome.kind, outcome.ambiguous) == (TARGET, False)


# Rule 3: the entry candle


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (((0, 5, "98.9"), (0, 6, "101.2"), FILL), EXPIRED),
        ((FILL, (0, 30, "101.2"), (0, 40, "98.9")), TARGET),
        ((FILL, (0, 30, "98.9"), (0, 40, "101.2")), STOP),
    ],
)
def test_in_the_entry_candle_only_trades_from_the_fill_on_count_both_ways(story, told, kind):
    tape = [BEFORE, *told, AFTER]

    outcome = story.resolve(BOTH, QUIET, "100", tape=tape, hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, False)
    assert outcome.trade_evidence == story.tape(*told[told.index(FILL) :])


def test_a_tape_that_ends_after_the_fill_leaves_the_entry_candle_in_doubt(story):
    outcome = story.resolve("100 101 100 100", "101.01", tape=[BEFORE, FILL, (0, 30, "100.1")])

    assert (outcome.kind, outcome.ambiguous) == (TARGET, True)


def test_a_tape_that_did_not_give_the_fill_does_not_order_the_entry_candle(story):
    quote = {"quote": story.quote(0, 13, "100")}

    outcome = story.resolve("100 101 100 100", "101.01", tape=[(0, 13, "100"), AFTER], known=quote)

    assert (outcome.kind, outcome.ambiguous) == (TARGET, True)
    assert (outcome.exit_at, outcome.trade_evidence) == (story.at(2), ())


# Rule 4: a limit


def test_a_limit_is_filled_by_the_first_trade_through_it_and_then(story):
    row = "100.2 100.2 99.9 100"
    tape = [(0, 0, "100.2"), (0, 10, "100"), (0, 20, "99.99"), (0, 30, "99.9"), AFTER]

    outcome = story.limit(row, "101.01", tape=tape)

    assert (outcome.kind, outcome.fill_price) == (TARGET, story.price("100"))
    assert outcome.filled_at == story.at(0, 20)
    assert outcome.trade_evidence == story.tape((0, 20, "99.99"))


@pytest.mark.parametrize(
    ("told", "kind", "exit_part"),
    [
        (((0, 10, "101.2"), (0, 20, "99.9"), (0, 30, "98.9")), STOP, 30),
        (((0, 10, "99.9"), (0, 20, "101.2"), (0, 30, "98.9")), TARGET, 20),
        (((0, 10, "101.2"), (0, 20, "98.9")), STOP, 20),  # through the entry and the stop at once
    ],
)
def test_after_the_fill_of_a_limit_later_trades_decide(story, told, kind, exit_part):
    outcome = story.limit(BOTH, tape=[(0, 0, "100"), *told, AFTER])

    assert (outcome.kind, outcome.ambiguous) == (kind, False)
    assert outcome.exit_at == story.at(0, exit_part)


def test_a_target_before_the_fill_of_a_limit_is_no_doubt(story):
    before = [(0, 0, "100"), (0, 10, "101.2")]
    after = [(0, 20, "99.9"), (0, 30, "100"), (1, 10, "98.9")]

    outcome = story.limit("100 101.2 99.9 100", "100 100 98.9 99", tape=[*before, *after, AFTER])

    assert (outcome.kind, outcome.ambiguous) == (STOP, False)
    assert outcome.trade_evidence == story.tape(*after)


def test_a_tape_without_the_close_of_a_candle_lacks_trades_and_leaves_its_doubt(story):
    tape = [(0, 0, "100"), (0, 10, "101.2"), (0, 20, "99.9"), (1, 10, "98.9"), AFTER]

    outcome = story.limit("100 101.2 99.9 100", "100 100 98.9 99", tape=tape)

    assert (outcome.kind, outcome.ambiguous) == (STOP, True)


def test_what_stands_before_the_fill_of_a_limit_at_the_same_instant_does_not_count(story):
    tape = [(0, 0, "100"), (0, 20, "101.2"), (0, 20, "99.9"), (0, 30, "98.9"), AFTER]

    outcome = story.limit(BOTH, tape=tape)

    assert (outcome.kind, outcome.trade_evidence) == (STOP, story.tape(*tape[2:4]))


def test_a_tape_that_begins_inside_the_fill_candle_does_not_time_a_limit(story):
    outcome = story.limit("100.2 100.2 99.9 100", "101.01", tape=[(0, 5, "99.9"), AFTER])

    assert (outcome.kind, outcome.filled_at) == (TARGET, story.at(1))


def test_trades_that_show_no_fill_of_a_limit_leave_it_to_the_candle(story):
    outcome = story.limit(BOTH, tape=[(0, 0, "100"), (0, 10, "101.2"), AFTER])

    assert (outcome.kind, outcome.ambiguous, outcome.filled_at) == (STOP, True, story.at(1))


# Rule 8: the expiry, here in the midst of the second candle


@pytest.mark.parametrize(
    ("part", "price", "kind", "ambiguous"),
    [
        (-1, "101.2", TARGET, False),
        (-1, "98.9", STOP, False),
        (0, "101.2", EXPIRED, False),
        (0, "98.9", EXPIRED, False),
    ],
)
def test_trades_at_or_after_the_expiry_do_not_count(story, part, price, kind, ambiguous):
    at_expiry = 30 - 10_000 // story.part_ms
    high, low = max(price, "100", key=Decimal), min(price, "100", key=Decimal)
    tape = [BEFORE, (0, 35, "100"), (1, 0, "100"), (1, at_expiry + part, price), AFTER]

    outcome = story.resolve(QUIET, f"100 {high} {low} 100", "100.4", tape=tape, start=30, hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, ambiguous)


def test_the_expiry_is_the_open_of_the_candle_after_it_even_with_a_tape(story):
    tape = [*through((1, 30, "100.2"))[:3], (2, 10, "100.4"), AFTER]

    outcome = story.resolve(QUIET, QUIET, "100.4 102 98 100", tape=tape, hold=1)

    assert (outcome.kind, outcome.exit_price) == (EXPIRED, story.price("100.4"))
    assert outcome.exit_at == story.at(2)


def test_a_candle_that_opens_beyond_the_stop_after_the_expiry_keeps_its_verdict(story):
    # the candle's first trade came after the expiry, but a candle opens when it begins
    tape = [BEFORE, (0, 35, "100"), (1, 50, "98.5"), AFTER]

    outcome = story.resolve(QUIET, "98.5", "98.4", tape=tape, start=30, hold=1)

    assert (outcome.kind, outcome.exit_price) == (STOP, story.price("98.5"))
    assert outcome.exit_at == story.at(2)
