from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.own_trades import MONDAY, followed, recorded, skipped
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.profile import REFERENCE_PROFILE
from signalbot.domain.side import Side
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.rule_breaks import BreakKind, rule_breaks

SHORT = {"side": Side.SHORT, "stop": Decimal("1.0100"), "target": Decimal("0.9800")}


def found(*trades):
    return rule_breaks(trades, REFERENCE_PROFILE)


def kinds(*trades):
    return [(each.alert_seq, each.kind) for each in found(*trades)]


class TestRiskAbovePlan:
    @pytest.mark.parametrize("quantity", ["1", "438", "439"])
    def test_the_advised_quantity_and_a_step_more_are_kept(self, quantity):
        # 5 USDT / 0.011393001 = 438.86, so 439.86 with a step forgiven
        assert found(followed(recorded(), quantity=quantity)) == ()

    def test_more_is_named_with_the_money(self):
        (each,) = found(followed(recorded(), quantity="440"))

        assert (each.kind, each.alert_seq) == (BreakKind.RISK_ABOVE_PLAN, 7)
        assert (each.was, each.allowed) == (Decimal("5.01292044"), Decimal(5))
        assert each.at == MONDAY + MINUTE_MS // 2  # marked, nothing else is told

    def test_a_chased_fill_at_the_advised_quantity_is_late_and_no_break(self):
        assert found(followed(recorded(), "1.0030", quantity="438")) == ()

    def test_an_unknown_quantity_is_no_break(self):
        assert found(followed(recorded(), "1.0000", "0.9900")) == ()


class TestBeyondStop:
    # 1.25 * 1.1393001 = 1.424125 R

    def test_a_stop_that_slipped_a_little_is_kept(self):
        # -0.0130 - 0.0005 * 1.987 = -0.0139935
        assert found(followed(recorded(), "1.0000", "0.9870")) == ()

    def test_a_moved_stop_is_named_with_both_losses(self):
        # -0.0150 - 0.0005 * 1.985 = -0.0159925
        (each,) = found(followed(recorded(), "1.0000", "0.9850"))

        assert each.kind is BreakKind.BEYOND_STOP
        assert (each.was, each.allowed) == (Decimal("1.59925"), Decimal("1.1393001"))
        assert each.at == MONDAY + 10 * MINUTE_MS

    def test_a_win_is_none(self):
        assert found(followed(recorded(), "1.0000", "1.0200")) == ()


class TestAddedToOpen:
    def test_a_second_fill_on_coin_and_side_while_the_first_is_open_is_named(self):
        first = followed(recorded(7), "1.0000", "0.9900")
        second = followed(recorded(8, minute=5), "0.9950", "0.9900", minutes=(1, 5))
        third = followed(recorded(9, minute=6), "0.9940", "0.9900", minutes=(1, 4))

        assert kinds(first, second, third) == [
            (8, BreakKind.ADDED_TO_OPEN),
            (9, BreakKind.ADDED_TO_OPEN),
        ]
        assert [(each.was, each.allowed) for each in found(third, first, second)] == [
            (2, 1),
            (3, 1),
        ]

    def test_after_the_exit_it_is_a_new_trade(self):
        first = followed(recorded(7), "1.0000", "0.9900", minutes=(1, 6))
        second = followed(recorded(8, minute=5), "1.0000", "0.9900", minutes=(1, 5))

        assert kinds(first, second) == []

    def test_two_fills_of_one_instant_are_one_addition(self):
        first, second = (followed(recorded(seq), "1.0000", "0.9900") for seq in (7, 8))

        assert kinds(second, first) == [(8, BreakKind.ADDED_TO_OPEN)]

    @pytest.mark.parametrize(
        "other",
        [
            followed(recorded(8, minute=5, symbol="LAYER/USDT:USDT"), "1.0000"),
            followed(recorded(8, minute=5, **SHORT), "1.0000"),
            followed(recorded(8, minute=5), "1.0000", on_paper=False),
            followed(recorded(8, minute=5)),
            skipped(recorded(8, minute=5)),
        ],
        ids=["coin", "side", "money", "fill not told", "skipped"],
    )
    def test_another_bet_is_no_addition(self, other):
        assert kinds(followed(recorded(7), "1.0000", "0.9900"), other) == []

    def test_the_same_coin_on_another_venue_is_one(self):
        other = followed(recorded(8, minute=5, venue="bybit"), "0.9950", "0.9900", minutes=(1, 5))

        assert kinds(followed(recorded(7), "1.0000", "0.9900"), other) == [
            (8, BreakKind.ADDED_TO_OPEN)
        ]

    @pytest.mark.parametrize(("minute", "is_break"), [(59, True), (60, False)])
    def test_an_exit_that_was_not_told_counts_until_the_plan_closes(self, minute, is_break):
        forgotten = followed(recorded(7), "1.0000")
        second = followed(recorded(8, minute=minute), "1.0000", "1.0100")

        assert bool(kinds(forgotten, second)) is is_break


def test_one_trade_may_break_several_rules():
    first = followed(recorded(7), "1.0000", "0.9900", quantity="100")
    worst = followed(recorded(8, minute=2), "0.9950", "0.9700", quantity="1000")

    assert kinds(first, worst) == [(8, kind) for kind in BreakKind]
    assert {each.at for each in found(first, worst)} == {MONDAY + 12 * MINUTE_MS}


def test_the_account_sets_the_limit():
    trade = followed(recorded(), "1.0000", "0.9900", quantity="440")
    larger = replace(REFERENCE_PROFILE, equity=Decimal(2000))

    assert rule_breaks([trade], larger) == ()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20), st.booleans()), max_size=12))
def test_additions_are_the_trades_that_overlap(drawn):
    journal = [
        followed(
            recorded(seq, minute, symbol="A/USDT:USDT" if is_a else "B/USDT:USDT"),
            "1.0000",
            "1.0100",
            minutes=(0, held),
        )
        for seq, (minute, held, is_a) in enumerate(drawn, 1)
    ]

    expected = {}
    for seq, (minute, _, is_a) in enumerate(drawn, 1):
        earlier = [
            other
            for other, (start, held, other_is_a) in enumerate(drawn, 1)
            if (start, other) < (minute, seq) and start + held > minute and other_is_a is is_a
        ]
        if earlier:
            expected[seq] = len(earlier) + 1

    assert {each.alert_seq: each.was for each in found(*journal)} == expected
