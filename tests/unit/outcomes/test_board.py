from dataclasses import replace

import numpy as np
import pytest

from signalbot.domain.alert import EntryKind
from signalbot.domain.side import Side
from signalbot.outcomes.board import Board, OpenAlert


def alert(story, seq=1, pair=0, start=30, **changes):
    return OpenAlert(
        seq=seq,
        plan=story.plan(**changes),
        published_at=story.published_at(start),
        timeframe=story.timeframe,
        pair=pair,
    )


def ask(board, story, step, *rows):
    """Sequence numbers that the board names for one row a pair at a step."""
    candles = [story.candles(row)[0] if row else None for row in rows]
    high = np.array([float(row.high) if row else np.nan for row in candles])
    low = np.array([float(row.low) if row else np.nan for row in candles])
    return [each.seq for each in board.concerned(story.at(step), high, low)]


def settled_in(story, *alerts):
    """A board on which the given alerts are past their entry."""
    board = Board()
    for each in alerts:
        board.put(each)
    pairs = max(each.pair for each in alerts) + 1
    for step in (0, 1):
        ask(board, story, step, *["100"] * pairs)
    return board


def test_an_open_alert_knows_its_times(story):
    market = alert(story, start=30, hold=7)
    limit = alert(story, start=30, hold=7, entry_kind=EntryKind.LIMIT, patience=3)

    assert market.starts_at == limit.starts_at == story.at(0, 30)
    assert market.entry_open == story.at(0)
    assert market.expires_at == story.at(7, 30) - 10_000
    assert market.watched_until == story.at(1)
    assert limit.watched_until == story.at(3, 30)


def test_an_empty_board_names_nobody(story):
    assert ask(Board(), story, 0, "100") == []


def test_a_board_tells_whose_pair_has_no_candle_once_its_entry_has_begun(story):
    board = Board()
    for seq, pair, start in ((1, 0, 30), (2, 1, 30), (3, 0, 90)):
        board.put(alert(story, seq=seq, pair=pair, start=start))
    high = np.array([np.nan, 100.0])

    assert [each.seq for each in board.silent(story.at(0), high)] == [1]
    assert [each.seq for each in board.silent(story.at(1), high)] == [1, 3]


def test_a_board_holds_what_was_put_until_it_is_taken(story):
    board = Board()
    board.put(alert(story, seq=4))
    board.put(alert(story, seq=7))

    assert (len(board), 4 in board, 5 in board) == (2, True, False)

    board.take(4)

    assert (len(board), 4 in board, 7 in board) == (1, False, True)
    assert ask(board, story, 0, "100") == [7]


def test_the_entry_candle_is_looked_at_and_none_before_it(story):
    board = Board()
    board.put(alert(story, start=60))

    assert ask(board, story, 0, "98") == []
    assert ask(board, story, 1, "100") == [1]


def test_a_market_entry_is_looked_at_once_more_for_a_fill_that_opens_with_the_next_candle(story):
    board = Board()
    board.put(alert(story))

    assert [ask(board, story, step, "100") for step in range(4)] == [[1], [1], [], []]


def test_a_limit_is_looked_at_while_it_waits(story):
    board = Board()
    board.put(alert(story, entry_kind=EntryKind.LIMIT, patience=2))

    assert [ask(board, story, step, "100.2") for step in range(5)] == [[1], [1], [1], [], []]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("100 100.99 99.01 100", []),
        ("100 100.5 99 100", [1]),
        ("98", [1]),
        ("100 101 99.5 100", [1]),
        ("102", [1]),
    ],
)
def test_a_touched_level_concerns_an_alert(story, row, named):
    board = settled_in(story, alert(story))

    assert ask(board, story, 2, row) == named


def test_every_candle_from_the_expiry_on_concerns_an_alert(story):
    board = settled_in(story, alert(story, start=30, hold=3))

    assert [ask(board, story, step, "100") for step in range(2, 6)] == [[], [], [1], [1]]


def test_an_expiry_on_an_open_concerns_the_candle_that_opens_then(story):
    on_the_open = 10_000 // story.part_ms
    board = settled_in(story, alert(story, start=on_the_open, hold=3))

    assert [ask(board, story, step, "100") for step in range(2, 4)] == [[], [1]]


def test_the_candle_after_a_missing_one_concerns_an_alert(story):
    board = settled_in(story, alert(story))

    assert [ask(board, story, step, row) for step, row in enumerate((None, None, "100"), 2)] == [
        [],
        [],
        [1],
    ]


def test_a_missing_candle_before_the_entry_is_nothing_to_an_alert(story):
    board = Board()
    board.put(alert(story, start=120, entry_kind=EntryKind.LIMIT, patience=0))

    assert ask(board, story, 0, None) == []
    assert [ask(board, story, step, "100.2") for step in range(1, 5)] == [[], [1], [], []]


def test_an_alert_put_on_late_is_looked_at_whatever_the_next_candle_shows(story):
    board = Board()
    board.put(alert(story))

    assert [ask(board, story, step, "100") for step in range(20, 23)] == [[1], [], []]


def test_an_alert_is_asked_about_its_own_pair_only(story):
    board = settled_in(story, alert(story, seq=1, pair=0), alert(story, seq=2, pair=1))

    assert ask(board, story, 2, "98", "100") == [1]
    assert ask(board, story, 3, "100", "98") == [2]
    assert ask(board, story, 4, None, "100") == []
    assert ask(board, story, 5, "100", "100") == [1]


def test_both_sides_stand_on_one_board(story):
    long, short = (replace(story, side=side) for side in Side)
    board = settled_in(story, alert(long, seq=1, target="110"), alert(short, seq=2, target="110"))

    assert ask(board, long, 2, "100 100.5 99 100") == [1]
    assert ask(board, long, 3, "100 101 99.5 100") == [2]


def test_alerts_are_named_in_the_order_in_which_they_were_put_on(story):
    board = Board()
    for seq in (9, 3, 5):
        board.put(alert(story, seq=seq))

    assert ask(board, story, 0, "100") == [9, 3, 5]


def test_a_board_grows_and_forgets_whom_it_gave_away(story):
    board, kept = Board(), []

    for seq in range(1000):
        board.put(alert(story, seq=seq))
        if seq % 3:
            board.take(seq)
        else:
            kept.append(seq)

    assert (len(board), ask(board, story, 0, "100")) == (len(kept), kept)


def test_who_was_taken_off_is_not_named_again_and_may_come_back(story):
    board = settled_in(story, alert(story, seq=1), alert(story, seq=2))

    board.take(1)
    assert ask(board, story, 2, "98") == [2]
    board.put(alert(story, seq=1))
    assert ask(board, story, 3, "98") == [2, 1]
    with pytest.raises(KeyError):
        board.take(3)
