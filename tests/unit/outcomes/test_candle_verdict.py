from decimal import Decimal

import pytest

from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.candle_verdict import (
    NOTHING,
    Exit,
    Place,
    Verdict,
    is_beyond_stop,
    is_too_late,
    judge,
    trades_through_entry,
)

STOP, TARGET = OutcomeKind.STOP, OutcomeKind.TARGET
IN_ORDER, IN_DOUBT = False, True


def exit_at(story, kind, price):
    return Exit(kind=kind, raw=story.price(price))


@pytest.mark.parametrize("row", ["100 100.5 99.5 100", "100 101 99.01 100", "99.01", "101"])
def test_a_held_candle_that_only_nears_the_levels_decides_nothing(story, row):
    (candle,) = story.candles(row)

    assert judge(story.plan(), candle, Place.HELD) is NOTHING


@pytest.mark.parametrize(
    ("row", "kind", "price", "unordered"),
    [
        ("100 100.5 99 99.5", STOP, "99", IN_ORDER),
        ("100 101 99 99.5", STOP, "99", IN_ORDER),  # at the target, which fills only beyond it
        ("100 101.01 99.01 100", TARGET, "101", IN_ORDER),
        ("100 101.01 99 100", STOP, "99", IN_DOUBT),
        ("99 101.5 98 100", STOP, "99", IN_ORDER),  # opened at the stop
        ("98.4 101.5 98 100", STOP, "98.4", IN_ORDER),
        ("101.01 101.5 98 100", TARGET, "101", IN_ORDER),
        ("101 101.5 98 100", STOP, "99", IN_DOUBT),  # opened at the target, not through it
    ],
)
def test_a_held_candle_decides(story, row, kind, price, unordered):
    (candle,) = story.candles(row)

    verdict = judge(story.plan(), candle, Place.HELD)

    assert verdict == Verdict(exit=exit_at(story, kind, price), unordered=unordered)


@pytest.mark.parametrize(
    ("row", "exit_price", "unordered"),
    [
        ("100 100.99 99.01 100", None, IN_ORDER),
        ("100 100.5 99 99.5", "99", IN_DOUBT),
        ("98.4 100 98 99", "99", IN_DOUBT),  # never the open: it lies before the fill
        ("100 101 99.5 100", None, IN_DOUBT),
        ("102 103 99.5 100", None, IN_DOUBT),
        ("100 102 98 100", "99", IN_DOUBT),
    ],
)
def test_an_entry_candle_may_stop_but_never_reaches_the_target(story, row, exit_price, unordered):
    (candle,) = story.candles(row)
    expected = exit_at(story, STOP, exit_price) if exit_price else None

    verdict = judge(story.plan(), candle, Place.ENTRY)

    assert verdict == Verdict(exit=expected, unordered=unordered)


@pytest.mark.parametrize(
    ("row", "exit_price", "unordered"),
    [
        ("100.2 100.99 99.01 100", None, IN_ORDER),
        ("100.2 100.99 99 99.5", "99", IN_ORDER),
        ("98.4 98.6 98 98.5", "99", IN_ORDER),
        ("100.2 101 99 99.5", "99", IN_DOUBT),
        ("100.2 101 99.5 100", None, IN_DOUBT),
    ],
)
def test_the_stop_is_certain_in_the_fill_candle_of_a_limit(story, row, exit_price, unordered):
    (candle,) = story.candles(row)
    expected = exit_at(story, STOP, exit_price) if exit_price else None

    verdict = judge(story.plan(), candle, Place.LIMIT_FILL)

    assert verdict == Verdict(exit=expected, unordered=unordered)


@pytest.mark.parametrize(
    ("row", "kind", "price", "unordered"),
    [
        ("98.4 102 98 100", STOP, "98.4", IN_ORDER),
        ("101.01 102 98 100", TARGET, "101", IN_ORDER),
        ("100 100.5 99 99.5", STOP, "99", IN_DOUBT),
        ("100 102 99 99.5", STOP, "99", IN_DOUBT),
        ("100 102 99.01 100", None, None, IN_DOUBT),
        ("100 101 99.01 100", None, None, IN_DOUBT),
        ("100 100.99 99.01 100", None, None, IN_ORDER),
    ],
)
def test_an_expiring_candle_reaches_the_target_by_its_open_only(story, row, kind, price, unordered):
    (candle,) = story.candles(row)
    expected = exit_at(story, kind, price) if kind else None

    verdict = judge(story.plan(), candle, Place.EXPIRY)

    assert verdict == Verdict(exit=expected, unordered=unordered)


@pytest.mark.parametrize(("low", "fills"), [("100.00", False), ("99.991", False), ("99.99", True)])
def test_a_limit_is_filled_one_tick_beyond_its_price(story, low, fills):
    (candle,) = story.candles(f"100.2 100.4 {low} 100.2")

    assert trades_through_entry(story.plan(), candle) is fills


@pytest.mark.parametrize(("price", "beyond"), [("99.01", False), ("99", True), ("98", True)])
def test_the_stop_is_hit_where_it_is_touched(story, price, beyond):
    assert is_beyond_stop(story.plan(), story.price(price)) is beyond


@pytest.mark.parametrize(
    ("price", "target", "late"),
    [
        ("99.5", "101", False),
        ("100.25", "101", False),
        ("100.26", "101", True),
        ("100.19", "100.2", False),
        ("100.2", "100.2", True),
    ],
)
def test_a_fill_is_late_beyond_a_quarter_of_the_risk_or_at_the_target(story, price, target, late):
    assert is_too_late(story.plan(target=target), story.price(price)) is late


def test_a_tick_of_another_size_moves_the_price_that_fills_the_target(story):
    plan = story.plan(tick=Decimal("0.5"))
    near, through = story.candles("100 101.49 100 101", "100 101.5 100 101")

    assert judge(plan, near, Place.HELD) is NOTHING
    assert judge(plan, through, Place.HELD).exit == exit_at(story, TARGET, "101")
