import logging
from dataclasses import replace

import pytest
from fakes.chat_room import ANN, BAD, BOB, BOSS, OPEN_ALERT, ChatRoom
from sqlalchemy import Engine

from signalbot.chat.ask import ChatKind
from signalbot.chat.command import Command, Press, Scope
from signalbot.chat.dispatch import BROKEN, BUSY, OLD_BUTTON, UNKNOWN
from signalbot.domain.place import PlaceKind
from signalbot.errors import UnavailableError
from signalbot.rendering.reply import Reply

GROUP = ChatKind.GROUP
DONE = Reply(html="done")


@pytest.fixture
def room(engine: Engine) -> ChatRoom:
    def fails(_: object) -> list[Reply]:
        raise ZeroDivisionError

    def is_busy(_: object) -> list[Reply]:
        raise UnavailableError("locked")

    commands = [
        Command(name="admin", summary="", run=lambda _: [DONE], scope=Scope.ADMIN),
        Command(name="fails", summary="", run=fails),
        Command(name="busy", summary="", run=is_busy),
    ]
    presses = [Press(verb="admin", run=lambda _: [DONE], scope=Scope.ADMIN)]
    return ChatRoom(engine, commands, presses)


def test_an_unknown_command_and_one_of_admins_get_the_same_answer(room: ChatRoom) -> None:
    assert room.say("/admin") == room.say("/nonsense") == [UNKNOWN]
    assert room.say("/admin", BOSS) == [DONE]
    assert room.press("admin:1") == room.press("nonsense:1") == [OLD_BUTTON]
    assert room.press("admin:1", BOSS) == [DONE]


def test_an_admin_is_one_in_private_only(room: ChatRoom) -> None:
    assert room.say("/admin", BOSS, GROUP) == []
    assert room.press("admin:1", BOSS, GROUP) == [OLD_BUTTON]


def test_who_is_blocked_gets_silence(room: ChatRoom) -> None:
    assert room.say("/start", BAD) == []
    assert room.press("learn:size", BAD) == []
    assert room.people.get(BAD) is None


def test_a_group_gets_public_answers_only(room: ChatRoom) -> None:
    (stats,) = room.say("/stats", kind=GROUP)
    assert "all alerts: 2" in stats.html
    (private,) = room.say("/settings", kind=GROUP)
    assert "ask me in private" in private.html
    assert room.say("hello", kind=GROUP) == []
    assert room.say("/nonsense", kind=GROUP) == []
    assert room.say("/stats", kind=ChatKind.CHANNEL) == []


def test_a_command_for_another_bot_is_not_answered(room: ChatRoom) -> None:
    assert room.say("/stats@other_bot", kind=GROUP) == []
    assert len(room.say("/stats@Honest_Bot", kind=GROUP)) == 1


def test_only_an_admin_of_a_group_may_subscribe_it(room: ChatRoom) -> None:
    (refused,) = room.say("/subscribe", kind=GROUP)
    assert "Only an admin" in refused.html
    assert room.places.all() == []
    room.say("/subscribe", kind=GROUP, is_group_admin=True, thread=7, title="Scalpers")
    (place,) = room.places.all()
    assert (place.chat, place.kind, place.thread, place.title) == (
        -500,
        PlaceKind.GROUP,
        7,
        "Scalpers",
    )
    room.say("/unsubscribe", kind=GROUP, is_group_admin=True)
    assert room.places.all() == []
    assert room.people.get(ANN) is None


def test_a_mistake_of_ours_is_no_traceback_in_the_chat(
    room: ChatRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    assert room.say("/fails secret words") == [BROKEN]
    assert "ZeroDivisionError" in caplog.text
    assert "secret words" not in caplog.text


def test_a_busy_database_is_told_as_such(room: ChatRoom) -> None:
    assert room.say("/busy") == [BUSY]


def test_whoever_asks_too_often_is_told_once(room: ChatRoom) -> None:
    def ask_at_once() -> list[Reply]:
        room.now -= 60_000
        return room.say("/btc")

    answers = [ask_at_once() for _ in range(40)]

    assert sum("That was quick" in reply.html for replies in answers for reply in replies) == 1
    assert answers[-1] == []
    assert len(room.say("/btc", BOB)) == 1
    room.now += 120_000
    assert "BTC" in room.text("/btc")


def test_too_many_presses_get_a_toast_each(room: ChatRoom) -> None:
    replies: list[Reply] = []
    for _ in range(40):
        room.now -= 60_000
        replies += room.press(f"why:{OPEN_ALERT}")

    assert replies[-1].toast
    assert replies[-1].html == ""


def test_a_huge_text_is_cut_before_it_is_looked_at(room: ChatRoom) -> None:
    (reply,) = room.say("/claim " + "9" * 100_000)

    assert len(reply.html) < 300


def test_every_listed_command_has_a_summary_that_fits(room: ChatRoom) -> None:
    listed = [each for each in room.commands if each.name not in ("admin", "fails", "busy")]

    assert all(1 <= len(each.summary) <= 256 for each in listed)
    assert len({each.name for each in listed}) == len(listed)
    assert all(each.name.isascii() and each.name.islower() for each in listed)


def test_a_reply_is_a_value() -> None:
    assert replace(DONE, html="x").html == "x"
