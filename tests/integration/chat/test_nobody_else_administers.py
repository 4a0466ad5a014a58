"""Whatever somebody who is no admin sends, nothing of the administration changes or answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.admin_room import AdminRoom
from fakes.chat_room import ANN, BAD, BOB, BOSS, data
from fakes.fuzz import hostile
from hypothesis import given
from hypothesis import strategies as st

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.dispatch import OLD_BUTTON, UNKNOWN
from signalbot.domain.subscriber import Role
from signalbot.storage.database import open_database
from signalbot.storage.schema import migrate

OUTSIDERS = (ANN, BOB, BAD, 105)
ARGUMENTS = st.sampled_from(
    "|hold|release|health|off range|on:range_breakout|off:range_breakout|add toy|remove toy"
    f"|max_cost_r 0.2|max_cost_r:0.2|1|#1|{ANN}|{BOB}|{BOSS}|We move".split("|")
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdminRoom]:
    """A room in which something is switched and somebody is blocked."""
    path: Path = tmp_path_factory.mktemp("outsiders") / "signalbot.db"
    migrate(path)
    with open_database(path) as engine:
        room = AdminRoom(engine)
        room.join(ANN)
        room.tap("Hold", "/hold")
        room.tap("Block", "/block 106")
        yield room


@pytest.fixture(scope="module")
def draft(room: AdminRoom) -> str:
    """What the button under a preview says."""
    return data(room.say("/announce We move", BOSS)[0])["Send to all"]


def state(room: AdminRoom) -> object:
    roles = [room.role_of(reader) for reader in (*OUTSIDERS, BOSS, 106)]
    return room.log.controls(), room.log.newest(99), roles, room.outbox.counts()


@given(st.data())
def test_no_sequence_of_words_and_buttons_changes_anything(
    room: AdminRoom, draft: str, data: st.DataObject
) -> None:
    before = state(room)
    names = st.sampled_from([each.name for each in room.administration.commands])
    verbs = st.sampled_from([each.verb for each in room.administration.presses])
    steps = data.draw(st.lists(st.tuples(st.booleans(), names, verbs, ARGUMENTS), max_size=8))
    for is_press, name, verb, argument in steps:
        room.now += 60_000
        kind = data.draw(st.sampled_from(ChatKind))
        who = data.draw(
            st.sampled_from([*OUTSIDERS, BOSS] if kind is ChatKind.GROUP else OUTSIDERS)
        )
        chat = who if kind is ChatKind.PRIVATE else -500
        asked = Ask(reader=who, chat=chat, text="", now=room.now, kind=kind, role=Role.OWNER)
        asked = replace(asked, is_group_admin=True)
        if is_press:
            said = data.draw(st.sampled_from([f"{verb}:{argument}", draft]))
            assert room.dispatcher.press(replace(asked, text=said)) in ((), (OLD_BUTTON,))
        else:
            answers = room.dispatcher.text(replace(asked, text=f"/{name} {argument}"))
            assert answers in ((), (UNKNOWN,))

    assert state(room) == before


def test_the_same_from_an_owner_does_change_something(room: AdminRoom) -> None:
    before = state(room)
    room.press("setupswitch:off:range_breakout", BOSS)

    assert state(room) != before


def test_hostile_chats_of_users_have_no_effect_of_an_admin(room: AdminRoom) -> None:
    before = room.log.newest(99)
    verbs = tuple(each.verb for each in room.administration.presses)
    for is_press, ask in hostile(7, 6_000, room.commands, room.now, verbs):
        if ask.reader in OUTSIDERS:
            (room.dispatcher.press if is_press else room.dispatcher.text)(ask)

    assert room.log.newest(99) == before
    assert [row for row in room.outbox.claim(10**14, 100) if row.html and "TEST" in row.html] == []


def test_a_command_of_admins_is_answered_as_one_that_does_not_exist(room: AdminRoom) -> None:
    for command in room.administration.commands:
        assert room.say(f"/{command.name}") == room.say("/nosuchthing") == [UNKNOWN]
    for press in room.administration.presses:
        assert room.press(f"{press.verb}:1") == room.press("nosuchthing:1") == [OLD_BUTTON]


def test_help_lists_nothing_of_the_administration(room: AdminRoom) -> None:
    for who in (ANN, BOSS):
        listed = room.text("/help", who)
        assert "/stats" in listed
        assert not any(f"/{each.name} " in listed for each in room.administration.commands)


def test_no_name_of_a_command_is_used_twice(room: AdminRoom) -> None:
    names = [command.name for command in room.commands]

    assert len(names) == len(set(names)) > 30
