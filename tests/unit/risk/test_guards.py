import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.refusal import Refusal, RefusalCode
from signalbot.domain.side import Side
from signalbot.domain.timeframe import from_iso, iso
from signalbot.errors import InputError
from signalbot.risk.guards import (
    GuardRules,
    OwnTrade,
    PlannedTrade,
    check_guards,
    cool_off_end,
    is_high_risk,
    loss_today,
    losses_in_a_row,
    open_heat,
)

RULES = GuardRules()
MINUTE = 60_000
DAY_START = from_iso("2026-05-04T00:00:00Z")
NOON = from_iso("2026-05-04T12:00:00Z")
EQUITY = Decimal(1000)
PLANNED = PlannedTrade(side=Side.LONG, risk_money=Decimal(5))


def opened(risk: Any = 5, side: Side = Side.LONG) -> OwnTrade:
    return OwnTrade(opened_at=NOON - MINUTE, side=side, coin="LAYER", risk_money=Decimal(risk))


def closed(pnl: Any, minutes_ago: int, side: Side = Side.LONG) -> OwnTrade:
    at = NOON - minutes_ago * MINUTE
    return OwnTrade(
        opened_at=at - MINUTE,
        closed_at=at,
        side=side,
        coin="LAYER",
        risk_money=Decimal(5),
        pnl=Decimal(pnl),
    )


def check(trades: list[OwnTrade], planned: PlannedTrade = PLANNED) -> tuple[Refusal, ...]:
    return check_guards(trades, planned, EQUITY, RULES, NOON, DAY_START)


def codes(trades: list[OwnTrade], planned: PlannedTrade = PLANNED) -> list[RefusalCode]:
    return [refusal.code for refusal in check(trades, planned)]


@st.composite
def journal_trades(draw) -> OwnTrade:
    side = draw(st.sampled_from(Side))
    if draw(st.booleans()):
        return opened(draw(st.integers(0, 12)), side)
    # few instants, so that several trades end together; some end only later than now
    return closed(draw(st.integers(-12, 12)), draw(st.integers(-2, 8)) * 20, side)


JOURNALS = st.lists(journal_trades(), max_size=8)


class TestRiskOfOneTrade:
    def test_one_per_cent_is_the_most(self):
        assert codes([], replace(PLANNED, risk_money=Decimal(10))) == []
        assert codes([], replace(PLANNED, risk_money=Decimal("10.01"))) == [
            RefusalCode.RISK_ABOVE_LIMIT
        ]

    def test_the_refusal_names_the_money_that_fits(self):
        (refusal,) = check([], replace(PLANNED, risk_money=Decimal("12.345")))

        assert refusal.message == (
            "this trade risks 12.35, more than 1 % of the account: it fits with at most 10.00,"
            " or if you explicitly accept the risk"
        )

    def test_the_users_explicit_word_opens_it_and_it_is_still_high_risk(self):
        accepted = replace(PLANNED, risk_money=Decimal(15), accepts_high_risk=True)

        assert codes([], accepted) == []
        assert is_high_risk(accepted, EQUITY, RULES)
        assert not is_high_risk(PLANNED, EQUITY, RULES)

    def test_that_word_opens_no_other_guard(self):
        accepted = replace(PLANNED, risk_money=Decimal(25), accepts_high_risk=True)

        assert codes([], accepted) == [RefusalCode.PORTFOLIO_HEAT]


class TestHeat:
    def test_two_per_cent_may_be_open_at_once(self):
        assert codes([opened("7.5"), opened("7.5", Side.SHORT)]) == []
        assert codes([opened(8), opened("7.5", Side.SHORT)]) == [RefusalCode.PORTFOLIO_HEAT]

    def test_the_refusal_names_what_is_free(self):
        (refusal,) = check([opened("8.001"), opened(8, Side.SHORT)])

        assert refusal.message == (
            "open trades risk 16.01, all together may risk 2 % of the account: 3.99 is free,"
            " it fits with at most that or when a trade is closed"
        )

    def test_what_was_opened_beyond_the_limit_leaves_nothing_free(self):
        (refusal,) = check([opened(30)])

        assert "0.00 is free" in refusal.message

    def test_closed_trades_risk_nothing_any_more(self):
        assert open_heat([opened(3), closed(-5, 10), opened(4)], NOON) == 7
        assert open_heat([], NOON) == 0

    def test_a_trade_that_ends_later_is_still_open(self):
        later = closed(-5, minutes_ago=-1)

        assert later.is_open(NOON)
        assert open_heat([later], NOON) == 5
        assert loss_today([later], DAY_START, NOON) == 0
        assert losses_in_a_row([later], NOON) == 0

    def test_an_account_with_nothing_in_it_takes_no_trade(self):
        refusals = check_guards([], PLANNED, Decimal(0), RULES, NOON, DAY_START)

        assert {refusal.code for refusal in refusals} == {
            RefusalCode.RISK_ABOVE_LIMIT,
            RefusalCode.PORTFOLIO_HEAT,
            RefusalCode.DAILY_LOSS_LIMIT,
        }


class TestSameSide:
    def test_a_third_long_is_refused_and_a_short_is_not(self):
        longs = [opened(1), opened(1)]

        assert codes(longs) == [RefusalCode.SAME_SIDE_LIMIT]
        assert codes(longs, replace(PLANNED, side=Side.SHORT)) == []
        assert codes([opened(1), opened(1, Side.SHORT), closed(1, 10)]) == []

    def test_the_refusal_says_when_it_fits(self):
        (refusal,) = check([opened(1), opened(1)])

        assert refusal.message == (
            "2 long trades are open, allowed are 2: it fits when fewer than 2 are open"
        )


class TestDayLoss:
    def test_two_per_cent_lost_end_the_day(self):
        assert codes([closed("-19.99", 200)]) == []
        assert codes([closed(-20, 200)]) == [RefusalCode.DAILY_LOSS_LIMIT]

    def test_the_refusal_says_when_the_day_ends(self):
        (refusal,) = check([closed("-21.501", 200)])

        assert refusal.message == (
            "21.51 is lost today, the limit is 2 % of the account:"
            " it fits when the day ends at 2026-05-05T00:00:00.000Z"
        )

    def test_wins_of_the_day_are_set_against_it(self):
        assert loss_today([closed(-15, 30), closed(4, 20), closed(-2, 10)], DAY_START, NOON) == 13
        assert loss_today([closed(-15, 30), closed(40, 20)], DAY_START, NOON) == 0

    def test_the_day_begins_where_the_user_says(self):
        trades = [closed(-20, 12 * 60), closed(-3, 12 * 60 + 1)]

        assert loss_today(trades, DAY_START, NOON) == 20
        assert loss_today(trades, DAY_START - MINUTE, NOON) == 23
        assert loss_today(trades, DAY_START + 1, NOON) == 0

    def test_a_day_that_has_not_begun_is_no_day(self):
        with pytest.raises(InputError, match="day_start"):
            check_guards([], PLANNED, EQUITY, RULES, NOON, NOON + 1)


class TestCoolOff:
    def test_three_losses_in_a_row_pause_for_an_hour_from_the_last(self):
        trades = [closed(-1, 59), closed(-1, 80), closed(-1, 100)]

        (refusal,) = check(trades)
        assert refusal.code is RefusalCode.COOL_OFF
        assert refusal.message == (
            "3 losses in a row or more: it fits when the 60 minutes of cool-off end at"
            " 2026-05-04T12:01:00.000Z"
        )

    def test_it_is_over_after_an_hour(self):
        assert codes([closed(-1, 60), closed(-1, 80), closed(-1, 100)]) == []

    def test_a_win_between_them_breaks_the_row(self):
        trades = [closed(-1, 10), closed(-1, 20), closed(1, 30), closed(-1, 40), closed(-1, 50)]

        assert losses_in_a_row(trades, NOON) == 2
        assert cool_off_end(trades, RULES, NOON) is None

    def test_a_trade_that_brought_nothing_is_no_win(self):
        assert losses_in_a_row([closed(-1, 10), closed(0, 20), closed(-1, 30)], NOON) == 3

    def test_a_later_win_ends_the_row_and_not_the_pause(self):
        trades = [closed(1, 5), closed(-1, 10), closed(-1, 20), closed(-1, 30)]

        assert losses_in_a_row(trades, NOON) == 0
        assert cool_off_end(trades, RULES, NOON) == NOON + 50 * MINUTE

    def test_a_fourth_loss_starts_the_hour_anew(self):
        trades = [closed(-1, 5), closed(-1, 70), closed(-1, 80), closed(-1, 90)]

        assert cool_off_end(trades, RULES, NOON) == NOON + 55 * MINUTE

    def test_of_trades_that_ended_together_the_worst_order_counts(self):
        together = [closed(-1, 10), closed(1, 10)]

        before = [closed(-1, 30), closed(-1, 20), *together]
        assert cool_off_end(before, RULES, NOON) == NOON + 50 * MINUTE
        after = [*together, closed(-1, 8), closed(-1, 6)]
        assert cool_off_end(after, RULES, NOON) == NOON + 54 * MINUTE

    def test_an_empty_journal_has_no_row(self):
        assert losses_in_a_row([], NOON) == 0
        assert cool_off_end([], RULES, NOON) is None


class TestJournal:
    def test_every_guard_may_stand_at_once(self):
        trades = [opened(9), opened(9), *(closed(-7, minutes) for minutes in (10, 20, 30))]

        assert codes(trades, replace(PLANNED, risk_money=Decimal(11))) == [
            RefusalCode.RISK_ABOVE_LIMIT,
            RefusalCode.PORTFOLIO_HEAT,
            RefusalCode.SAME_SIDE_LIMIT,
            RefusalCode.DAILY_LOSS_LIMIT,
            RefusalCode.COOL_OFF,
        ]

    @given(journal=JOURNALS, data=st.data())
    def test_its_order_does_not_matter(self, journal, data):
        shuffled = data.draw(st.permutations(journal))

        assert check(shuffled) == check(journal)
        assert losses_in_a_row(shuffled, NOON) == losses_in_a_row(journal, NOON)

    @given(
        journal=JOURNALS, risk=st.integers(0, 12), loss=st.integers(0, 12), ago=st.integers(0, 9)
    )
    def test_another_open_trade_or_another_loss_opens_no_guard(self, journal, risk, loss, ago):
        stood = set(codes(journal))

        assert stood <= set(codes([*journal, opened(risk)]))
        assert stood <= set(codes([*journal, closed(-loss, ago * 20)]))

    @given(journal=JOURNALS)
    def test_what_a_refusal_says_would_fit_does_fit(self, journal):
        for refusal in check(journal):
            if refusal.code is RefusalCode.PORTFOLIO_HEAT:
                free = Decimal(re.search(r"([0-9.]+) is free", refusal.message)[1])
                fits = replace(PLANNED, risk_money=free)
                heat = open_heat(journal, NOON)
                assert (refusal.code in codes(journal, fits)) == (heat > 20)
                above = replace(PLANNED, risk_money=free + Decimal("0.01"))
                assert refusal.code in codes(journal, above)
            if refusal.code is RefusalCode.COOL_OFF:
                end = cool_off_end(journal, RULES, NOON)
                assert iso(end) in refusal.message
                known = [trade for trade in journal if not trade.is_open(NOON)]
                assert cool_off_end(known, RULES, end) is None
                assert cool_off_end(known, RULES, end - 1) == end

    def test_other_limits_may_be_set(self):
        strict = replace(RULES, max_same_side=1, cool_off_losses=1, cool_off_min=5)
        trades = [opened(1), closed(-1, 4)]

        refusals = check_guards(trades, PLANNED, EQUITY, strict, NOON, DAY_START)
        assert [refusal.code for refusal in refusals] == [
            RefusalCode.SAME_SIDE_LIMIT,
            RefusalCode.COOL_OFF,
        ]

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("pnl", {"pnl": None}),
            ("pnl", {"closed_at": None}),
            ("closed_at", {"opened_at": NOON}),
            ("risk_money", {"risk_money": Decimal(-5)}),
        ],
    )
    def test_a_trade_that_contradicts_itself_is_not_taken(self, field, changes):
        with pytest.raises(InputError) as caught:
            replace(closed(-5, 10), **changes)

        assert caught.value.field == field
