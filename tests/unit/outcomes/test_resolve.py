"""The method's table and its rules 3 and 5 to 10, on candles of the alert's own timeframe."""

from decimal import Decimal

import pytest

from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind

STOP, TARGET, EXPIRED = OutcomeKind.STOP, OutcomeKind.TARGET, OutcomeKind.EXPIRED
QUIET = "100 100.5 99.5 100"
IS_OPEN = Outcome(kind=OutcomeKind.OPEN)


@pytest.mark.parametrize(
    ("rows", "kind", "exit_price", "net_r", "ambiguous"),
    [
        ((QUIET, "100 101.2 99.8 101"), TARGET, "101", "1", False),
        (("100 100.4 99.8 100", "100 101.2 98.9 100"), STOP, "99", "-1", True),
        (("100 100.2 99.4 99.5", "98.4 98.8 98.0 98.5"), STOP, "98.40", "-1.6", False),
        (("100 100.4 99.6 100.3", "101.7 102 101.5 101.8"), TARGET, "101", "1", False),
        (("100.20 100.4 100 100.2", "100.2 101.2 100 101"), TARGET, "101", "0.80", False),
        (("100.20 100.4 100 100.2", "100.2 100.3 99 99"), STOP, "99", "-1.20", False),
    ],
)
def test_the_method_s_table_holds(story, rows, kind, exit_price, net_r, ambiguous):
    outcome = story.resolve(*rows)

    assert outcome.kind is kind
    assert outcome.exit_price == story.price(exit_price)
    assert outcome.exit_at == story.at(2)
    assert outcome.net_r == outcome.gross_r == Decimal(net_r)
    assert outcome.ambiguous is ambiguous
    assert outcome.evidence == story.candles(*rows)
    assert outcome.source == "candles"


# Rule 3: the entry candle


def test_the_entry_candle_may_stop_and_is_then_ambiguous(story):
    outcome = story.resolve("100 100.2 99 99.5")

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -1, True)
    assert (outcome.worst_net_r, outcome.best_net_r) == (-1, 1)


def test_the_entry_candle_never_reaches_the_target_but_leaves_a_doubt(story):
    outcome = story.resolve("100 102 100 100", QUIET, "98.5 98.6 98.4 98.5")

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, Decimal("-1.5"), True)
    assert (outcome.worst_net_r, outcome.best_net_r) == (Decimal("-1.5"), 1)


def test_a_bare_touch_of_the_target_in_the_entry_candle_is_a_doubt_too(story):
    outcome = story.resolve("100 101 100 100", "100 101.01 100 101")

    assert (outcome.kind, outcome.ambiguous) == (TARGET, True)
    assert (outcome.worst_net_r, outcome.best_net_r) == (-1, 1)


def test_an_entry_candle_that_touches_neither_level_leaves_no_doubt(story):
    outcome = story.resolve("100 100.99 99.01 100", "101.01")

    assert (outcome.kind, outcome.ambiguous) == (TARGET, False)
    assert outcome.worst_net_r == outcome.best_net_r == 1


@pytest.mark.parametrize(
    ("fill_candle", "ambiguous"),
    [("100.2 100.9 98 98.5", False), ("100.2 101 98 98.5", True), ("98.5 98.6 98 98.5", False)],
)
def test_the_stop_in_the_fill_candle_of_a_limit_is_certain(story, fill_candle, ambiguous):
    outcome = story.limit(fill_candle)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (STOP, -1, ambiguous)
    assert outcome.filled_at == outcome.exit_at == story.at(1)


def test_the_fill_candle_of_a_limit_never_reaches_the_target(story):
    outcome = story.limit("102 102 99.9 100", "100 101.01 100 101")

    assert (outcome.kind, outcome.ambiguous, outcome.exit_at) == (TARGET, True, story.at(2))


# Rules 5 to 7: stop, target, and both in one candle


@pytest.mark.parametrize("row", ["100 101 99.01 100", "101", "99.01"])
def test_levels_that_are_only_neared_leave_the_alert_open(story, row):
    assert story.resolve(QUIET, row) == IS_OPEN


@pytest.mark.parametrize(
    ("row", "kind", "net_r", "ambiguous"),
    [
        ("100 100 99 99.5", STOP, "-1", False),
        ("99 99.5 99 99.5", STOP, "-1", False),
        ("98 101.5 98 100", STOP, "-2", False),
        ("100 101 99 100", STOP, "-1", False),
        ("100 101.01 99.01 101", TARGET, "1", False),
        ("101.01 101.5 98 100", TARGET, "1", False),
        ("101 101.5 98 100", STOP, "-1", True),
    ],
)
def test_a_later_candle_decides_by_its_levels(story, row, kind, net_r, ambiguous):
    outcome = story.resolve(QUIET, QUIET, row)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (kind, Decimal(net_r), ambiguous)
    assert outcome.exit_at == story.at(3)


def test_the_first_candle_that_decides_is_the_last_one_looked_at(story):
    outcome = story.resolve(QUIET, "101.01", "98")

    assert outcome == story.resolve(QUIET, "101.01")
    assert outcome.evidence == story.candles(QUIET, "101.01")


# Rule 8: expiry, here within the third candle and reckoned from the publication


@pytest.mark.parametrize(
    ("expiring", "after", "kind", "net_r", "ambiguous"),
    [
        (QUIET, "100.4 102 98 100", EXPIRED, "0.4", False),
        (QUIET, "98.4 102 98 100", EXPIRED, "-1.6", False),
        (QUIET, "101.4 102 98 100", EXPIRED, "1", False),  # never better than the target
        ("100 102 99.5 100", "100.4 102 98 100", EXPIRED, "0.4", True),
        ("100 101 99.5 100", "100.4 102 98 100", EXPIRED, "0.4", True),
        ("100 100.5 99 100", "100.4 102 98 100", STOP, "-1", True),
        ("100 102 99 100", "100.4 102 98 100", STOP, "-1", True),
        ("98.5 102 98 100", "100.4 102 98 100", STOP, "-1.5", False),
        ("101.01 102 98 100", "100.4 102 98 100", TARGET, "1", False),
    ],
)
def test_the_time_runs_out(story, expiring, after, kind, net_r, ambiguous):
    outcome = story.resolve(QUIET, QUIET, expiring, after, hold=2)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (kind, Decimal(net_r), ambiguous)
    assert outcome.exit_at == story.at(3)
    assert len(outcome.evidence) == (4 if kind is EXPIRED else 3)


def test_an_expiry_is_open_until_the_candle_after_it(story):
    assert story.resolve(QUIET, QUIET, QUIET, hold=2) == IS_OPEN


def test_an_expiry_at_the_open_of_a_candle_leaves_the_one_before_it_whole(story):
    rows = (QUIET, "100 101.01 99.5 101", "100.4")
    on_the_open = 10_000 // story.part_ms  # published as the first candle opens

    before = story.resolve(*rows, start=on_the_open - 1, hold=2)
    whole = story.resolve(*rows, start=on_the_open, hold=2)

    assert (before.kind, before.ambiguous) == (EXPIRED, True)
    assert (whole.kind, whole.ambiguous) == (TARGET, False)


def test_an_alert_that_expires_on_an_open_is_closed_there(story):
    outcome = story.resolve(QUIET, QUIET, "100.4 102 98 100", start=10_000 // story.part_ms, hold=2)

    assert (outcome.kind, outcome.exit_price) == (EXPIRED, story.price("100.4"))
    assert outcome.exit_at == story.at(2)


@pytest.mark.parametrize(("low", "kind"), [("99", STOP), ("99.01", EXPIRED)])
def test_a_limit_filled_while_it_expires_leaves_its_stop_in_doubt(story, low, kind):
    outcome = story.limit(f"100 100 {low} 99.5", "99.5", hold=1)

    assert (outcome.kind, outcome.ambiguous) == (kind, kind is STOP)


# Rule 9: gaps


def test_a_missing_candle_before_the_exit_is_a_gap_stopped_for_the_headline(story):
    assert story.resolve("100.2 100.5 99.5 100", QUIET, None, "102") == Outcome(
        kind=OutcomeKind.UNRESOLVED_GAP,
        filled_at=story.at(0, 12) + story.part_ms // 2,
        fill_price=story.price("100.2"),
        exit_price=story.price("99"),
        gross_r=Decimal("-1.2"),
        cost_r=0,
        net_r=Decimal("-1.2"),
        ambiguous=True,
        worst_net_r=Decimal("-1.2"),
        best_net_r=Decimal("0.8"),
        evidence=story.candles("100.2 100.5 99.5 100", QUIET),
    )


def test_a_candle_is_missing_only_once_a_later_one_is_known(story):
    assert story.resolve(QUIET, QUIET, None) == IS_OPEN


def test_a_gap_over_the_expiry_is_a_gap(story):
    containing, after = (QUIET, QUIET, None, "100.4"), (QUIET, QUIET, QUIET, None, "100.4")

    assert story.resolve(*containing, hold=2).kind is OutcomeKind.UNRESOLVED_GAP
    assert story.resolve(*after, hold=2).kind is OutcomeKind.UNRESOLVED_GAP


def test_a_gap_after_the_exit_does_not_matter(story):
    assert story.resolve(QUIET, "101.01", None, QUIET).kind is TARGET


def test_a_flat_candle_of_a_minute_without_trades_is_no_gap(story):
    assert story.resolve(QUIET, "100", "100", "101.01").kind is TARGET


# Rule 10: settlement and times

COSTS = {
    "taker_rate": Decimal("0.001"),
    "maker_rate": Decimal("0.0004"),
    "slippage_rate": Decimal("0.01"),
}


def test_a_market_entry_slips_and_an_expiry_leaves_as_a_taker(story):
    outcome = story.resolve(QUIET, QUIET, "100", hold=1, **COSTS)

    # in at 101 and out at 99 (a short: 99 and 101), and a thousandth of each
    assert (outcome.kind, outcome.gross_r, outcome.net_r) == (EXPIRED, 0, Decimal("-2.2"))
    assert outcome.cost_r == Decimal("2.2")
    assert (outcome.fill_price, outcome.exit_price) == (100, 100)  # raw


def test_a_target_pays_the_maker_and_does_not_slip(story):
    sign = story.side.sign
    outcome = story.resolve(QUIET, "101.01", **COSTS)

    # in at 100 + s, out at 100 + s: the gain is slipped away, the fees remain
    fees = (Decimal("0.001") + Decimal("0.0004")) * (100 + sign)
    assert (outcome.kind, outcome.gross_r, outcome.net_r) == (TARGET, 1, -fees)


def test_a_stop_leaves_as_a_taker_and_slips(story):
    sign = story.side.sign
    outcome = story.resolve(QUIET, "99", **COSTS)

    # in at 100 + s, out at a hundredth below (a short: above) 99 (101), and a thousandth of each
    leave = story.price("99") * (1 - sign * Decimal("0.01"))
    paid = Decimal("0.001") * (100 + sign + leave)
    assert (outcome.kind, outcome.net_r) == (STOP, sign * (leave - 100 - sign) - paid)


def test_the_bounds_of_a_doubt_pay_their_own_costs(story):
    only_fees = COSTS | {"slippage_rate": Decimal(0)}
    outcome = story.resolve("100 101 100 100", QUIET, "100", hold=1, **only_fees)

    stop, target = story.price("99"), story.price("101")
    assert (outcome.kind, outcome.net_r) == (EXPIRED, Decimal("-0.2"))
    assert outcome.worst_net_r == -1 - Decimal("0.1") - Decimal("0.001") * stop
    assert outcome.best_net_r == 1 - Decimal("0.1") - Decimal("0.0004") * target


def test_a_limit_enters_as_a_maker_without_slippage(story):
    outcome = story.limit("99.99", "101.01", **COSTS)

    fees = Decimal("0.04") + Decimal("0.0004") * story.price("101")
    assert (outcome.fill_price, outcome.net_r) == (100, 1 - fees)


def test_funding_between_fill_and_exit_is_settled_and_kept(story):
    def payment(at: int, rate: str) -> FundingPayment:
        return FundingPayment(time=at, rate=Decimal(rate), price=Decimal(100))

    filled, ended = story.at(0, 30), story.at(3)
    within = (payment(story.at(1), "0.001"), payment(ended, "0.002"))
    outside = (payment(filled, "1"), payment(ended + 1, "1"))

    outcome = story.resolve(
        QUIET, QUIET, QUIET, "100", start=30, hold=2, known={"funding": (*within, *outside)}
    )

    # 0.003 of 100, which the long pays and the short receives
    assert (outcome.kind, outcome.exit_at) == (EXPIRED, ended)
    assert outcome.net_r == -story.side.sign * Decimal("0.3")
    assert outcome.funding_evidence == within


def test_a_gap_has_no_exit_time_and_so_no_funding(story):
    paid = FundingPayment(time=story.at(1), rate=Decimal("0.001"), price=Decimal(100))

    outcome = story.resolve(QUIET, QUIET, None, QUIET, known={"funding": (paid,)})

    assert (outcome.kind, outcome.net_r, outcome.exit_at) == (
        OutcomeKind.UNRESOLVED_GAP,
        -1,
        None,
    )
    assert outcome.funding_evidence == ()
