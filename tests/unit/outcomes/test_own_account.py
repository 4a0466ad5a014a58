"""The journal before the real guards: 1000 USDT, 2 % of it a day and at once, 3 losses in a row."""

from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import MONDAY, STOP, followed, recorded, skipped
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.refusal import RefusalCode
from signalbot.domain.side import Side
from signalbot.domain.timeframe import HOUR_MS, MINUTE_MS
from signalbot.outcomes.own_account import guarded_trades
from signalbot.risk.guards import (
    GuardRules,
    PlannedTrade,
    check_guards,
    loss_today,
    losses_in_a_row,
    open_heat,
)

NOW = MONDAY + 12 * HOUR_MS
LATE_MORNING = 11 * 60


def trades(*journal, on_paper=True):
    return guarded_trades(journal, REFERENCE_PROFILE, on_paper=on_paper)


def refused(*journal, risk="5", side=Side.SHORT, now=NOW):
    planned = PlannedTrade(side=side, risk_money=Decimal(risk))
    refusals = check_guards(
        trades(*journal), planned, REFERENCE_PROFILE.equity, GuardRules(), now, MONDAY
    )
    return [refusal.code for refusal in refusals]


def stopped(seq, minute=0, quantity="438"):
    return followed(recorded(seq, minute), "1.0000", "0.9900", quantity=quantity)


def test_an_empty_journal_refuses_nothing():
    assert refused() == []


def test_a_stop_costs_what_was_traded():
    # 1.0995 R * 0.01 * 438
    (trade,) = trades(stopped(7))

    assert trade.pnl == Decimal("-4.81581")
    assert trade.risk_money == Decimal("4.990134438")
    assert loss_today([trade], MONDAY, NOW) == Decimal("4.81581")


def test_the_day_ends_when_two_per_cent_are_lost():
    # 4 * 4.81581 is 19.26, five are 24.08
    five = [stopped(seq, minute=20 * seq) for seq in range(1, 6)]

    assert refused(*five[:4]) == []
    assert refused(*five) == [RefusalCode.DAILY_LOSS_LIMIT]


def test_three_losses_in_a_row_ask_for_a_pause():
    losses = [stopped(seq, minute=LATE_MORNING + seq, quantity="100") for seq in range(1, 4)]

    assert losses_in_a_row(trades(*losses), NOW) == 3
    assert refused(*losses) == [RefusalCode.COOL_OFF]
    assert refused(*losses, now=NOW + HOUR_MS) == []


def test_open_trades_heat_the_account():
    two = [
        followed(recorded(seq, LATE_MORNING, symbol=f"C{seq}/USDT:USDT"), "1", quantity="700")
        for seq in (1, 2)
    ]

    # 1400 * 0.011393001 is 15.95: 4.05 of 20 are free
    assert open_heat(trades(*two), NOW) == Decimal("15.9502014")
    assert refused(*two, risk="4.04") == []
    assert refused(*two, risk="4.05") == [RefusalCode.PORTFOLIO_HEAT]


def test_two_open_trades_on_one_side_are_enough():
    two = [followed(recorded(seq, LATE_MORNING), "1", quantity="100") for seq in (1, 2)]

    assert refused(*two, side=Side.LONG) == [RefusalCode.SAME_SIDE_LIMIT]
    assert refused(*two, side=Side.SHORT) == []


def test_money_and_paper_are_two_accounts():
    journal = (stopped(7), followed(recorded(8), "1", "1.02", quantity="438", on_paper=False))

    assert [trade.pnl for trade in trades(*journal)] == [Decimal("-4.81581")]
    (won,) = trades(*journal, on_paper=False)
    assert won.pnl is not None
    assert won.pnl > 0


def test_a_skipped_alert_is_no_trade():
    assert trades(skipped(recorded())) == ()


class TestWhatWasNotTold:
    def test_without_a_quantity_it_risked_what_the_account_allows(self):
        (trade,) = trades(followed(recorded(), "1.0000", "0.9900"))

        assert trade.risk_money == pytest.approx(Decimal(5))
        # 5 / 1.1393001 * 1.0995
        assert trade.pnl is not None
        assert round(trade.pnl, 6) == Decimal("-4.825331")

    def test_without_an_exit_it_is_open_from_its_fill_on(self):
        (trade,) = trades(followed(recorded(), "1.0000"))

        assert trade.is_open(NOW)
        assert trade.opened_at == MONDAY + MINUTE_MS

    def test_without_a_fill_it_is_open_from_the_mark_until_the_ledger_has_an_outcome(self):
        (trade,) = trades(followed(recorded(ledger_r=None)))

        assert trade.is_open(NOW)
        assert trade.opened_at == MONDAY + MINUTE_MS // 2

    def test_then_it_went_as_the_ledger_says(self):
        (trade,) = trades(followed(recorded(ledger_r=STOP), quantity="438"))

        assert (trade.opened_at, trade.closed_at) == (
            MONDAY + MINUTE_MS,
            MONDAY + 11 * MINUTE_MS,
        )
        assert trade.pnl == STOP * Decimal("4.38")

    def test_where_the_ledger_was_not_filled_there_was_no_trade(self):
        alert = replace(recorded(), outcome=Outcome(kind=OutcomeKind.NOT_FILLED))

        assert trades(followed(alert)) == ()

    def test_a_gap_in_the_candles_ends_at_the_plans_last_minute(self):
        gap = Outcome(kind=OutcomeKind.UNRESOLVED_GAP, net_r=STOP)

        (trade,) = trades(followed(replace(recorded(), outcome=gap)))

        assert (trade.opened_at, trade.closed_at) == (MONDAY, MONDAY + HOUR_MS)


@given(st.lists(st.sampled_from([None, "1.0000"]), max_size=4), st.booleans())
def test_silence_opens_no_guard(fills, has_quantity):
    """Whoever tells an exit is never kept from more than whoever keeps silent about a stop."""
    quantity = "438" if has_quantity else None
    silent = [
        followed(recorded(seq, LATE_MORNING, ledger_r=STOP), fill, quantity=quantity)
        for seq, fill in enumerate(fills, 1)
    ]
    honest = [
        followed(recorded(seq, LATE_MORNING, ledger_r=STOP), "1.0000", "0.9900", quantity=quantity)
        for seq in range(1, len(fills) + 1)
    ]

    def worst(journal):
        shown = trades(*journal)
        return open_heat(shown, NOW) + loss_today(shown, MONDAY, NOW)

    assert worst(silent) >= worst(honest)
