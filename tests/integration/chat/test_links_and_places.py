"""What a link may do, and what may be read where: links and buttons can be made by anybody."""

import logging

import pytest
from fakes.chat_room import ANN, BOB, BOSS, OPEN_ALERT, ChatRoom, data
from sqlalchemy import Engine

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.command import Command, Press, Scope
from signalbot.chat.dispatch import BROKEN, BUSY, OLD_BUTTON, UNKNOWN
from signalbot.chat.front_desk import front_desk
from signalbot.domain.subscriber import Role, Subscriber
from signalbot.errors import UnavailableError
from signalbot.record.entries import Draft, EntryType
from signalbot.rendering.consent_texts import FORGET_AGAIN, FORGET_LABEL
from signalbot.rendering.onboarding_texts import STRANGER
from signalbot.rendering.reply import Reply


@pytest.fixture
def room(engine: Engine) -> ChatRoom:
    def fails(ask: Ask) -> list[Reply]:
        raise ValueError(f"invalid literal: {ask.text}")

    done = [Reply(html="done")]
    commands = [
        Command(name="fails", summary="", run=fails),
        Command(name="admin", summary="", run=lambda _: done, scope=Scope.ADMIN),
    ]
    return ChatRoom(engine, commands, [Press(verb="admin", run=lambda _: done, scope=Scope.ADMIN)])


def ann(room: ChatRoom) -> Subscriber:
    found = room.people.get(ANN)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "payload", [f"size_{OPEN_ALERT}", "liq", "unsubscribe", "forgetme", "paper", "took", "settings"]
)
def test_a_link_changes_nothing_of_a_reader_who_is_known(room: ChatRoom, payload: str) -> None:
    room.join()
    room.say("/unsubscribe")
    before = ann(room)
    room.say(f"/start {payload}")

    assert ann(room) == before
    assert not room.journal.entries(ANN)


def test_a_personal_command_in_a_group_leads_to_itself_in_private(room: ChatRoom) -> None:
    room.join()
    (there,) = room.say("/liq layer long 1.042 295 3x", kind=ChatKind.GROUP)
    assert 'href="https://t.me/honest_bot?start=liq"' in there.html

    assert room.text("/start liq") == "/liq · Where it ends: /liq layer long 1.042 295 3x"


@pytest.mark.parametrize("payload", ["admin", "nonsense", "size_x", "size_" + "9" * 40])
def test_a_link_to_nothing_begins_anew(room: ChatRoom, payload: str) -> None:
    room.join()

    assert len(room.say(f"/start {payload}")) == 2


def test_a_link_to_an_alert_that_is_none_is_refused(room: ChatRoom) -> None:
    room.join()

    assert "the number of an alert" in room.text("/start size_99999")


def test_buttons_of_public_answers_work_in_a_group(room: ChatRoom) -> None:
    for question in (f"/alert {OPEN_ALERT}", "/stats", "/learn"):
        (answer,) = room.say(question, kind=ChatKind.GROUP)
        for pressed in data(answer).values():
            assert room.press(pressed, kind=ChatKind.GROUP) != [OLD_BUTTON]


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
def test_a_personal_button_shows_and_changes_nothing_where_others_read(
    room: ChatRoom, kind: ChatKind
) -> None:
    room.join()
    before = ann(room)

    for pressed in (f"size:{OPEN_ALERT}", f"took:{OPEN_ALERT}", "set:venue", "forget", "pause:8h"):
        assert room.press(pressed, kind=kind) == [OLD_BUTTON]
    assert ann(room) == before
    assert not room.journal.entries(ANN)


def test_a_private_answer_goes_to_no_chat_but_the_readers_own(room: ChatRoom) -> None:
    room.join()
    elsewhere = Ask(reader=ANN, chat=BOB, text="/settings", now=room.now)

    assert room.dispatcher.text(elsewhere) == (UNKNOWN,)
    assert room.press("admin:1", BOSS, ChatKind.CHANNEL) == [OLD_BUTTON]


@pytest.mark.parametrize(
    "text", ["/settings", "/subscribe", "/pause 8h", "/account 500", "/mute layer", "/review"]
)
def test_a_stranger_is_told_to_begin_and_no_number(room: ChatRoom, text: str) -> None:
    assert room.text(text) == STRANGER


def test_an_old_button_after_being_forgotten_leads_to_the_beginning(room: ChatRoom) -> None:
    assert room.press("answer:equity:500") == [Reply(html=STRANGER)]
    assert room.people.get(ANN) is None


def test_what_an_error_says_gets_into_no_log(
    room: ChatRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    assert room.say("/fails my secret words") == [BROKEN]
    assert "ValueError at dispatch.py:" in caplog.text
    assert "secret" not in caplog.text


def test_rights_that_cannot_be_looked_up_give_an_answer_too(engine: Engine) -> None:
    def is_busy(_: int) -> Role:
        raise UnavailableError("locked")

    dispatcher, _ = front_desk(ChatRoom(engine).desk, is_busy)
    ask = Ask(reader=ANN, chat=ANN, text="/stats", now=1)

    assert dispatcher.text(ask) == dispatcher.press(ask) == (BUSY,)


def test_deleting_that_was_cut_off_says_so_and_can_be_repeated(
    room: ChatRoom, engine: Engine
) -> None:
    room.join()
    with engine.connect() as reading:  # a reader of the file, behind which traces would stay
        reading.exec_driver_sql("SELECT count(*) FROM ledger").all()
        (unfinished,) = room.press("forget")
    assert unfinished.html == FORGET_AGAIN

    (finished,) = room.press(data(unfinished)[FORGET_LABEL])
    assert finished.html.startswith("Deleted")
    assert room.people.get(ANN) is None


def test_what_is_dear_is_made_once_until_the_record_has_grown(room: ChatRoom) -> None:
    def files() -> list[bytes]:
        drawn, exported = room.press("pictures")[0].pictures, room.say("/export")[0].documents
        return [each.content for each in (*drawn, *exported)]

    before = files()
    assert all(a is b for a, b in zip(before, files(), strict=True))
    change = {"setup": "range_breakout", "version": "1", "state": "losing"}
    room.ledger.append([Draft(type=EntryType.RULES, ts=room.now, body={"setup_state": change})])

    assert not any(a is b for a, b in zip(before, files(), strict=True))
