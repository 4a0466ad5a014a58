"""Which updates ask something: built as Telegram sends them, hostile ones too."""

import random
from typing import Any

import pytest
from telegram import CallbackQuery, Update

from signalbot.chat.ask import Ask, ChatKind
from signalbot.telegram.asking import LONGEST, member_of, press_of, text_of

NOW = 1_746_369_120_000
ANN = {"id": 101, "is_bot": False, "first_name": "Ann"}
OTHER_BOT = {"id": 555, "is_bot": True, "first_name": "Other"}
PRIVATE = {"id": 101, "type": "private", "first_name": "Ann"}
GROUP = {"id": -500, "type": "supergroup", "title": "Scalpers"}
CHANNEL = {"id": -700, "type": "channel", "title": "News"}


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1, "chat": PRIVATE, "from": ANN, "text": "/btc"} | fields


def update(**fields: Any) -> Update:
    made = Update.de_json({"update_id": 1, **fields}, None)
    assert made is not None
    return made


def query(**fields: Any) -> CallbackQuery:
    given = {"id": "1", "from": ANN, "chat_instance": "1", "message": message(), "data": "size:2"}
    found = update(callback_query=given | fields).callback_query
    assert found is not None
    return found


def asked(**fields: Any) -> Ask | None:
    return text_of(update(message=message(**fields)), NOW)


def test_a_message_asks_with_who_where_and_when() -> None:
    assert asked() == Ask(reader=101, chat=101, text="/btc", now=NOW)
    topic = asked(chat=GROUP, message_thread_id=9, is_topic_message=True)
    assert topic == Ask(
        reader=101,
        chat=-500,
        text="/btc",
        now=NOW,
        kind=ChatKind.GROUP,
        thread=9,
        title="Scalpers",
    )


def test_a_thread_that_is_no_topic_is_none() -> None:
    reply = asked(chat=GROUP, message_thread_id=9)

    assert reply is not None
    assert reply.thread is None


def test_a_huge_text_is_cut() -> None:
    huge = asked(text="x" * 4_096)

    assert huge is not None
    assert len(huge.text) == LONGEST


@pytest.mark.parametrize(
    "fields",
    [
        {"edited_message": message()},
        {"channel_post": message(chat=CHANNEL)},
        {"message": message(**{"from": OTHER_BOT})},
        {"message": message(text=None, sticker=None)},
        {"message": message(**{"from": None})},
        {"message": message(chat=GROUP, sender_chat=CHANNEL)},
        {"message": message(sender_chat=CHANNEL)},
        {"message": message(chat={"id": 1, "type": "sender"})},
        {},
    ],
)
def test_what_asks_nothing(fields: dict[str, Any]) -> None:
    assert text_of(update(**fields), NOW) is None


def test_who_writes_in_the_name_of_the_group_runs_it() -> None:
    nameless = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
    ask = asked(chat=GROUP, sender_chat=GROUP, **{"from": nameless})

    assert ask is not None
    assert ask.is_group_admin
    assert ask.chat == -500


def test_a_press_is_of_who_presses_and_not_of_who_wrote() -> None:
    bob = {"id": 102, "is_bot": False, "first_name": "Bob"}
    ask = press_of(query(**{"from": bob, "message": message(chat=GROUP)}), NOW)

    assert ask is not None
    assert (ask.reader, ask.chat, ask.text, ask.is_group_admin) == (102, -500, "size:2", False)


@pytest.mark.parametrize(
    "fields",
    [
        {"message": None},
        {"data": None, "game_short_name": "x"},
        {"from": OTHER_BOT},
    ],
)
def test_a_press_that_asks_nothing(fields: dict[str, Any]) -> None:
    assert press_of(query(**fields), NOW) is None


def test_a_button_under_a_message_that_telegram_has_dropped_still_asks() -> None:
    ask = press_of(query(message={"message_id": 7, "date": 0, "chat": PRIVATE}), NOW)

    assert ask == Ask(reader=101, chat=101, text="size:2", now=NOW)


def test_who_changed_the_standing_is_told_without_words() -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "signalbot"}
    changed = update(
        my_chat_member={
            "chat": GROUP,
            "from": ANN,
            "date": 1,
            "old_chat_member": {"user": bot, "status": "left"},
            "new_chat_member": {"user": bot, "status": "member"},
        }
    ).my_chat_member
    assert changed is not None

    ask = member_of(changed, NOW)
    assert ask == Ask(
        reader=101, chat=-500, text="", now=NOW, kind=ChatKind.GROUP, title="Scalpers"
    )


def test_thousands_of_drawn_updates_ask_something_or_nothing() -> None:
    rng = random.Random(5)  # noqa: S311 - a seed, not a secret
    texts = [None, "", "/stats", "\x00", "💥" * 2_000, "/size 币安人生 1 2", "<b>", "\u202e/start"]
    chats = [PRIVATE, GROUP, CHANNEL, {"id": 0, "type": "group"}, {"id": 2**52, "type": "odd"}]
    people = [ANN, OTHER_BOT, None, {"id": -1, "is_bot": False, "first_name": ""}]
    kinds = ["message", "edited_message", "channel_post", "edited_channel_post"]
    asks = 0
    for _ in range(5_000):
        given = message(
            text=rng.choice(texts),
            chat=rng.choice(chats),
            sender_chat=rng.choice([None, None, CHANNEL, GROUP]),
            message_thread_id=rng.choice([None, 1, 2**40]),
            is_topic_message=rng.choice([None, True, False]),
            **{"from": rng.choice(people)},
        )
        ask = text_of(update(**{rng.choice(kinds): given}), NOW)
        if ask is not None:
            asks += 1
            assert given["from"] is not None
            assert ask.reader == given["from"]["id"]
            assert len(ask.text) <= LONGEST
    assert 100 < asks < 2_000
