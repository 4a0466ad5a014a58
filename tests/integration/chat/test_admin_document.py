"""docs/admin.md names every command of admins, and its examples work."""

import re
from pathlib import Path

import pytest
from fakes.admin_room import AdminRoom
from fakes.chat_room import BOSS
from sqlalchemy import Engine

from signalbot.chat.dispatch import UNKNOWN
from signalbot.domain.refusal import RefusalCode
from signalbot.service.announce import LONGEST

TEXT = (Path(__file__).parents[3] / "docs" / "admin.md").read_text(encoding="utf-8")
EXAMPLES = [
    example
    for row in re.findall(r"^\| (`/.+?) \|", TEXT, re.M)
    for example in re.findall(r"`(/[^`]+)`", row)
]
WITH_AN_ID = ("/block", "/unblock", "/makeadmin", "/dropadmin")


@pytest.fixture
def room(engine: Engine) -> AdminRoom:
    room = AdminRoom(engine)
    for number in range(7):
        room.admin(f"/pairs {('remove', 'add')[number % 2]} layer")
    return room


def test_every_command_stands_there(room: AdminRoom) -> None:
    named = {example.split()[0].removeprefix("/") for example in EXAMPLES}

    assert named == {command.name for command in room.administration.commands}


@pytest.mark.parametrize("example", sorted(set(EXAMPLES)))
def test_every_example_works(room: AdminRoom, example: str) -> None:
    answers = room.say(f"{example} 123" if example in WITH_AN_ID else example, BOSS)

    assert answers
    assert all(each != UNKNOWN and "; allowed: " not in each.html for each in answers)


def test_its_refusals_and_bounds_are_those_of_the_program() -> None:
    for code in (RefusalCode.ON_HOLD, RefusalCode.SETUP_OFF, RefusalCode.PAIR_OFF):
        assert code.value in TEXT
    assert f"at most {LONGEST} characters" in TEXT
