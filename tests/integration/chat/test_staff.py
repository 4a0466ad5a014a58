"""Who runs the bot, who is kept out, and what everybody is told, on a real database."""

import pytest
from fakes.admin_room import AdminRoom
from fakes.chat_room import ANN, BOB, BOSS, data
from sqlalchemy import Engine

from signalbot.chat.dispatch import OLD_BUTTON, UNKNOWN
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Role


@pytest.fixture
def room(engine: Engine) -> AdminRoom:
    return AdminRoom(engine)


def appointed(room: AdminRoom, reader: int) -> None:
    room.tap("Make an admin", f"/makeadmin {reader}")


def test_an_owner_makes_and_drops_admins_after_a_question(room: AdminRoom) -> None:
    (question,) = room.say(f"/makeadmin {ANN}", BOSS)
    assert "as you do" in question.html
    room.press(data(question)["Cancel"], BOSS)
    assert room.say("/pairs", ANN) == [UNKNOWN]
    appointed(room, ANN)
    assert "Watched" in room.admin("/pairs", ANN)
    assert f"Admins: <code>{ANN}</code>" in room.admin("/roles")
    room.tap("Take it away", f"/dropadmin {ANN}")
    assert room.say("/pairs", ANN) == [UNKNOWN]


def test_an_admin_names_none_and_removes_none_by_whatever_way(room: AdminRoom) -> None:
    for admin in (ANN, BOB):
        appointed(room, admin)
    room.tap("Take it away", f"/dropadmin {BOB}")
    roles = {reader: room.role_of(reader) for reader in (ANN, BOB, BOSS)}

    assert room.say(f"/makeadmin {BOB}", ANN) == [UNKNOWN]
    assert room.say(f"/dropadmin {BOB}", ANN) == [UNKNOWN]
    for button in (f"makeadmin:{BOB}", f"dropadmin:{ANN}"):
        assert room.press(button, ANN) == [OLD_BUTTON]
    for number in (1, 2, 3):
        assert "roles have commands of their own" in room.admin(f"/undo_change {number}", ANN)
        assert "roles have commands" in room.press(f"undochg:{number}", ANN)[0].html
    assert "is so already" in room.admin(f"/unblock {ANN}", ANN)
    assert "is so already" in room.press(f"dropadmin:{BOB}", BOSS)[0].html
    for reader in (ANN, BOSS):
        assert "somebody else" in room.press(f"block:{BOSS}", ANN)[0].html
        assert "/dropadmin comes first" in room.press(f"block:{ANN}", reader)[0].html
    assert {reader: room.role_of(reader) for reader in roles} == roles


def test_the_buttons_of_an_admin_do_nothing_once_the_role_is_gone(room: AdminRoom) -> None:
    appointed(room, ANN)
    (question,) = room.say("/hold", ANN)
    room.tap("Take it away", f"/dropadmin {ANN}")

    assert room.press(data(question)["Hold"], ANN) == [OLD_BUTTON]
    assert not room.log.controls().on_hold


def test_nobody_changes_an_owner(room: AdminRoom) -> None:
    for verb in ("block", "makeadmin", "dropadmin"):
        assert "owners are configured" in room.press(f"{verb}:{BOSS}", BOSS)[0].html
    assert "owners are configured" in room.admin(f"/unblock {BOSS}")
    assert room.log.newest(1) == []


def test_who_is_blocked_stays_so_after_being_forgotten(room: AdminRoom) -> None:
    room.join(BOB)
    room.press("forget", BOB)
    room.tap("Block", f"/block {BOB}")

    assert room.say("/start", BOB) == []
    assert "/unblock comes first" in room.press(f"makeadmin:{BOB}", BOSS)[0].html
    room.admin(f"/unblock {BOB}")
    assert room.say("/start", BOB)
    for wrong in ("bob", "", "-5", "0", "9" * 16, "²"):
        assert "allowed" in room.admin(f"/block {wrong}")


def test_a_block_reaches_what_is_sent_even_if_it_was_cut_off_before(room: AdminRoom) -> None:
    room.join(BOB)
    before = room.people.get(BOB)
    assert before is not None
    room.tap("Block", f"/block {BOB}")
    room.people.put(before)  # as after a crash between the log and the reader

    room.tap("Block", f"/block {BOB}")

    reader = room.people.get(BOB)
    assert reader is not None
    assert reader.role is Role.BLOCKED
    assert len(room.log.newest(9)) == 1
    room.admin(f"/unblock {BOB}")
    assert room.people.get(BOB) == before


def test_an_announcement_is_shown_first_goes_out_once_and_is_logged(room: AdminRoom) -> None:
    room.join(ANN)
    room.places.put(Place(chat=-5, kind=PlaceKind.CHANNEL))
    (preview,) = room.say("/announce We move <soon>\x00 & fast", BOSS)
    assert "We move &lt;soon&gt; &amp; fast" in preview.html
    assert room.outbox.claim(room.now, 10) == []
    send = data(preview)["Send to all"]
    assert "On its way to 2 chats" in room.press(send, BOSS)[0].html
    room.press(send, BOSS)
    rows = room.outbox.claim(room.now, 10)
    assert sorted(row.chat for row in rows) == [-5, ANN]
    said = "<b>From the operator of this bot</b>\n\nWe move &lt;soon&gt; &amp; fast"
    assert {row.html for row in rows} == {said}
    assert room.admin("/audit").count("not sent -&gt; 2 chats") == 1
    assert "what was told is told" in room.admin("/undo_change 1")


def test_an_announcement_has_bounds_and_belongs_to_who_wrote_it(room: AdminRoom) -> None:
    for wrong in ("", "x" * 901, "\x00\x07"):
        assert "1 to 900 characters" in room.admin(f"/announce {wrong}")
    appointed(room, ANN)
    (preview,) = room.say("/announce " + "&" * 900, BOSS)
    assert "a new one: /announce" in room.press(data(preview)["Send to all"], ANN)[0].html
    assert "a new one: /announce" in room.press("announce:1", BOSS)[0].html


def test_a_test_alert_goes_to_who_asked_and_says_so(room: AdminRoom) -> None:
    assert "marked TEST" in room.admin("/testalert")
    (row,) = room.outbox.claim(room.now, 10)
    assert row.chat == BOSS
    assert row.html is not None
    assert row.html.startswith("TEST, not a new alert: #4 once more\n")
