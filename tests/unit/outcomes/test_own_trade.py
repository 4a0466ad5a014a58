"""Own results by hand; the plan and its figures stand in fakes/own_trades.py."""

from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import MONDAY, followed, recorded, skipped
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.own_trade import fill_slippage, late_entry, own_result

SHORT = {"side": Side.SHORT, "stop": Decimal("1.0100"), "target": Decimal("0.9800")}
PRICES = st.integers(9_000, 11_000).map(lambda ticks: str(Decimal(ticks) / 10_000))


def net(trade) -> Decimal:
    result = own_result(trade)
    assert result is not None
    return result.net_r


class TestResult:
    def test_a_win_at_the_target_pays_taker_in_and_maker_out(self):
        # 0.0195 - 0.0005 * 1.0005 - 0.0002 * 1.02 = 0.01879575 a unit, 400 units
        result = own_result(followed(recorded(), "1.0005", "1.0200", quantity="400"))

        assert result is not None
        assert (result.net_r, result.money) == (Decimal("1.879575"), Decimal("7.5183"))
        assert (result.opened_at, result.closed_at) == (
            MONDAY + MINUTE_MS,
            MONDAY + 10 * MINUTE_MS,
        )
        assert result.is_win

    def test_an_exit_before_the_target_pays_taker_twice(self):
        # 0.0199 - 0.0005 * (1 + 1.0199) = 0.01889005
        assert net(followed(recorded(), "1.0000", "1.0199")) == Decimal("1.889005")

    def test_a_stop_loses_its_fees_too(self):
        # -0.01 - 0.0005 * (1 + 0.99) = -0.010995
        assert net(followed(recorded(), "1.0000", "0.9900")) == Decimal("-1.0995")

    def test_a_short_is_the_mirror(self):
        # 0.02 - 0.0005 - 0.0002 * 0.98 = 0.019304
        assert net(followed(recorded(**SHORT), "1.0000", "0.9800")) == Decimal("1.9304")

    def test_nothing_left_after_costs_is_no_win(self):
        result = own_result(followed(recorded(), "1.0000", "1.0010"))

        assert result is not None
        assert not result.is_win

    def test_without_a_quantity_there_is_no_money(self):
        result = own_result(followed(recorded(), "1.0000", "0.9900"))

        assert result is not None
        assert result.money is None

    @pytest.mark.parametrize(("fill", "exit_"), [(None, None), ("1.0000", None)])
    def test_what_is_not_told_has_no_result(self, fill, exit_):
        assert own_result(followed(recorded(), fill, exit_)) is None

    def test_funding_that_the_ledger_paid_is_paid_while_the_own_trade_is_held(self):
        # 0.0001 * 1.01 = 0.000101 a unit, 0.0101 R
        paid = FundingPayment(
            time=MONDAY + 5 * MINUTE_MS, rate=Decimal("0.0001"), price=Decimal("1.01")
        )
        alert = recorded()
        assert alert.outcome is not None
        alert = replace(alert, outcome=replace(alert.outcome, funding_evidence=(paid,)))

        assert net(followed(alert, "1.0000", "0.9900")) == Decimal("-1.1096")
        assert net(followed(alert, "1.0000", "0.9900", minutes=(6, 10))) == Decimal("-1.0995")

    def test_a_trade_that_ends_before_the_ledger_knows_has_a_result(self):
        assert net(followed(recorded(ledger_r=None), "1.0000", "0.9900")) == Decimal("-1.0995")

    @given(PRICES, PRICES)
    def test_a_round_trip_never_brings_more_than_the_prices_moved(self, fill, exit_):
        assert net(followed(recorded(), fill, exit_)) < (Decimal(exit_) - Decimal(fill)) * 100


class TestSlippage:
    def test_a_higher_fill_of_a_long_is_worse(self):
        found = fill_slippage(followed(recorded(), "1.0005"))

        assert found is not None
        assert (found.r, found.bps) == (Decimal("0.05"), Decimal(5))

    def test_a_higher_fill_of_a_short_is_better(self):
        found = fill_slippage(followed(recorded(**SHORT), "1.0005"))

        assert found is not None
        assert (found.r, found.bps) == (Decimal("-0.05"), Decimal(-5))

    def test_two_fills_are_needed(self):
        assert fill_slippage(followed(recorded())) is None
        assert fill_slippage(followed(recorded(ledger_r=None), "1.0005")) is None

    @pytest.mark.parametrize(
        "outcome",
        [
            Outcome(kind=OutcomeKind.NOT_FILLED),
            Outcome(kind=OutcomeKind.DELISTED, net_r=Decimal(0)),
            Outcome(kind=OutcomeKind.UNRESOLVED_GAP, fill_price=Decimal(1), net_r=Decimal(-1)),
        ],
        ids=lambda outcome: outcome.kind.value,
    )
    def test_a_fill_that_the_ledger_had_not_or_guessed_is_no_measure(self, outcome):
        alert = replace(recorded(), outcome=outcome)

        assert fill_slippage(followed(alert, "1.0005")) is None


class TestLateEntry:
    def test_in_time_and_up_to_the_do_not_chase_price_nothing_is_late(self):
        # a quarter of 0.01 beyond the entry
        assert late_entry(followed(recorded(), "1.0025", minutes=(5, 10))) is None

    def test_after_it_was_valid_is_late(self):
        found = late_entry(followed(recorded(), "1.0000", minutes=(8, 10)))

        assert found is not None
        assert (found.alert_seq, found.late_ms, found.beyond) == (7, 3 * MINUTE_MS, 0)

    @pytest.mark.parametrize(("side", "fill"), [({}, "1.0026"), (SHORT, "0.9974")])
    def test_beyond_the_do_not_chase_price_is_late(self, side, fill):
        found = late_entry(followed(recorded(**side), fill))

        assert found is not None
        assert (found.late_ms, found.beyond) == (0, Decimal("0.0001"))

    def test_a_better_price_is_never_chased(self):
        assert late_entry(followed(recorded(), "0.9950")) is None

    def test_without_a_fill_nothing_can_be_said(self):
        assert late_entry(followed(recorded())) is None
        assert late_entry(skipped(recorded())) is None
