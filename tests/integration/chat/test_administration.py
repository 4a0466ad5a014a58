"""How admins run the bot from their chat, on a real database."""

import re

import pytest
from fakes.chat_room import ANN, BAD, BINANCE_LIFE, BOB, BOSS, NOW, ChatRoom, data
from fakes.fuzz import hostile
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from signalbot.chat.administration import AdminDesk, Administration
from signalbot.chat.front_desk import front_desk
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Role
from signalbot.rendering.health_report import HealthReport
from signalbot.storage.alerts import SqlAlerts
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.outbox import SqlOutbox

LAYER = "LAYER/USDT:USDT"


class RoomHealth:
    """`service.admin_ports.Health` of a bot that is well."""

    def report(self, now: int) -> HealthReport:
        return HealthReport(
            now=now,
            started_at=NOW - 7_200_000,
            version="0.1.0",
            troubles=(),
            last_minute=now - 3_000,
            late_minutes=0,
            pairs=3,
            readers=2,
            database_bytes=3 * 2**20,
            open_alerts=1,
            outbox={"sent": 7, "resent": 0},
        )


class AdminRoom(ChatRoom):
    """A chat room with its administration."""

    def __init__(self, engine: Engine) -> None:
        self.log = SqlControlLog(engine)
        super().__init__(engine)
        desk = AdminDesk(
            log=self.log,
            people=self.people,
            health=RoomHealth(),
            outbox=SqlOutbox(engine),
            market=self.market,
            alerts=SqlAlerts(engine),
            base=Rules(),
            owners=[BOSS],
        )
        administration = Administration(desk)
        self.dispatcher, self.commands = front_desk(
            self.desk, self.role_of, administration.commands, administration.presses
        )

    def role_of(self, reader: int) -> Role:
        given = super().role_of(reader)
        return self.log.controls().role_of(reader) if given is Role.USER else given

    def admin(self, words: str, who: int = BOSS) -> str:
        return self.text(words, who)


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


def test_a_threshold_is_changed_after_a_question_within_its_bounds(room: AdminRoom) -> None:
    (question,) = room.say("/thresholds max_cost_r 0.2", BOSS)
    assert "opens a new record" in question.html
    assert room.log.controls().rules(Rules()) == Rules()
    room.press(data(question)["Set 0.2"], BOSS)
    assert str(room.log.controls().rules(Rules()).max_cost_r) == "0.2"
    assert "configured 0.25" in room.admin("/thresholds")
    for wrong in ("max_cost_r 2", "max_cost_r x", "hour_budget 2.5", "colour 1", "latency_s -1"):
        assert "allowed" in room.admin(f"/thresholds {wrong}")
    room.press("setrule:max_cost_r:0.25", BOSS)
    assert room.log.controls().values == {}


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
    room.admin("/undo_change 1")
    assert not room.log.controls().is_pair_off(LAYER)
    assert room.log.controls().is_setup_off("range_breakout")
    room.admin("/undo_change")
    assert room.log.controls().is_pair_off(LAYER)  # the newest change was the undoing itself
    assert "a number in /audit" in room.admin("/undo_change 99")
    assert len(room.log.newest(99)) == 4


def test_nobody_can_rewrite_the_log(room: AdminRoom, engine: Engine) -> None:
    room.admin("/pairs remove layer")
    for statement in ("UPDATE control_change SET who = 1", "DELETE FROM control_change"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_an_owner_makes_admins_and_an_admin_makes_none(room: AdminRoom) -> None:
    assert "/help" in room.admin("/pairs", ANN)
    room.admin(f"/makeadmin {ANN}")
    assert "Watched" in room.admin("/pairs", ANN)
    assert "an owner alone" in room.admin(f"/makeadmin {BOB}", ANN)
    assert "somebody who is no admin" in room.admin(f"/block {ANN}", ANN)
    assert "no owner" in room.admin(f"/block {BOSS}", ANN)
    assert str(ANN) in room.admin("/roles")
    room.admin(f"/dropadmin {ANN}")
    assert "/help" in room.admin("/pairs", ANN)


def test_who_is_blocked_stays_so_after_being_forgotten(room: AdminRoom) -> None:
    room.join(BOB)
    room.press("forget", BOB)
    room.admin(f"/block {BOB}")

    assert room.say("/start", BOB) == []
    room.admin(f"/unblock {BOB}")
    assert room.say("/start", BOB)
    assert "the number of a Telegram user" in room.admin("/block bob")


def test_who_is_blocked_is_sent_nothing_until_that_is_taken_back(room: AdminRoom) -> None:
    room.join(BOB)
    room.admin(f"/block {BOB}")
    reader = room.people.get(BOB)
    assert reader is not None
    assert reader.role is Role.BLOCKED
    room.admin("/undo_change")
    reader = room.people.get(BOB)
    assert reader is not None
    assert reader.role is Role.USER


def test_an_announcement_is_shown_first_and_goes_out_once(room: AdminRoom) -> None:
    room.join(ANN)
    room.places.put(Place(chat=-5, kind=PlaceKind.CHANNEL))
    (preview,) = room.say("/announce We move <soon> & fast", BOSS)
    assert "We move &lt;soon&gt; &amp; fast" in preview.html
    assert room.outbox.claim(room.now, 10) == []
    send = data(preview)["Send to all"]
    assert "On its way to 2 chats" in room.press(send, BOSS)[0].html
    room.press(send, BOSS)
    rows = room.outbox.claim(room.now, 10)
    assert sorted(row.chat for row in rows) == [-5, ANN]
    assert {row.html for row in rows} == {"We move &lt;soon&gt; &amp; fast"}
    assert "1 to 900 characters" in room.admin("/announce")
    assert "1 to 900 characters" in room.admin("/announce " + "x" * 901)
    assert "/announce" in room.press("announce:1", BOSS)[0].html


def test_a_test_alert_goes_to_who_asked_and_says_so(room: AdminRoom) -> None:
    assert "marked TEST" in room.admin("/testalert")
    (row,) = room.outbox.claim(room.now, 10)
    assert row.chat == BOSS
    assert row.html is not None
    assert row.html.startswith("TEST, not a new alert\n")


def test_health_is_told_in_its_first_line(room: AdminRoom) -> None:
    assert room.admin("/health").split("\n")[0] == "OK"


def test_whatever_a_user_sends_an_admin_effect_does_not_come_of_it(room: AdminRoom) -> None:
    room.join(ANN)
    verbs = ("setrule", "hold", "announce", "undochg", "cancel")
    mine = (ANN, BOB, BAD, 105)
    for is_press, ask in hostile(7, 6_000, room.commands, room.now, verbs):
        if ask.reader in mine:
            (room.dispatcher.press if is_press else room.dispatcher.text)(ask)

    assert room.log.newest(1) == []
    assert [row for row in room.outbox.claim(10**14, 100) if row.html and "TEST" in row.html] == []
