from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import MONDAY, SETUP, followed, recorded, skipped, winning_days
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.reader_clock import ReaderClock
from signalbot.domain.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from signalbot.outcomes.rule_breaks import rule_breaks
from signalbot.stats.scaling import Gate, scaling_gate

LATER = MONDAY + 30 * DAY_MS
UTC = ReaderClock()
DAY = DAY_MS // MINUTE_MS


def gate(journal, until=LATER, clock=UTC) -> Gate:
    return scaling_gate(journal, rule_breaks(journal, REFERENCE_PROFILE), clock, until)


def lost(seq, day, minute=0, **changes):
    alert = recorded(seq, day * DAY + minute)
    return followed(alert, "1.0000", "0.9900", **({"quantity": "400"} | changes))


def test_nobody_has_done_anything_yet():
    assert gate([]) == Gate(days=0, setups=())
    assert gate([skipped(recorded()), followed(recorded(8), "1.0000")]) == Gate()


def test_ten_profitable_days_in_a_row_reach_it():
    assert gate(winning_days(9)) == Gate(days=9, setups=(SETUP,))
    assert not gate(winning_days(9)).is_reached
    assert gate(winning_days(10)).is_reached


def test_a_day_without_a_trade_neither_counts_nor_breaks():
    journal = winning_days(12)

    assert gate(journal[:4] + journal[6:]).days == 10


def test_a_losing_day_starts_again():
    journal = winning_days(12)
    journal[3] = lost(4, day=3)

    assert gate(journal).days == 8


def test_a_day_is_judged_by_its_sum():
    assert gate([*winning_days(3), lost(9, day=1, minute=30)]).days == 3
    two = [lost(seq, day=1, minute=seq * 20) for seq in (8, 9)]
    assert gate([*winning_days(3), *two]).days == 1


def test_a_rule_break_starts_again_although_the_day_won():
    journal = winning_days(5)
    journal[2] = followed(journal[2].recorded, "1.0000", "1.0200", quantity="440")

    assert gate(journal).days == 2


def test_a_rule_break_of_an_open_trade_starts_again():
    open_one = followed(recorded(9, 2 * DAY + 30), "1.0000", quantity="440")

    assert gate([*winning_days(3), open_one]).days == 0


def test_a_small_win_does_not_hide_a_larger_loss_of_money():
    # +1.9 R of 10 units and -1.1 R of 400: up in R, down in money
    small = followed(recorded(1), "1.0000", "1.0200", quantity="10")

    assert gate([small, lost(2, day=0, minute=30)]).days == 0
    unknown = replace(small, entry=replace(small.entry, quantity=None))
    assert gate([unknown, lost(2, day=0, minute=30)]).days == 1


def test_only_days_that_are_over_count():
    journal = winning_days(3)

    assert gate(journal, until=MONDAY + 3 * DAY_MS - 1).days == 2
    broken = followed(recorded(9, 2 * DAY), "1.0000", quantity="999")
    assert gate([*journal[:2], broken], until=MONDAY + 3 * DAY_MS - 1).days == 2


def test_the_day_is_the_readers():
    # closed Monday 00:10 UTC and 23:40 UTC: one day in UTC, two at UTC-1
    morning = followed(recorded(1), "1.0000", "1.0200")
    evening = followed(recorded(2, 23 * 60 + 30), "1.0000", "1.0200")

    assert gate([morning, evening]).days == 1
    assert gate([morning, evening], clock=ReaderClock(offset_min=-60)).days == 2


@pytest.mark.parametrize(("on_paper", "days"), [(True, 0), (False, 1)])
def test_a_win_on_paper_marked_when_it_was_known_does_not_count(on_paper, days):
    trade = followed(recorded(), "1.0000", "1.0200", on_paper=on_paper)
    told_later = replace(trade.entry, marked_at=MONDAY + HOUR_MS)

    assert gate([replace(trade, entry=told_later)]).days == days


def test_a_loss_on_paper_marked_later_counts():
    journal = winning_days(2)
    late = lost(3, day=1, minute=60)
    later = replace(late.entry, marked_at=late.entry.marked_at + HOUR_MS, quantity=Decimal(438))
    worse = replace(late, entry=later)

    assert gate([*journal, worse, lost(4, day=1, minute=120, quantity="438")]).days == 0


def test_the_setups_of_the_row_are_named_and_those_before_it_are_not():
    journal = winning_days(4)
    journal[0] = followed(recorded(1, setup="old"), "1.0000", "1.0200")
    journal[1] = lost(2, day=1)
    journal[3] = followed(recorded(4, 3 * DAY, setup="a"), "1.0000", "1.0200")

    assert gate(journal) == Gate(days=2, setups=(("a", SETUP[1]), SETUP))


@given(st.lists(st.booleans(), max_size=15))
def test_the_row_is_what_was_won_since_the_last_loss(won):
    journal = [
        winning_days(day + 1)[day] if is_win else lost(day + 1, day)
        for day, is_win in enumerate(won)
    ]
    since_loss = won[::-1].index(False) if False in won else len(won)

    assert gate(journal).days == since_loss
