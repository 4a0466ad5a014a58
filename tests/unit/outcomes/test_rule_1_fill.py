"""Rule 1: trades give the fill, else a stored quote, else finer candles, else the candle's open.

A reader can trade from the middle of the first candle's part 12 on.
"""

from decimal import Decimal

import pytest

from signalbot.domain.outcome import Outcome, OutcomeKind

QUIET = "100 100.5 99.5 100"
PARTS = ["100.12"] * 60
TAPE = [(0, 0, "100"), (0, 12, "100.11"), (0, 20, "100.13"), (0, 50, "100"), (2, 0, "100")]
FILL = (0, 20, "100.13")


def test_the_first_trade_at_or_after_the_start_is_the_fill(story):
    outcome = story.resolve(QUIET, QUIET, "101.01", tape=TAPE)

    assert outcome.fill_price == story.price("100.13")
    assert outcome.filled_at == story.at(0, 12) + story.part_ms // 2  # t0, not the trade's time
    assert outcome.trade_evidence == story.tape(FILL)
    assert outcome.source == "trades"


def test_a_trade_at_the_start_itself_counts(story):
    assert story.resolve(QUIET, "101.01", tape=TAPE, start=12).fill_price == story.price("100.11")


def test_of_trades_at_one_instant_the_first_is_the_fill(story):
    tape = [(0, 0, "100"), (0, 20, "100.2"), (0, 20, "100.1"), (1, 0, "100")]

    assert story.resolve(QUIET, "101.01", tape=tape).fill_price == story.price("100.2")


def test_trades_come_before_a_quote_a_quote_before_finer_candles_and_these_before_the_open(story):
    quote = {"quote": story.quote(0, 13, "100.14")}
    rows = (QUIET, "101.01")

    fills = [
        story.resolve(*rows, tape=TAPE, parts=PARTS, known=quote),
        story.resolve(*rows, parts=PARTS, known=quote),
        story.resolve(*rows, parts=PARTS),
        story.resolve(*rows),
    ]

    assert [each.fill_price for each in fills] == [
        story.price(told) for told in ("100.13", "100.14", "100.12", "100")
    ]
    assert [each.source for each in fills] == ["trades", "quote", "finer candles", "candles"]


def test_a_tape_that_begins_after_the_start_does_not_give_the_fill(story):
    outcome = story.resolve(QUIET, "101.01", tape=[(0, 13, "100.2"), (3, 0, "100")])

    assert outcome.fill_price == story.price("100")


def test_a_tape_that_ends_before_the_start_does_not_give_the_fill(story):
    assert story.resolve(QUIET, "101.01", tape=TAPE[:2]).fill_price == story.price("100")


def test_the_entry_candle_is_the_one_that_contains_the_first_trade(story):
    tape = [(0, 0, "100"), (2, 30, "100.2"), (4, 0, "100")]

    outcome = story.resolve("100", "98", "100.2", "101.01", tape=tape)

    assert (outcome.kind, outcome.fill_price) == (OutcomeKind.TARGET, story.price("100.2"))
    assert outcome.evidence == story.candles(None, None, "100.2", "101.01")
    assert outcome.filled_at == story.at(0, 12) + story.part_ms // 2


def test_a_first_trade_that_a_recorded_tape_does_not_hold_yet_is_waited_for(story):
    known = {"taped": range(story.at(0), story.at(1))}

    assert story.resolve("98", tape=[(0, 0, "98")], known=known).kind is OutcomeKind.OPEN
    assert story.resolve("98", known=known).kind is OutcomeKind.OPEN


def test_a_trade_at_or_after_the_expiry_is_too_late_for_a_reader(story):
    tape = [(0, 0, "100"), (2, 30, "100.2"), (4, 0, "100")]

    assert story.resolve("100", "100", "100.2", tape=tape, hold=2) == Outcome(
        kind=OutcomeKind.VOID_LATE,
        filled_at=story.at(0, 12) + story.part_ms // 2,
        fill_price=story.price("100.2"),
        trade_evidence=story.tape((2, 30, "100.2")),
    )


# A stored quote


def test_a_market_order_meets_the_far_side_of_a_quote(story):
    outcome = story.resolve(QUIET, "101.01", known={"quote": story.quote(0, 12, "100.2")})

    assert outcome.fill_price == story.price("100.2")
    assert outcome.quote_evidence == story.quote(0, 12, "100.2")
    assert outcome.evidence == story.candles(QUIET, "101.01")


@pytest.mark.parametrize(("step", "first"), [(0, 0), (-1, 0), (1, 1)])
def test_the_entry_candle_contains_the_quote_and_never_lies_before_the_start(story, step, first):
    known = {"quote": story.quote(step, 59, "100.2")}

    outcome = story.resolve(QUIET, "100.3", "101.01", known=known)

    assert outcome.evidence[0].open_time == story.at(first)


def test_a_quote_beyond_the_chase_limit_is_too_late(story):
    known = {"quote": story.quote(0, 13, "100.26")}

    assert story.resolve(QUIET, known=known) == Outcome(
        kind=OutcomeKind.VOID_LATE,
        filled_at=story.at(0, 12) + story.part_ms // 2,
        fill_price=story.price("100.26"),
        evidence=story.candles(QUIET),
        quote_evidence=known["quote"],
    )


def test_a_finer_candle_around_a_quote_leaves_its_touch_in_doubt(story):
    touch = "100 101.2 100 100"
    known = {"quote": story.quote(0, 20, "100.1")}
    around = [*["100"] * 20, touch, *["100"] * 39]
    after = [*["100"] * 21, touch, *["100"] * 38]
    late = {"quote": story.quote(0, Decimal("20.5"), "100.1")}

    sure = story.resolve(touch, parts=after, known=late)
    doubtful = story.resolve(touch, "101.01", parts=around, known=late)

    assert (sure.kind, sure.ambiguous) == (OutcomeKind.TARGET, False)
    assert (doubtful.kind, doubtful.ambiguous) == (OutcomeKind.TARGET, True)
    assert story.resolve(touch, parts=around, known=known).ambiguous is False


# Rule 2 with a trade


@pytest.mark.parametrize("price", ["100.26", "101"])
def test_a_trade_beyond_the_chase_limit_or_at_the_target_is_too_late(story, price):
    tape = [(0, 0, "100"), (0, 30, price), (1, 0, "100")]

    assert story.resolve(QUIET, tape=tape) == Outcome(
        kind=OutcomeKind.VOID_LATE,
        filled_at=story.at(0, 12) + story.part_ms // 2,
        fill_price=story.price(price),
        evidence=story.candles(QUIET),
        trade_evidence=story.tape((0, 30, price)),
    )


@pytest.mark.parametrize("price", ["99", "98"])
def test_a_first_trade_at_the_stop_ends_the_alert_then_as_filled_at_the_entry(story, price):
    tape = [(0, 0, "100"), (0, 30, price), (1, 0, "100")]

    outcome = story.resolve("100 100 98 100", tape=tape)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (OutcomeKind.STOP, -1, False)
    assert (outcome.fill_price, outcome.exit_price) == (story.price("100"), story.price("99"))
    assert outcome.exit_at == story.at(0, 30)
    assert outcome.trade_evidence == story.tape((0, 30, price))
