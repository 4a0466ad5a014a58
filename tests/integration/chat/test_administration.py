"""How admins switch what the bot does from their chat, on a real database."""

import re

import pytest
from fakes.admin_room import AdminRoom
from fakes.chat_room import BINANCE_LIFE, BOSS, data
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from signalbot.domain.rules import Rules

LAYER = "LAYER/USDT:USDT"


@pytest.fixture
def room(engine: Engine) -> AdminRoom:
    return AdminRoom(engine)


def test_a_pair_is_taken_off_put_in_and_left_to_the_universe(room: AdminRoom) -> None:
    assert "Watched: 3 pairs" in room.admin("/pairs")
    assert f"pair {LAYER}: as configured -&gt; out" in room.admin("/pairs remove layer")
    assert room.log.controls().is_pair_off(LAYER)
    assert "an admin took it off" in room.admin("/pairs why layer")
    room.admin("/pairs add 币安人生")
    assert room.log.controls().pairs("in") == [BINANCE_LIFE]
    assert "whatever the universe says" in room.admin("/pairs why 币安人生")
    room.admin("/pairs auto layer")
    assert "in today's universe" in room.admin("/pairs why layer")
    assert "nearest" in room.admin("/pairs add pepe")
    assert "for example" in room.admin("/pairs remove")
    assert "add, remove, auto or why" in room.admin("/pairs delete layer")


def test_a_pair_that_is_not_watched_is_explained_and_can_be_put_in(room: AdminRoom) -> None:
    assert room.admin("/pairs why tsla") == (
        "TSLA/USDT:USDT is not watched: it is not in today's universe.\n"
        "When the pairs were chosen: TSLA/USDT:USDT &lt;is&gt; as it is."
    )
    room.market.is_chosen = False
    assert "When the pairs were chosen" not in room.admin("/pairs why tsla")
    room.admin("/pairs add tsla")
    assert room.log.controls().pairs("in") == ["TSLA/USDT:USDT"]


def test_what_is_so_already_is_not_logged_again(room: AdminRoom) -> None:
    room.admin("/pairs remove layer")

    assert "nothing was changed" in room.admin("/pairs remove layer")
    assert len(room.log.newest(99)) == 1


def test_setups_are_switched(room: AdminRoom) -> None:
    room.admin("/setups off range_breakout")
    assert room.log.controls().is_setup_off("range_breakout")
    assert "Range breakout: off" in room.admin("/setups")
    room.admin("/setups on range_breakout")
    assert not room.log.controls().is_setup_off("range_breakout")
    assert "on or off" in room.admin("/setups toggle range_breakout")
    shown = room.tap("Switch off: Range breakout", "/setups")
    assert shown.replaces
    assert "Range breakout: off" in shown.html
    assert "Switch on: Range breakout" in data(shown)


def test_a_threshold_is_changed_after_a_question_within_its_bounds(room: AdminRoom) -> None:
    (question,) = room.say("/thresholds max_cost_r 0.2", BOSS)
    assert "opens a new record" in question.html
    assert room.log.controls().rules(Rules()) == Rules()
    room.press(data(question)["Set 0.2"], BOSS)
    assert str(room.log.controls().rules(Rules()).max_cost_r) == "0.2"
    assert "configured 0.25" in room.admin("/thresholds")
    for wrong in (
        "max_cost_r 2",
        "max_cost_r x",
        "hour_budget 2.5",
        "colour 1",
        "latency_s -1",
        "max_cost_r 1e-9",
    ):
        assert "allowed" in room.admin(f"/thresholds {wrong}")
    room.tap("Set 0.25", "/thresholds max_cost_r configured")
    assert room.log.controls().values == {}
    assert "nothing was changed" in room.press("setrule:max_cost_r:0.25", BOSS)[0].html


def test_publishing_is_held_after_a_question_and_released(room: AdminRoom) -> None:
    (question,) = room.say("/hold", BOSS)
    room.press(data(question)["Cancel"], BOSS)
    assert not room.log.controls().on_hold
    room.press(data(question)["Hold"], BOSS)
    assert room.log.controls().on_hold
    assert "ON HOLD" in room.admin("/admin")
    room.admin("/release")
    assert not room.log.controls().on_hold


def test_every_change_is_logged_and_can_be_taken_back(room: AdminRoom) -> None:
    assert "Nothing was changed yet" in room.admin("/audit")
    room.admin("/pairs remove layer")
    room.admin("/setups off range_breakout")
    audit = room.admin("/audit")
    assert re.search(rf"#2 2025-05-04 \d\d:\d\d UTC by {BOSS}: setup range_breakout", audit)
    (question,) = room.say("/undo_change 1", BOSS)
    assert f"pair {LAYER}: as configured -&gt; out\nIt will be as configured again" in question.html
    assert room.log.controls().is_pair_off(LAYER)
    room.press(data(question)["Take it back"], BOSS)
    assert not room.log.controls().is_pair_off(LAYER)
    assert room.log.controls().is_setup_off("range_breakout")
    room.tap("Take it back", "/undo_change")
    assert room.log.controls().is_pair_off(LAYER)  # the newest change was the undoing itself
    for wrong in ("99", "0", "x", "#"):
        assert "a number in /audit" in room.admin(f"/undo_change {wrong}")
    assert [change.who for change in room.log.newest(99)] == [BOSS] * 4


def test_nothing_can_be_taken_back_before_the_first_change(room: AdminRoom) -> None:
    assert "a number in /audit" in room.admin("/undo_change")


def test_a_change_that_was_changed_again_is_not_taken_back(room: AdminRoom) -> None:
    room.tap("Set 0.2", "/thresholds max_cost_r 0.2")
    (old,) = room.say("/undo_change 1", BOSS)
    room.tap("Set 0.1", "/thresholds max_cost_r 0.1")

    assert "whose effect still stands" in room.admin("/undo_change 1")
    assert "whose effect still stands" in room.press(data(old)["Take it back"], BOSS)[0].html
    assert str(room.log.controls().rules(Rules()).max_cost_r) == "0.1"


def test_the_buttons_of_the_overview_open_its_pages(room: AdminRoom) -> None:
    (overview,) = room.say("/admin", BOSS)
    pages = {
        label: room.press(said, BOSS)[0].html.split("\n")[0]
        for label, said in data(overview).items()
    }

    assert pages == {
        "Health": "OK",
        "Audit": "Nothing was changed yet.",
        "Roles": f"Owners (configured): <code>{BOSS}</code>",
        "Pairs": "Watched: 3 pairs",
        "Setups": "RSI-Stochastic reversal: on",
        "Thresholds": "max_cost_r <code>0.25</code> (above 0, at most 1)",
        "Hold": "Publish nothing until /release? Open alerts go on, matches are refused by name.",
    }
    assert "one of health" in room.press("adminpage:nonsense", BOSS)[0].html
    room.tap("Hold", "/hold")
    (overview,) = room.say("/admin", BOSS)
    assert "on hold: yes -&gt; no" in room.press(data(overview)["Release"], BOSS)[0].html


def test_nobody_can_rewrite_the_log(room: AdminRoom, engine: Engine) -> None:
    room.admin("/pairs remove layer")
    for statement in (
        "UPDATE control_change SET who = 1",
        "DELETE FROM control_change",
        "REPLACE INTO control_change (number, at, who, key) VALUES (1, 2, 3, 'hold')",
    ):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_health_is_told_in_its_first_line(room: AdminRoom) -> None:
    first, *others = room.admin("/health").split("\n")
    assert first == "OK"
    assert "ON HOLD" not in "".join(others)
    room.tap("Hold", "/hold")
    assert "Publishing is ON HOLD: /release ends that." in room.admin("/health")
