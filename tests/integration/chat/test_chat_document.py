"""docs/chat.md names every command of a reader, and its examples work."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from fakes.chat_room import ANN, BOSS, ENDED_ALERT, OPEN_ALERT, ChatRoom
from sqlalchemy import Engine

from signalbot.chat.allowance import BURST, REFILL_MS
from signalbot.chat.ask import ChatKind
from signalbot.chat.command import Scope
from signalbot.chat.dispatch import UNKNOWN
from signalbot.domain.delivery import Shown
from signalbot.telegram.in_order import MOST_WAITING

TEXT = (Path(__file__).parents[3] / "docs" / "chat.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `/(.+?)` \| (private|everywhere) \|", TEXT, re.M)
HIDDEN = re.findall(r"`/(.+?)`", TEXT.partition("Not listed,")[2].partition("\n\n")[0])
REFUSED = re.compile(r"; allowed: |^That ")


@pytest.fixture
def room(engine: Engine) -> ChatRoom:
    room = ChatRoom(engine)
    room.join()
    room.told(ANN, Shown(qty=Decimal(295), on_paper=True))
    room.say(f"/took {OPEN_ALERT}")
    room.say(f"/fill {OPEN_ALERT} 1.0425")
    return room


def test_every_command_stands_there_with_where_it_works(room: ChatRoom) -> None:
    listed = {
        (each.name, "everywhere" if Scope.GROUP in each.scope else "private")
        for each in room.commands
        if not each.scope & (Scope.HIDDEN | Scope.ADMIN)
    }
    hidden = {each.name for each in room.commands if Scope.HIDDEN in each.scope}

    assert {(example.split()[0], place) for example, place in ROWS} == listed
    assert {example.split()[0] for example in HIDDEN} == hidden


@pytest.mark.parametrize("example", [example for example, _ in ROWS] + HIDDEN)
def test_every_example_works(room: ChatRoom, example: str) -> None:
    if example.startswith("unmute"):
        room.say("/mute layer")
    replies = room.say(f"/{example.replace('1184', str(OPEN_ALERT))}")

    assert replies
    assert all(reply != UNKNOWN and not REFUSED.search(reply.html) for reply in replies)


@pytest.mark.parametrize("example", [example for example, place in ROWS if place == "everywhere"])
def test_what_works_everywhere_works_in_a_group(room: ChatRoom, example: str) -> None:
    text = f"/{example.replace('1184', str(ENDED_ALERT))}"
    replies = room.say(text, BOSS, ChatKind.GROUP, is_group_admin=True)

    assert replies
    assert all("ask me in private" not in reply.html for reply in replies)
    assert room.people.get(BOSS) is None


def test_the_limits_are_those_in_force() -> None:
    assert f"* {BURST} questions at once, then one every {REFILL_MS / 1000} s" in TEXT
    assert f"* {MOST_WAITING} questions of one chat wait at most" in TEXT
