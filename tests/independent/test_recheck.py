"""The independent check is itself checked: against the method's own table, rules and figures."""

import gzip
import hashlib
import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

MINUTE = 60_000
FIRST = 1_767_225_600_000  # 2026-01-01T00:00:00.000Z
NO_FIGURES = dict.fromkeys(
    ("exit_at", "exit_price", "gross_r", "cost_r", "net_r", "worst_net_r", "best_net_r")
)


def load_recheck():
    place = Path(__file__).with_name("recheck.py")
    spec = importlib.util.spec_from_file_location("independent_recheck", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


recheck = load_recheck()


def alert(side="long", **changes):
    stop, target = ("99", "101") if side == "long" else ("101", "99")
    return {
        "id": "a",
        "venue": "binanceusdm",
        "symbol": "LAYER/USDT:USDT",
        "timeframe": "1m",
        "side": side,
        "entry": "100",
        "stop": stop,
        "target": target,
        "tick": "0.01",
        "entry_kind": "market",
        "published_at": "2026-01-01T00:00:02.500Z",
        "latency_s": 10,
        "max_hold_min": 60,
        "entry_ttl_min": 5,
        "taker_rate": "0",
        "maker_rate": "0",
        "slippage_rate": "0",
    } | changes


def row(minute, prices, step_ms=MINUTE):
    return (FIRST + minute * step_ms, *(Decimal(price) for price in prices), Decimal("1.50"))


def rows(*candles, step_ms=MINUTE):
    """Candles of open, high, low, close as texts; None is a missing row."""
    numbered = enumerate(candle and candle.split() for candle in candles)
    return [row(minute, prices, step_ms) for minute, prices in numbered if prices]


def mirrored(candles):
    return [
        (time, 200 - o, 200 - low, 200 - high, 200 - c, v) for time, o, high, low, c, v in candles
    ]


def resolve_on(side, candles, **changes):
    """Resolve on candles told for a long; for a short both they and the levels are mirrored."""
    seen = candles if side == "long" else mirrored(candles)
    return recheck.resolve(alert(side, **changes), seen, MINUTE)


def r(number):
    return format(Decimal(number), ".10f")


BOTH_SIDES = pytest.mark.parametrize("side", ["long", "short"])
FLAT = "100 100 100 100"
QUIET = "100 100.5 99.5 100"
LIMIT = {"entry_kind": "limit", "published_at": "2025-12-31T23:59:50.000Z"}


@BOTH_SIDES
@pytest.mark.parametrize(
    ("candles", "kind", "net_r", "ambiguous"),
    [
        ((QUIET, "100 101.2 99.8 101"), "TARGET", "1", False),
        (("100 100.4 99.8 100", "100 101.2 98.9 100"), "STOP", "-1", True),
        (("100 100.2 99.4 99.5", "98.4 98.8 98.0 98.5"), "STOP", "-1.6", False),
        (("100 100.4 99.6 100.3", "101.7 102 101.5 101.8"), "TARGET", "1", False),
        (("100.2 100.4 100 100.2", "100.2 101.2 100 101"), "TARGET", "0.8", False),
        (("100.2 100.4 100 100.2", "100.2 100.3 98.9 99"), "STOP", "-1.2", False),
    ],
)
def test_the_method_s_table_of_market_entries_holds(side, candles, kind, net_r, ambiguous):
    outcome = resolve_on(side, rows(*candles))

    assert (outcome["outcome"], outcome["net_r"]) == (kind, r(net_r))
    assert outcome["gross_r"] == outcome["net_r"]
    assert outcome["cost_r"] == r(0)
    assert outcome["ambiguous"] is ambiguous


@BOTH_SIDES
def test_an_entry_candle_that_opens_too_far_away_is_void(side):
    outcome = resolve_on(side, rows("100.30 100.4 100.2 100.3"))

    assert outcome == NO_FIGURES | {
        "outcome": "VOID_LATE",
        "filled_at": "2026-01-01T00:00:12.500Z",
        "fill_price": "100.3" if side == "long" else "99.7",
        "ambiguous": False,
        "candles_hash": outcome["candles_hash"],
        "evidence": outcome["evidence"],
    }
    assert len(outcome["evidence"]["rows"]) == 1


@BOTH_SIDES
def test_a_limit_touched_but_not_traded_through_is_not_filled(side):
    outcome = resolve_on(side, rows(*["100.2 100.4 100.00 100.2"] * 5), **LIMIT)

    assert outcome["outcome"] == "NOT_FILLED"
    assert (outcome["filled_at"], outcome["fill_price"], outcome["net_r"]) == (None, None, None)
    assert len(outcome["evidence"]["rows"]) == 5


@BOTH_SIDES
def test_a_limit_traded_through_by_one_tick_is_filled_at_its_price(side):
    candles = rows("100.2 100.4 100.1 100.2", "100.2 100.4 99.99 100.2", "100 101.01 100 101")

    outcome = resolve_on(side, candles, **LIMIT)

    assert (outcome["outcome"], outcome["net_r"]) == ("TARGET", r(1))
    assert outcome["fill_price"] == "100"
    assert outcome["filled_at"] == "2026-01-01T00:02:00.000Z"
    assert len(outcome["evidence"]["rows"]) == 2


def test_an_outcome_names_prices_times_and_the_rows_it_rests_on():
    outcome = recheck.resolve(alert(), rows(QUIET, "98.4 98.8 98.0 98.50"), MINUTE)

    lines = ["1767225600000,100,100.5,99.5,100,1.5", "1767225660000,98.4,98.8,98,98.5,1.5"]
    text = "".join(line + "\n" for line in lines)
    assert outcome == {
        "outcome": "STOP",
        "filled_at": "2026-01-01T00:00:12.500Z",
        "fill_price": "100",
        "exit_at": "2026-01-01T00:02:00.000Z",
        "exit_price": "98.4",
        "gross_r": "-1.6000000000",
        "cost_r": "0.0000000000",
        "net_r": "-1.6000000000",
        "ambiguous": False,
        "worst_net_r": "-1.6000000000",
        "best_net_r": "-1.6000000000",
        "candles_hash": hashlib.sha256(text.encode()).hexdigest(),
        "evidence": {"rows": lines, "source": "candles"},
    }


# Rule 1: market entry


@pytest.mark.parametrize(
    ("published_at", "fill_price"),
    [
        ("2026-01-01T00:00:49.999Z", "100"),
        ("2026-01-01T00:00:50.000Z", "100.1"),  # the start is the open of the second candle
        ("2026-01-01T00:01:00.000Z", "100.1"),
    ],
)
def test_a_market_entry_fills_at_the_open_of_the_candle_that_contains_the_start(
    published_at, fill_price
):
    candles = rows(FLAT, "100.1 100.1 100.1 100.1", "100 102 100 101")

    outcome = recheck.resolve(alert(published_at=published_at), candles, MINUTE)

    assert outcome["fill_price"] == fill_price


@pytest.mark.parametrize("kind", ["market", "limit"])
def test_an_alert_is_open_while_its_first_candle_is_to_come(kind):
    candles = [row(-1, ["100"] * 4)]

    assert recheck.resolve(alert(entry_kind=kind), candles, MINUTE) is None
    assert recheck.resolve(alert(entry_kind=kind), [], MINUTE) is None
    assert recheck.resolve(alert(entry_kind=kind), candles, MINUTE, delisted=True) is None


@BOTH_SIDES
def test_a_missing_entry_candle_is_a_gap_settled_as_filled_at_the_entry(side):
    outcome = resolve_on(side, rows(None, "100.2 102 100 101"))

    assert (outcome["outcome"], outcome["net_r"]) == ("UNRESOLVED_GAP", r(-1))
    assert (outcome["fill_price"], outcome["filled_at"]) == ("100", "2026-01-01T00:00:12.500Z")
    assert (outcome["exit_price"], outcome["exit_at"]) == (alert(side)["stop"], None)
    assert outcome["evidence"] == {"rows": [], "source": "candles"}
    assert outcome["candles_hash"] is None


# Rule 2: too late


@BOTH_SIDES
@pytest.mark.parametrize(
    ("opened", "kind"),
    [
        ("100.25", "TARGET"),
        ("100.26", "VOID_LATE"),
        ("101", "VOID_LATE"),
        ("102", "VOID_LATE"),
        ("99.01", "TARGET"),
    ],
)
def test_a_fill_is_void_beyond_a_quarter_of_the_risk(side, opened, kind):
    first = f"{opened} {opened} {opened} {opened}"

    assert resolve_on(side, rows(first, "101.5 101.5 101.5 101.5"))["outcome"] == kind


@BOTH_SIDES
def test_a_fill_at_a_near_target_is_void_within_a_quarter_of_the_risk(side):
    target = "100.1" if side == "long" else "99.9"

    outcome = resolve_on(side, rows("100.1 100.1 100.1 100.1"), target=target)

    assert outcome["outcome"] == "VOID_LATE"


@BOTH_SIDES
@pytest.mark.parametrize("opened", ["99", "98"])
def test_a_fill_at_or_through_the_stop_is_a_certain_stop_from_the_planned_entry(side, opened):
    outcome = resolve_on(side, rows(f"{opened} 102 {opened} {opened}"))

    assert (outcome["outcome"], outcome["net_r"]) == ("STOP", r(-1))
    assert (outcome["fill_price"], outcome["exit_price"]) == ("100", alert(side)["stop"])
    assert outcome["filled_at"] == "2026-01-01T00:00:12.500Z"
    assert outcome["exit_at"] == "2026-01-01T00:01:00.000Z"
    assert outcome["ambiguous"] is False
    assert len(outcome["evidence"]["rows"]) == 1


# Rule 3: entry candle


@BOTH_SIDES
def test_the_entry_candle_may_trigger_the_stop_and_is_then_ambiguous(side):
    outcome = resolve_on(side, rows("100 100.2 99 99.5"))

    assert (outcome["outcome"], outcome["net_r"]) == ("STOP", r(-1))
    assert outcome["ambiguous"] is True
    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r(-1), r(1))


@BOTH_SIDES
def test_the_entry_candle_never_triggers_the_target_but_leaves_a_doubt(side):
    outcome = resolve_on(side, rows("100 102 100 100", QUIET, "98.5 98.6 98.4 98.5"))

    assert (outcome["outcome"], outcome["net_r"]) == ("STOP", r("-1.5"))
    assert outcome["ambiguous"] is True
    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r("-1.5"), r(1))


@BOTH_SIDES
def test_a_bare_touch_of_the_target_in_the_entry_candle_is_a_doubt_too(side):
    outcome = resolve_on(side, rows("100 101 100 100", "100 101.01 100 101"))

    assert (outcome["outcome"], outcome["ambiguous"]) == ("TARGET", True)
    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r(-1), r(1))


@BOTH_SIDES
@pytest.mark.parametrize(
    ("fill_candle", "ambiguous"),
    [("100.2 100.9 98 98.5", False), ("100.2 101 98 98.5", True), ("98.5 98.6 98 98.5", False)],
)
def test_the_stop_in_the_fill_candle_of_a_limit_is_certain(side, fill_candle, ambiguous):
    outcome = resolve_on(side, rows(fill_candle), **LIMIT)

    assert (outcome["outcome"], outcome["net_r"]) == ("STOP", r(-1))
    assert outcome["filled_at"] == outcome["exit_at"] == "2026-01-01T00:01:00.000Z"
    assert outcome["ambiguous"] is ambiguous


@BOTH_SIDES
def test_the_fill_candle_of_a_limit_never_triggers_the_target(side):
    outcome = resolve_on(side, rows("102 102 99.9 100", "100 101.01 100 101"), **LIMIT)

    assert (outcome["outcome"], outcome["ambiguous"]) == ("TARGET", True)
    assert outcome["exit_at"] == "2026-01-01T00:02:00.000Z"


# Rule 4: limit entry


@BOTH_SIDES
def test_a_limit_is_not_filled_by_the_candle_under_way_at_the_start(side):
    candles = rows("100 100 99.5 100", *["100.2 100.2 100.2 100.2"] * 5)

    outcome = resolve_on(side, candles, entry_kind="limit")

    assert outcome["outcome"] == "NOT_FILLED"
    assert outcome["evidence"]["rows"][0].startswith("1767225660000,")
    assert len(outcome["evidence"]["rows"]) == 5


def test_a_limit_waits_for_its_time_only():
    away, through = "100.2 100.2 100.2 100.2", "100 100 99.5 100"
    last = rows(*[away] * 4, through, "99 99 99 99")
    late = rows(*[away] * 5, through, "99 99 99 99")

    assert recheck.resolve(alert(**LIMIT), last, MINUTE)["outcome"] == "STOP"
    assert recheck.resolve(alert(**LIMIT), late, MINUTE)["outcome"] == "NOT_FILLED"
    assert recheck.resolve(alert(**LIMIT), late[:4], MINUTE) is None
    assert recheck.resolve(alert(**LIMIT), late[:5], MINUTE)["outcome"] == "NOT_FILLED"


def test_a_limit_does_not_wait_beyond_the_expiry():
    candles = rows("100.2 100.2 100.2 100.2", "100 100 99.5 100")

    outcome = recheck.resolve(alert(**LIMIT, max_hold_min=1), candles, MINUTE)

    assert outcome["outcome"] == "NOT_FILLED"
    assert len(outcome["evidence"]["rows"]) == 1


def test_a_limit_without_any_candle_to_fill_in_is_not_filled_at_once():
    outcome = recheck.resolve(alert(entry_kind="limit", max_hold_min=1), [], 5 * MINUTE)

    assert outcome["outcome"] == "NOT_FILLED"
    assert outcome["candles_hash"] is None


@BOTH_SIDES
def test_a_gap_while_a_limit_waits_is_settled_as_filled_at_the_entry(side):
    outcome = resolve_on(side, rows("100.2 100.3 100.1 100.2", None, FLAT), **LIMIT)

    assert (outcome["outcome"], outcome["net_r"]) == ("UNRESOLVED_GAP", r(-1))
    assert (outcome["fill_price"], outcome["filled_at"]) == ("100", None)
    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r(-1), r(1))
    assert len(outcome["evidence"]["rows"]) == 1


# Rules 5, 6 and 7: the levels


@BOTH_SIDES
@pytest.mark.parametrize(
    ("candle", "kind", "net_r", "ambiguous"),
    [
        ("100 100 99 99.5", "STOP", "-1", False),
        ("99 99.5 99 99.5", "STOP", "-1", False),
        ("100 101.01 99.5 101", "TARGET", "1", False),
        ("100 101 99 100", "STOP", "-1", False),  # the target was touched, not traded through
        ("98 101.5 98 100", "STOP", "-2", False),
        ("101.01 101.5 98 100", "TARGET", "1", False),
        ("101 101.5 98 100", "STOP", "-1", True),  # it opens at the target, not through it
    ],
)
def test_the_levels_decide_a_later_candle(side, candle, kind, net_r, ambiguous):
    outcome = resolve_on(side, rows(FLAT, candle))

    assert (outcome["outcome"], outcome["net_r"]) == (kind, r(net_r))
    assert outcome["ambiguous"] is ambiguous


@BOTH_SIDES
@pytest.mark.parametrize("candle", ["100 101 99.5 100", "100 101.00 99.01 100"])
def test_a_level_that_is_only_neared_decides_nothing(side, candle):
    assert resolve_on(side, rows(FLAT, candle)) is None


@BOTH_SIDES
def test_both_levels_in_one_candle_are_a_stop_bounded_by_the_target(side):
    outcome = resolve_on(side, rows(FLAT, "100 101.2 98.9 100"))

    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r(-1), r(1))


# Rule 8: expiry. The alert ends at 00:02:02.5, within the third candle.


@BOTH_SIDES
@pytest.mark.parametrize(
    ("expiring", "after", "kind", "net_r", "ambiguous"),
    [
        (QUIET, "100.4 102 98 100", "EXPIRED", "0.4", False),
        (QUIET, "98.4 102 98 100", "EXPIRED", "-1.6", False),
        (QUIET, "101.4 102 98 100", "EXPIRED", "1", False),
        ("100 102 99.5 100", "100.4 102 98 100", "EXPIRED", "0.4", True),
        ("100 101 99.5 100", "100.4 102 98 100", "EXPIRED", "0.4", True),
        ("100 100.5 99 100", "100.4 102 98 100", "STOP", "-1", True),
        ("100 102 99 100", "100.4 102 98 100", "STOP", "-1", True),
        ("98.5 102 98 100", "100.4 102 98 100", "STOP", "-1.5", False),
        ("101.01 102 98 100", "100.4 102 98 100", "TARGET", "1", False),
    ],
)
def test_the_time_runs_out(side, expiring, after, kind, net_r, ambiguous):
    outcome = resolve_on(side, rows(FLAT, FLAT, expiring, after), max_hold_min=2)

    assert (outcome["outcome"], outcome["net_r"]) == (kind, r(net_r))
    assert outcome["ambiguous"] is ambiguous
    assert outcome["exit_at"] == "2026-01-01T00:03:00.000Z"


def test_an_expiry_is_decided_by_the_candle_after_it():
    candles = rows(FLAT, FLAT, FLAT, "100.4 102 98 100")

    assert recheck.resolve(alert(max_hold_min=2), candles[:3], MINUTE) is None
    outcome = recheck.resolve(alert(max_hold_min=2), candles, MINUTE)
    assert len(outcome["evidence"]["rows"]) == 4


def test_an_expiry_at_the_open_of_a_candle_leaves_the_one_before_it_whole():
    candles = rows(FLAT, FLAT, "100 101.01 99.5 101", "100 100 100 100")

    outcome = recheck.resolve(
        alert(published_at="2026-01-01T00:00:00.000Z", max_hold_min=3), candles, MINUTE
    )

    assert (outcome["outcome"], outcome["ambiguous"]) == ("TARGET", False)


@pytest.mark.parametrize(("low", "kind"), [("98.5", "STOP"), ("99.5", "EXPIRED")])
def test_a_limit_filled_while_it_expires_leaves_its_stop_in_doubt(low, kind):
    plan = alert(entry_kind="limit", published_at="2025-12-31T23:59:45.000Z", max_hold_min=1)

    outcome = recheck.resolve(plan, rows(f"100 100 {low} 99.5", FLAT), MINUTE)

    assert outcome["outcome"] == kind
    assert outcome["ambiguous"] is (kind == "STOP")


# Rule 9: gaps


@BOTH_SIDES
def test_a_missing_minute_before_the_exit_is_a_gap_stopped_for_the_headline(side):
    outcome = resolve_on(side, rows(FLAT, QUIET, None, "102 102 102 102"))

    assert (outcome["outcome"], outcome["net_r"]) == ("UNRESOLVED_GAP", r(-1))
    assert (outcome["exit_at"], outcome["exit_price"]) == (None, alert(side)["stop"])
    assert (outcome["worst_net_r"], outcome["best_net_r"]) == (r(-1), r(1))
    assert outcome["ambiguous"] is True
    assert len(outcome["evidence"]["rows"]) == 2


def test_a_gap_over_the_expiry_is_a_gap():
    candles = rows(FLAT, FLAT, FLAT, None, FLAT)

    assert recheck.resolve(alert(max_hold_min=2), candles, MINUTE)["outcome"] == "UNRESOLVED_GAP"


def test_data_that_end_before_a_decision_leave_the_alert_open():
    assert recheck.resolve(alert(), rows(FLAT, QUIET), MINUTE) is None


@BOTH_SIDES
def test_a_delisted_pair_is_closed_at_its_last_price(side):
    candles = rows(FLAT, "100 100.5 99.5 100.4")
    seen = candles if side == "long" else mirrored(candles)

    outcome = recheck.resolve(alert(side), seen, MINUTE, delisted=True)

    assert (outcome["outcome"], outcome["net_r"]) == ("DELISTED", r("0.4"))
    assert outcome["exit_at"] == "2026-01-01T00:02:00.000Z"


# Rule 10: settlement, with the figures of the method's own tables

SCALP = {"entry": "1.000", "stop": "0.998", "target": "1.002", "tick": "0.0001"}
SHORT_SCALP = SCALP | {"stop": "1.002", "target": "0.998"}
FEES = {"taker_rate": "0.0005", "maker_rate": "0.0002"}
SLIPPAGE = FEES | {"slippage_rate": "0.0002"}
FALLING = rows("1 1 0.9999 1", "1 1 0.998 0.998")
RISING = rows("1 1 0.9999 1", "1 1.0021 1 1.002")
RISING_TO_THE_STOP = rows("1 1 1 1", "1 1.002 1 1")


@pytest.mark.parametrize(
    ("plan", "candles", "net_per_unit"),
    [
        (alert(**SCALP, **FEES), FALLING, "-0.0029990"),
        (alert(**SCALP, **FEES), RISING, "0.0012996"),
        (alert(**SCALP, **SLIPPAGE), FALLING, "-0.0033986002"),
        (alert("short", **SHORT_SCALP, **SLIPPAGE), RISING_TO_THE_STOP, "-0.0034014002"),
        (alert(**SCALP, **FEES, **LIMIT), FALLING, "-0.0026990"),
        (alert(**SCALP, **SLIPPAGE, **LIMIT), RISING, "0.0015996"),
    ],
)
def test_costs_are_those_of_the_method_s_examples(plan, candles, net_per_unit):
    outcome = recheck.resolve(plan, candles, MINUTE)

    net_r = Decimal(net_per_unit) / Decimal("0.002")
    gross_r = 1 if net_r > 0 else -1
    assert outcome["gross_r"] == r(gross_r)
    assert outcome["net_r"] == r(net_r)
    assert outcome["cost_r"] == r(gross_r - net_r)
    assert outcome["worst_net_r"] == outcome["best_net_r"] == outcome["net_r"]


def test_the_bounds_of_a_doubt_pay_their_own_costs():
    candles = rows("1 1.002 0.9999 1", "1 1 0.998 0.998")

    outcome = recheck.resolve(alert(**SCALP, **FEES), candles, MINUTE)

    assert outcome["worst_net_r"] == outcome["net_r"] == r("-1.4995")
    assert outcome["best_net_r"] == r("0.6498")


def test_an_expired_trade_leaves_as_a_taker_with_slippage():
    plan = alert(taker_rate="0.001", slippage_rate="0.01", max_hold_min=1)

    outcome = recheck.resolve(plan, rows(FLAT, FLAT, FLAT), MINUTE)

    # filled at 101, left at 99, and a thousandth of each
    assert (outcome["gross_r"], outcome["net_r"]) == (r(0), r("-2.2"))
    assert (outcome["fill_price"], outcome["exit_price"]) == ("100", "100")


@pytest.mark.parametrize(("side", "sign"), [("long", 1), ("short", -1)])
def test_funding_is_paid_by_the_long_within_the_holding_time(side, sign):
    candles = rows(FLAT, "100.4 100.4 100.4 100.4", "100 100 100 100", "100 102 98 100")
    plan = alert(side, max_hold_min=2)
    start = recheck.millis("2026-01-01T00:00:12.500Z")
    before_and_after = [(start, Decimal(1)), (FIRST + 3 * MINUTE + 1, Decimal(1))]
    within = [(FIRST + MINUTE, Decimal("0.001")), (FIRST + 3 * MINUTE, Decimal("0.002"))]

    outcome = recheck.resolve(plan, candles, MINUTE, [*before_and_after, *within])

    assert outcome["outcome"] == "EXPIRED"
    assert outcome["net_r"] == r(-sign * Decimal("0.3"))
    assert outcome["cost_r"] == r(sign * Decimal("0.3"))


def test_funding_at_the_close_of_the_deciding_candle_is_priced_by_that_candle():
    candles = rows(FLAT, "100 101.5 100 101.2")

    outcome = recheck.resolve(alert(), candles, MINUTE, [(FIRST + 2 * MINUTE, Decimal("0.001"))])

    assert outcome["net_r"] == r("0.8988")


def test_a_gap_has_no_exit_time_and_so_no_funding():
    paid = [(FIRST + MINUTE, Decimal("0.001"))]

    outcome = recheck.resolve(alert(), rows(FLAT, None, FLAT), MINUTE, paid)

    assert outcome["net_r"] == r(-1)


# Properties

TICKS = st.integers(min_value=-130, max_value=130).map(lambda ticks: 100 + Decimal(ticks) / 100)
PRICES = st.lists(st.tuples(TICKS, TICKS, TICKS, TICKS), min_size=1, max_size=8)
PLANS = st.fixed_dictionaries(
    {
        "entry_kind": st.sampled_from(["market", "limit"]),
        "max_hold_min": st.integers(min_value=1, max_value=6),
    }
)


def walk(prices):
    return [
        row(minute, (first, max(four), min(four), last))
        for minute, four in enumerate(prices)
        for first, _, _, last in [four]
    ]


@given(PRICES, PLANS)
def test_a_short_in_the_mirror_ends_as_the_long_does(prices, plan):
    candles = walk(prices)

    long, short = (resolve_on(side, candles, **plan) for side in ("long", "short"))

    fields = ("outcome", "filled_at", "exit_at", "net_r", "ambiguous", "worst_net_r", "best_net_r")
    assert (long is None) == (short is None)
    assert long is None or all(long[field] == short[field] for field in fields)


@given(PRICES, PLANS)
def test_what_is_decided_does_not_change_with_more_candles(prices, plan):
    candles = walk(prices)
    whole = recheck.resolve(alert(**plan), candles, MINUTE)

    for length in range(len(candles)):
        early = recheck.resolve(alert(**plan), candles[:length], MINUTE)
        assert early is None or early == whole


@given(PRICES, PLANS)
def test_the_bounds_hold_the_headline_between_them(prices, plan):
    outcome = recheck.resolve(alert(**plan), walk(prices), MINUTE)

    if outcome is not None and outcome["net_r"] is not None:
        worst, net, best = (
            Decimal(outcome[name]) for name in ("worst_net_r", "net_r", "best_net_r")
        )
        assert worst <= net <= best
        assert outcome["ambiguous"] or worst == best


# The ledger

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TARGET_ROWS = ["1767225600000,100,100.5,99.5,100,1.5", "1767225660000,100,101.2,99.8,101,2"]
CSV = "\n".join(
    [
        "open_time,open,high,low,close,volume",
        "1767225600000,100.00,100.5,99.5,100,1.50",
        "1767225660000,100,101.2,99.8,101,2.0",
        "1767225720000,101,101,101,101,0",
    ]
)
TARGET = {
    "alert_seq": 2,
    "outcome": "TARGET",
    "filled_at": "2026-01-01T00:00:12.500Z",
    "fill_price": "100",
    "exit_at": "2026-01-01T00:02:00.000Z",
    "exit_price": "101.00",
    "gross_r": "1.0000000000",
    "cost_r": "0.0000000000",
    "net_r": "1.0000000000",
    "ambiguous": False,
    "worst_net_r": "1.0000000000",
    "best_net_r": "1.0000000000",
    "candles_hash": hashlib.sha256(
        "".join(f"{line}\n" for line in TARGET_ROWS).encode()
    ).hexdigest(),
    "evidence": {"rows": TARGET_ROWS, "source": "candles"},
}
SILENT = {"alert_seq": 5, "outcome": "NOT_PUBLISHED", "net_r": None}


def body_of_alert(**changes):
    body = alert(**changes)
    del body["published_at"]
    return body | {"setup": "reversal", "reasons": ["überverkauft"]}


def published(alert_seq, at="2026-01-01T00:00:02.500Z"):
    return "published", {
        "alert_seq": alert_seq,
        "published_at": at,
        "message_id": 7,
        "recipients": 1,
    }


def genesis():
    return "genesis", {"public_key": KEY.public_key().public_bytes_raw().hex()}


def story():
    """A target, an alert nobody got and one still open."""
    return [
        genesis(),
        ("alert", body_of_alert()),
        published(2),
        ("outcome", dict(TARGET)),
        ("alert", body_of_alert(id="b")),
        ("outcome", dict(SILENT)),
        ("alert", body_of_alert(id="c", entry="101", stop="100", target="102")),
        published(7, "2026-01-01T00:02:02.500Z"),
    ]


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def signed(story):
    lines, prev = [], "0" * 64
    for seq, (kind, body) in enumerate(story, start=1):
        entry = {"v": 1, "seq": seq, "type": kind, "ts": FIRST, "prev": prev, "body": body}
        digest = hashlib.sha256(canonical(entry).encode())
        prev = digest.hexdigest()
        entry |= {"hash": prev, "sig": KEY.sign(digest.digest()).hex()}
        lines.append(canonical(entry))
    return lines


@pytest.fixture
def candles_dir(tmp_path):
    folder = tmp_path / "binanceusdm" / "1m"
    folder.mkdir(parents=True)
    (folder / "LAYER_USDT_USDT.csv").write_text(CSV + "\n")
    return tmp_path


def test_an_honest_ledger_passes(candles_dir):
    lines = signed(story())

    assert recheck.recheck(lines) == []
    assert recheck.recheck(lines, candles_dir) == []
    assert recheck.recheck((line + "\n" for line in lines), candles_dir) == []


def test_packed_candles_serve_as_well(candles_dir):
    plain = candles_dir / "binanceusdm" / "1m" / "LAYER_USDT_USDT.csv"
    plain.with_suffix(".csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    assert recheck.recheck(signed(story()), candles_dir) == []


def test_the_buckets_add_up_to_the_alerts():
    counts = recheck.buckets(signed(story()))

    assert {kind: n for kind, n in counts.items() if n} == {
        "TARGET": 1,
        "NOT_PUBLISHED": 1,
        "OPEN": 1,
    }
    assert len(counts) == 9


def test_a_changed_value_is_named():
    lines = signed(story())
    lines[3] = lines[3].replace('"net_r":"1.0000000000"', '"net_r":"2.0000000000"')

    assert recheck.recheck(lines) == ["#4: the hash does not fit the content"]


@given(st.data())
def test_no_byte_can_be_changed(data):
    lines = signed(story())
    number = data.draw(st.integers(min_value=0, max_value=len(lines) - 1))
    raw = bytearray(lines[number].encode())
    raw[data.draw(st.integers(min_value=0, max_value=len(raw) - 1))] ^= data.draw(
        st.integers(min_value=1, max_value=127)
    )
    lines[number] = raw.decode(errors="replace")

    assert recheck.recheck(lines) != []


def test_a_deleted_entry_is_named():
    lines = signed(story())
    del lines[3]

    assert recheck.recheck(lines) == [
        "#5: #4 was expected here",
        "#5: prev is not the hash of the entry before it",
    ]


def test_a_cut_off_tail_is_seen_only_by_the_candles(candles_dir):
    lines = signed(story()[:3])

    assert recheck.recheck(lines) == []
    assert recheck.recheck(lines, candles_dir) == ["#2: outcome was OPEN, candles give TARGET"]


def test_swapped_entries_are_named():
    lines = signed(story())
    lines[2], lines[3] = lines[3], lines[2]

    assert recheck.recheck(lines)[0] == "#4: #3 was expected here"


def test_an_entry_hashed_again_without_the_key_is_named():
    lines = signed(story())
    entry = json.loads(lines[-1])
    entry["body"]["recipients"] = 9
    unsigned = {name: value for name, value in entry.items() if name not in ("hash", "sig")}
    entry["hash"] = hashlib.sha256(canonical(unsigned).encode()).hexdigest()
    lines[-1] = canonical(entry)

    assert recheck.recheck(lines) == ["#8: the signature does not fit the hash"]


@pytest.mark.parametrize("sig", [7, "", "xyz"])
def test_a_signature_that_is_none_is_named(sig):
    lines = signed(story())
    lines[1] = canonical(json.loads(lines[1]) | {"sig": sig})

    assert recheck.recheck(lines) == ["#2: the signature does not fit the hash"]


def test_a_signature_in_capitals_is_not_the_same_byte_for_byte():
    lines = signed(story())
    entry = json.loads(lines[1])
    lines[1] = canonical(entry | {"sig": entry["sig"].upper()})

    assert recheck.recheck(lines) == ["#2: the signature does not fit the hash"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"v":1', "line 2: "),
        ("[]", "line 2: it is no entry"),
        ('{"seq":2}', "line 2: it is no entry"),
        ('{"seq":2.5}', "line 2: 2.5 is a float"),
        ('{"seq":NaN}', "line 2: NaN is a float"),
        ('{"seq":2,"seq":2}', "line 2: a key is given twice"),
    ],
)
def test_a_line_that_is_no_entry_is_named(line, problem):
    lines = signed(story())
    lines[1] = line

    assert recheck.recheck(lines)[0].startswith(problem)


@pytest.mark.parametrize("body", [{}, [], {"public_key": "zz"}, {"public_key": "00"}])
def test_a_ledger_without_a_key_proves_nothing(body):
    assert recheck.recheck(signed([("genesis", body)])) == [
        "#1: it is no genesis with a public key"
    ]
    assert recheck.recheck([]) == ["#1: it is no genesis with a public key"]


@pytest.mark.parametrize(
    ("chapters", "problem"),
    [
        ([("alert", body_of_alert())], "#2: neither published nor NOT_PUBLISHED"),
        ([published(3), ("alert", body_of_alert())], "#2: no alert #3 stands before it"),
        (
            [("alert", body_of_alert()), published(2), published(2)],
            "#4: a second published of alert #2",
        ),
        (
            [("alert", body_of_alert()), published(2), ("outcome", TARGET), ("outcome", TARGET)],
            "#5: a second outcome of alert #2",
        ),
        (
            [("alert", body_of_alert()), ("outcome", TARGET), published(2)],
            "#3: alert #2 was not published before it",
        ),
        ([published(2)], "#2: no alert #2 stands before it"),
        (
            [("alert", body_of_alert()), published(2), ("outcome", SILENT | {"alert_seq": 2})],
            "#2: published and NOT_PUBLISHED",
        ),
        (
            [("alert", body_of_alert()), ("outcome", SILENT | {"alert_seq": 2, "net_r": "1"})],
            "#3: NOT_PUBLISHED with a net_r",
        ),
        (
            [("alert", body_of_alert()), published(2), ("outcome", TARGET | {"outcome": "WIN"})],
            "#4: WIN is no outcome",
        ),
    ],
)
def test_a_story_that_does_not_hold_together_is_named(chapters, problem):
    assert problem in recheck.recheck(signed([genesis(), *chapters]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "STOP"),
        ("filled_at", "2026-01-01T00:00:00.000Z"),
        ("fill_price", "99"),
        ("fill_price", None),
        ("exit_at", None),
        ("exit_price", "1e2"),
        ("gross_r", "1"),
        ("cost_r", "0.0000000001"),
        ("net_r", "1.0000000001"),
        ("ambiguous", True),
        ("worst_net_r", None),
        ("best_net_r", "2.0000000000"),
        ("candles_hash", "0" * 64),
        ("evidence", {"rows": TARGET_ROWS[:1], "source": "candles"}),
        ("evidence", {"rows": TARGET_ROWS, "source": "trades"}),
    ],
)
def test_an_outcome_signed_but_not_what_the_candles_give_is_named(candles_dir, field, value):
    chapters = [*story()[:3], ("outcome", TARGET | {field: value})]

    problems = recheck.recheck(signed(chapters), candles_dir)

    assert len(problems) == 1
    assert problems[0].startswith(f"#2: {field} was {value}, candles give ")


def test_a_missing_field_is_named(candles_dir):
    body = {name: value for name, value in TARGET.items() if name != "net_r"}

    problems = recheck.recheck(signed([*story()[:3], ("outcome", body)]), candles_dir)

    assert problems == ["#2: net_r was missing, candles give 1.0000000000"]


def test_an_outcome_before_its_candles_is_named(candles_dir):
    path = candles_dir / "binanceusdm" / "1m" / "LAYER_USDT_USDT.csv"
    path.write_text("\n".join(CSV.splitlines()[:2]))

    assert recheck.recheck(signed(story()), candles_dir) == [
        "#2: outcome was TARGET, candles give OPEN"
    ]


def test_funding_is_read_where_there_is_a_file_for_the_pair(candles_dir, tmp_path):
    lines = signed(story())
    assert recheck.recheck(lines, candles_dir, tmp_path) == []

    (tmp_path / "LAYER_USDT_USDT.csv").write_text(f"time,rate\n{FIRST + MINUTE},0.001\n")

    assert recheck.recheck(lines, candles_dir, tmp_path) == [
        "#2: cost_r was 0.0000000000, candles give 0.1000000000",
        "#2: net_r was 1.0000000000, candles give 0.9000000000",
        "#2: worst_net_r was 1.0000000000, candles give 0.9000000000",
        "#2: best_net_r was 1.0000000000, candles give 0.9000000000",
    ]


def test_five_minutes_are_built_from_complete_sets_of_single_ones(candles_dir):
    singles = rows(FLAT, "100 101 100 100", "100 100 98 99", FLAT, "100 100 99 99.5", FLAT)
    text = "".join(recheck.csv_line(single) + "\n" for single in singles)
    (candles_dir / "binanceusdm" / "1m" / "TWO_USDT_USDT.csv").write_text(text)

    built = recheck.read_candles(candles_dir / "binanceusdm", "5m", "TWO_USDT_USDT")

    assert [recheck.csv_line(five) for five in built] == ["1767225600000,100,101,98,99.5,7.5"]


def test_five_minutes_are_read_where_they_are_kept(candles_dir):
    folder = candles_dir / "binanceusdm" / "5m"
    folder.mkdir()
    (folder / "LAYER_USDT_USDT.csv").write_text("1767225600000,100,102,98,100,1\n")
    chapters = [genesis(), ("alert", body_of_alert(timeframe="5m")), published(2)]

    assert recheck.recheck(signed(chapters), candles_dir) == [
        "#2: outcome was OPEN, candles give STOP"
    ]
