"""Rule 9: what becomes of a minute without a candle, and of a contract that is delisted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.backfill import backfilled

GAP, TARGET, STOP = OutcomeKind.UNRESOLVED_GAP, OutcomeKind.TARGET, OutcomeKind.STOP
DELISTED = OutcomeKind.DELISTED
QUIET = "100 100.5 99.5 100"
PARTS = ["100"] * 60
FILL = (0, 20, "100")
WHOLE = [(0, 0, "100"), FILL, (5, 0, "100")]


def volume(outcome: Outcome) -> list[Decimal]:
    return [candle.volume for candle in outcome.evidence]


# A minute without trades


def test_a_minute_without_trades_that_a_tape_covers_is_flat_at_the_last_close(story):
    outcome = story.resolve(QUIET, "100 100.3 100 100.2", None, "101.01", tape=WHOLE)

    (flat,) = story.candles("100.2")
    flat = replace(flat, open_time=story.at(2), volume=Decimal(0))
    assert (outcome.kind, outcome.ambiguous) == (TARGET, False)
    assert outcome.evidence[2] == flat


def test_the_same_minute_is_a_gap_without_the_tape(story):
    assert story.resolve(QUIET, QUIET, None, "101.01").kind is GAP


@pytest.mark.parametrize("tape", [[(2, 1, "100"), (5, 0, "100")], [(0, 0, "100"), (2, 59, "100")]])
def test_a_tape_that_covers_the_minute_only_in_part_leaves_a_gap(story, tape):
    assert story.resolve(QUIET, QUIET, None, "101.01", tape=tape).kind is GAP


def test_a_flat_minute_does_not_fill_a_limit_and_does_not_end_its_wait(story):
    outcome = story.limit("100.2", None, "99.9", "101.01", tape=[(0, 0, "100.2"), (5, 0, "1")])

    assert (outcome.kind, outcome.filled_at) == (TARGET, story.at(3))


def test_the_last_close_is_that_of_the_last_trade_where_no_candle_is_nearer(story):
    tape = [(0, 0, "100"), FILL, (1, 30, "100.3"), (5, 0, "100")]

    outcome = story.resolve(QUIET, None, None, "101.01", tape=tape)

    assert outcome.evidence[2].close == story.price("100.3")
    assert volume(outcome) == [1, 1, 0, 1]


def test_a_flat_minute_needs_a_price_before_it(story):
    market = story.market((), taped=range(story.at(0), story.at(9)))

    assert backfilled(market, story.at(0), story.at(3)).candles == ()


def test_a_minute_under_way_is_not_built(story):
    market = story.market(story.candles("100"), trades=story.tape((0, 0, "100"), (2, 1, "100")))

    assert [row.open_time for row in backfilled(market, story.at(0), story.at(9)).candles] == [
        story.at(0),
        story.at(1),
    ]


# A missing minute


def test_a_missing_candle_is_built_of_its_finer_ones(story):
    parts = [None] * 60 + ["100"] * 58 + ["100 100.4 99.7 100.1", "100 100.2 100 100.2"]

    outcome = story.resolve(QUIET, None, "101.01", parts=parts)

    (built,) = story.candles("100 100.4 99.7 100.2")
    assert outcome.kind is TARGET
    assert outcome.evidence[1] == replace(built, open_time=story.at(1), volume=Decimal(60))


def test_a_missing_candle_is_a_gap_if_one_of_its_finer_ones_is_missing_too(story):
    parts = [None] * 60 + ["100"] * 59

    assert story.resolve(QUIET, None, "101.01", parts=parts).kind is GAP


def test_a_missing_candle_is_built_of_its_trades(story):
    seen = [(1, 10, "100.3"), (1, 20, "99.6"), (1, 59, "100.1")]

    outcome = story.resolve(QUIET, None, "101.01", tape=[*WHOLE[:2], *seen, WHOLE[2]])

    (built,) = story.candles("100.3 100.3 99.6 100.1")
    assert outcome.evidence[1] == replace(built, open_time=story.at(1), volume=Decimal(3))


def test_finer_candles_come_before_the_tape(story):
    tape = [(0, 0, "100"), FILL, (1, 30, "98"), (5, 0, "100")]

    outcome = story.resolve(QUIET, None, "101.01", parts=[None] * 60 + PARTS, tape=tape)

    assert outcome.kind is TARGET


def test_a_missing_entry_candle_is_built(story):
    outcome = story.resolve(None, "101.01", parts=PARTS)

    assert (outcome.kind, outcome.fill_price) == (TARGET, story.price("100"))


def test_a_missing_last_candle_is_built_and_decides(story):
    assert story.resolve(QUIET, parts=[*PARTS, *PARTS[:-1], "101.01"]).kind is TARGET


def test_the_candle_of_the_expiry_is_built(story):
    outcome = story.resolve(QUIET, QUIET, None, "98", tape=WHOLE, hold=1)

    assert (outcome.kind, outcome.exit_at) == (OutcomeKind.EXPIRED, story.at(2))


def test_nothing_is_built_beyond_the_candle_after_the_expiry(story):
    market = story.market(story.candles(QUIET), trades=story.tape((0, 0, "100"), (999, 0, "100")))

    assert len(backfilled(market, story.at(0), story.at(7)).candles) == 8


# Delisting


def test_a_delisted_position_is_closed_at_the_last_close_as_a_taker(story):
    rates = {"taker_rate": Decimal("0.001"), "slippage_rate": Decimal("0.01")}
    known = {"delisted_at": story.at(2)}

    outcome = story.resolve(QUIET, "100 100.4 99.6 100", known=known, **rates)

    assert (outcome.kind, outcome.exit_price, outcome.exit_at) == (
        DELISTED,
        story.price("100"),
        story.at(2),
    )
    assert (outcome.gross_r, outcome.net_r) == (0, Decimal("-2.2"))  # in at 101, out at 99
    assert outcome.evidence == story.candles(QUIET, "100 100.4 99.6 100")
    assert outcome.delisted_at == story.at(2)


def test_a_delisted_position_is_closed_by_the_last_trade(story):
    tape = [(0, 0, "100"), (0, 30, "100.1"), (1, 10, "99.9"), (1, 20, "100.4")]
    known = {"delisted_at": story.at(1, 40)}

    outcome = story.resolve(QUIET, "99.9 100.4 99.9 100.4", tape=tape, known=known)

    assert (outcome.kind, outcome.exit_price) == (DELISTED, story.price("100.4"))
    assert outcome.exit_at == story.at(1, 20)
    assert outcome.trade_evidence == story.tape(*tape[1:])


def test_a_position_delisted_in_its_entry_candle_keeps_the_trades_from_the_fill_on(story):
    tape = [(0, 0, "100"), (0, 30, "100.1"), (0, 40, "100.2")]
    known = {"delisted_at": story.at(0, 50)}

    outcome = story.resolve("100 100.2 100 100.2", tape=tape, known=known)

    assert (outcome.kind, outcome.exit_price) == (DELISTED, story.price("100.2"))
    assert outcome.trade_evidence == story.tape(*tape[1:])


def test_a_tape_that_ended_before_does_not_hold_the_last_trade(story):
    known = {"delisted_at": story.at(2)}

    outcome = story.resolve(QUIET, "100.3", tape=[(0, 0, "100"), (0, 59, "99.9")], known=known)

    assert (outcome.exit_price, outcome.exit_at) == (story.price("100.3"), story.at(2))


def test_a_last_trade_before_the_fill_of_a_limit_does_not_close_it(story):
    # the tape shows no trade through the entry, so the candle's close is the time of the fill
    tape = [(0, 0, "100.2"), (0, 20, "100.1")]

    outcome = story.limit("100 100 99.9 100", tape=tape, known={"delisted_at": story.at(1)})

    assert (outcome.kind, outcome.exit_at, outcome.filled_at) == (
        DELISTED,
        story.at(1),
        story.at(1),
    )
    assert outcome.trade_evidence == ()


def test_an_earlier_decision_stands_whatever_is_delisted(story):
    outcome = story.resolve(QUIET, "101.01", "100", known={"delisted_at": story.at(3)})

    assert (outcome.kind, outcome.delisted_at) == (TARGET, None)


def test_a_doubt_stays_a_doubt_at_the_delisting(story):
    outcome = story.resolve("100 101 100 100", known={"delisted_at": story.at(1)})

    assert (outcome.kind, outcome.ambiguous) == (DELISTED, True)
    assert (outcome.worst_net_r, outcome.best_net_r) == (-1, 1)


def test_a_limit_that_waits_when_its_contract_is_delisted_is_not_filled(story):
    outcome = story.limit("100.2", known={"delisted_at": story.at(1)})

    assert outcome == Outcome(
        kind=OutcomeKind.NOT_FILLED,
        evidence=story.candles("100.2"),
        delisted_at=story.at(1),
    )


@pytest.mark.parametrize(
    "known",
    [{"tape": ()}, {"tape": [(0, 0, "100"), (0, 2, "100")]}, {"parts": ["100"]}],
    ids=["nothing", "tape", "parts"],
)
def test_a_reader_could_not_get_what_was_delisted_before_the_start(story, known):
    ended_at = story.at(0, 30)
    rows = ["100"] if "parts" in known else []
    late = Decimal("59.5")

    outcome = story.resolve(*rows, start=late, known={"delisted_at": ended_at}, **known)

    assert outcome == Outcome(kind=OutcomeKind.VOID_LATE, delisted_at=ended_at)


def test_a_gap_before_the_delisting_is_a_gap(story):
    known = {"delisted_at": story.at(3)}

    assert story.resolve(QUIET, None, QUIET, known=known).kind is GAP
    assert story.limit("100.2", None, QUIET, known=known).kind is GAP
