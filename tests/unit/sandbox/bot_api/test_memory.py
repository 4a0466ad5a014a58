"""The sandbox may run for days: what it remembers is bounded."""

import asyncio

import pytest
from fakes.sandbox_bot import NO_FLOOD, TOKEN, DrivenClock, new_telegram, png

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.chats import Standing
from signalbot.sandbox.bot_api.control import Control, admit
from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.files import Files
from signalbot.sandbox.bot_api.methods import perform
from signalbot.sandbox.bot_api.parameters import Parameters, Upload
from signalbot.sandbox.bot_api.telegram import Memory, Telegram


def _call(telegram: Telegram, method: str, **values: object) -> object:
    return asyncio.run(perform(telegram, method, Parameters(values, {})))


def test_old_messages_arrivals_and_updates_go_first() -> None:
    memory = Memory(messages_per_chat=3, arrivals=2, updates=2, queries=1)
    telegram = new_telegram(flood=NO_FLOOD, memory=memory)
    control = Control(telegram)
    ann = telegram.directory.add_person("Ann").id
    for number in range(5):
        control.say(ann, f"said {number}")
        keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]}
        _call(telegram, "sendmessage", chat_id=ann, text=str(number), reply_markup=keyboard)
    first, _ = control.press(ann), control.press(ann)
    assert [message.text.text for message in telegram.transcript(ann)] == ["3", "said 4", "4"]
    assert [arrival.text for arrival in telegram.outbox.since()] == ["3", "4"]
    assert [arrival.seq for arrival in telegram.outbox.since(4)] == [5]
    assert len(telegram.updates) == 2
    with pytest.raises(Refused, match="query is too old"):
        _call(telegram, "answercallbackquery", callback_query_id=first.id)


def test_the_files_sent_least_recently_go_first() -> None:
    size = len(png())
    files = Files(limit=2 * size + 1)
    first, second = (files.store("photo", Upload(name=n, content=png())) for n in "ab")
    files.find(first.file_id, "photo")
    files.store("photo", Upload(name="c", content=png()))
    assert files.find(first.file_id)
    with pytest.raises(Refused, match="wrong file identifier"):
        files.find(second.file_id)


def test_a_file_that_alone_is_too_large_for_the_memory_is_kept() -> None:
    files = Files(limit=1)
    stored = files.store("document", Upload(name="a", content=b"long"))
    assert files.content(files.find(stored.file_id)) == b"long"


def test_chats_are_limited_too() -> None:
    telegram = new_telegram()
    admit(telegram, 3)
    with pytest.raises(InputError, match="at most 50000 chats"):
        admit(telegram, 50_000)


def test_a_reset_sets_the_stage_again() -> None:
    telegram = new_telegram(stage=lambda empty: admit(empty, 1))
    (ann,) = telegram.directory
    Control(telegram).say(ann.id, "hello")
    telegram.directory.add_person("Bob")
    telegram.reset()
    assert [chat.title for chat in telegram.directory] == ["Reader 1"]
    assert len(telegram.transcript(ann.id)) == 0
    assert telegram.directory.chat(ann.id).standing is Standing.NORMAL


def test_time_never_runs_back() -> None:
    clock = DrivenClock()
    telegram = new_telegram(clock)
    first = telegram.now()
    clock.pass_time(-100)
    assert telegram.now() == first


@pytest.mark.parametrize("token", ["", "x", "1", "1:", ":abc", "1:ab c", "1:é" * 9])
def test_a_malformed_token_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(InputError) as caught:
        Telegram(token, DrivenClock())
    assert str(caught.value) == "token was '(not shown)'; allowed: digits, a colon and a secret"


def test_the_token_is_compared_whole() -> None:
    telegram = new_telegram()
    assert telegram.is_token(TOKEN)
    assert not telegram.is_token(TOKEN[:-1])
    assert not telegram.is_token("\ud800é")
