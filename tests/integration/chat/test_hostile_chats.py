"""Whatever a chat brings: an answer or silence by rule, never a mistake of ours or foreign data."""

import logging
import os
import re
from decimal import Decimal

import pytest
from fakes.chat_room import ANN, BOB, OPEN_ALERT, ChatRoom
from fakes.fuzz import hostile
from sqlalchemy import Engine

from signalbot.chat.dispatch import BROKEN
from signalbot.domain.delivery import Shown
from signalbot.rendering.reply import MOST_DATA_BYTES, Reply

COUNT = int(os.environ.get("HOSTILE_QUESTIONS", "2500"))
CAROL, MARK = 900_001, "123456.78"
TAGS = re.compile(r"</?(?:b|i|u|s|code|pre|a|blockquote)(?: [^<>]*)?>")


def check(reply: Reply) -> None:
    plain = TAGS.sub("", reply.html)
    assert "<" not in plain
    assert ">" not in plain
    assert len(plain.encode("utf-16-le", "surrogatepass")) // 2 <= 4096
    assert "Traceback" not in reply.html
    for button in (each for row in reply.keyboard for each in row):
        assert 0 < len(button.label) <= 64
        assert button.data is None or 0 < len(button.data.encode()) <= MOST_DATA_BYTES


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_questions_break_nothing_and_see_nothing_of_others(
    engine: Engine, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    room = ChatRoom(engine)
    room.join(CAROL, MARK)
    room.told(CAROL, Shown(qty=Decimal("4242.4242"), on_paper=False))
    room.press(f"took:{OPEN_ALERT}", CAROL)
    room.say(f"/fill {OPEN_ALERT} 1.0431 777.7", CAROL)
    hers = room.people.get(CAROL), room.journal.entries(CAROL)
    head = room.ledger.head
    for reader in (ANN, BOB):
        room.join(reader)
    answered = 0
    for is_press, ask in hostile(seed, COUNT, room.commands, room.now):
        replies = (room.dispatcher.press if is_press else room.dispatcher.text)(ask)
        answered += bool(replies)
        for reply in replies:
            check(reply)
            assert reply != BROKEN, ask
            assert not any(mark in reply.html for mark in (MARK, "123,456.78", "4242", "777.7"))

    assert answered > COUNT / 3
    assert (room.people.get(CAROL), room.journal.entries(CAROL)) == hers
    assert room.ledger.head == head
    assert caplog.text == ""
