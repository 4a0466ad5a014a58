"""The control calls under /sim, as a test in another process makes them, and who may not."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from fakes.sandbox_bot import TOKEN, Sandbox, png, sandbox
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError

MODULE = (sys.executable, "-m", "signalbot.sandbox.bot_api")


class Hands:
    """Makes control calls."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def do(self, name: str, /, **order: Any) -> tuple[int, Any]:
        return await self.send(name, json.dumps(order), {"Content-Type": "application/json"})

    async def send(self, name: str, body: str, headers: Mapping[str, str]) -> tuple[int, Any]:
        url = f"{self.url}/sim/{name}"
        async with self.session.post(url, data=body, headers=headers) as response:
            return response.status, await response.json()

    async def see(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(f"{self.url}/sim/{path}", headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())


def _run(act) -> None:
    async def run() -> None:
        async with sandbox() as box, aiohttp.ClientSession() as session:
            await act(box, Hands(session, box.server.url))

    asyncio.run(run())


def test_a_story_from_the_first_person_to_the_outbox() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        _, added = await hands.do("person", first_name="Ann", username="ann_1")
        ann = added["result"]["id"]
        await hands.do("command", user_id=ann, command="start x")
        assert (await box.bot.get_updates())[0].message.text == "/start x"
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="g")]])
        await box.bot.send_message(ann, "hello", reply_markup=keyboard)
        _, pressed = await hands.do("callback", user_id=ann, label="Go")
        query_id = pressed["result"]["query_id"]
        await box.bot.answer_callback_query(query_id, "Noted")
        _, answered = await hands.see(f"query/{query_id}?timeout=5")
        assert (answered["is_answered"], answered["text"]) == (True, "Noted")
        _, outbox = await hands.see("outbox?since=0")
        assert [arrival["text"] for arrival in outbox["arrivals"]] == ["hello"]
        assert (await hands.see("outbox?since=1"))[1] == {"arrivals": []}
        _, chat = await hands.see(f"chat/{ann}")
        assert [message["text"] for message in chat["messages"]] == ["/start x", "hello"]

    _run(act)


def test_chats_and_their_states_are_changed() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        ann = box.reader().id
        _, made = await hands.do("group", type="group", title="Desk", members=[ann])
        group = made["result"]["id"]
        forum = {"type": "supergroup", "title": "Forum", "members": [ann], "topics": {"7": "News"}}
        _, made = await hands.do("group", **forum)
        await hands.do("message", user_id=ann, chat_id=made["result"]["id"], text="x", thread_id=7)
        bob = box.reader("Bob").id
        await hands.do("join", user_id=bob, chat_id=group)
        _, said = await hands.do("message", user_id=bob, chat_id=group, text="x")
        edit = {"user_id": bob, "chat_id": group, "message_id": said["result"]["message_id"]}
        assert (await hands.do("edit", **edit, text="y"))[1]["result"]["text"] == "y"
        standings = []
        for name in ("kick", "bring_back"):
            await hands.do(name, user_id=bob, chat_id=group)
            standings.append((await hands.see(f"chat/{group}"))[1]["chat"]["standing"])
        for name in ("block", "unblock", "deactivate"):
            await hands.do(name, user_id=ann)
            standings.append((await hands.see(f"chat/{ann}"))[1]["chat"]["standing"])
        assert standings == ["kicked", "normal", "blocked", "normal", "deactivated"]
        _, moved = await hands.do("migrate", chat_id=group)
        _, old = await hands.see(f"chat/{group}")
        assert old["chat"]["migrated_to"] == moved["result"]["id"]

    _run(act)


def test_faults_and_latency_are_set_and_lifted() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        rule = {"kind": "reply", "method": "getMe", "status": 500, "delay_s": 1, "times": 2}
        assert (await hands.do("fault", **rule))[0] == 200
        with pytest.raises(NetworkError):
            await box.bot.get_me()
        _, listed = await hands.see("faults")
        assert (listed["faults"][0]["strikes"], listed["faults"][0]["status"]) == (1, 500)
        await hands.do("lift_faults")
        await hands.do("latency", latency_s=0.01)
        await box.bot.get_me()
        assert box.server.answering.latency_s == 0.01
        await hands.do("reset")
        assert (await hands.see("chats"))[1]["chats"] == []

    _run(act)


def test_calls_are_counted_whatever_became_of_them() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        ann = box.reader()
        await box.bot.send_message(ann.id, "x")
        with pytest.raises(BadRequest):
            await box.bot.send_message(7, "x")
        await hands.do("fault", kind="drop", method="sendMessage", times=1)
        with pytest.raises(NetworkError):
            await box.bot.send_message(ann.id, "x")
        counted = (await hands.see("calls"))[1]["calls"]
        assert counted == [
            {"method": "getme", "status": 200, "count": 1},
            {"method": "sendmessage", "status": 0, "count": 1},
            {"method": "sendmessage", "status": 200, "count": 1},
            {"method": "sendmessage", "status": 400, "count": 1},
        ]

    _run(act)


def test_a_reader_of_changes_is_woken_by_one() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        _, chats = await hands.see("chats")
        waiting = asyncio.create_task(hands.see(f"changes?since={chats['revision']}&timeout=20"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        ann = box.reader()
        _, changes = await waiting
        assert [chat["id"] for chat in changes["chats"]] == [ann.id]
        assert changes["chats"][0]["last"]["text"] == "/start"

    _run(act)


@pytest.mark.parametrize(
    ("name", "order", "field"),
    [
        ("message", {"user_id": 1001}, "text"),
        ("message", {"user_id": 1001, "text": 5}, "text"),
        ("message", {"user_id": 1001, "text": " "}, "text"),
        ("message", {"user_id": 1001, "text": "\ud800"}, "text"),
        ("message", {"user_id": "1001", "text": "x"}, "user_id"),
        ("message", {"user_id": True, "text": "x"}, "user_id"),
        ("message", {"user_id": 7, "text": "x"}, "user_id"),
        ("message", {"user_id": 1001, "text": "x", "chat_id": 3}, "chat_id"),
        ("message", {"user_id": 1001, "text": "x", "thread_id": 3}, "thread_id"),
        ("callback", {"user_id": 1001, "label": "no such"}, "button"),
        ("callback", {"user_id": 1001, "message_id": 77}, "message_id"),
        ("person", {"first_name": ""}, "first_name"),
        ("person", {"first_name": "x", "user_id": 1001}, "user_id"),
        ("person", {"first_name": "x", "username": "<b>"}, "username"),
        ("group", {"type": "private", "title": "x"}, "kind"),
        ("group", {"type": "club", "title": "x"}, "type"),
        ("group", {"type": "group", "title": "x", "members": ["a"]}, "members"),
        ("group", {"type": "group", "title": "x", "topics": {"1": "a"}}, "topics"),
        ("group", {"type": "supergroup", "title": "x", "topics": {"a": "a"}}, "topics"),
        ("fault", {"kind": "meteor"}, "kind"),
        ("fault", {"kind": "drop", "probability": 2}, "probability"),
        ("fault", {"kind": "drop", "probability": float("nan")}, "probability"),
        ("fault", {"kind": "drop", "moon": 2}, "fault"),
        ("fault", {"kind": "stall", "delay_s": 1e9}, "delay_s"),
        ("fault", {"kind": "reply", "status": 99}, "status"),
        ("fault", {"kind": "reply", "content_type": "a\r\nb"}, "content_type"),
        ("fault", {"kind": "drop", "seed": -1}, "seed"),
        ("latency", {"latency_s": -1}, "latency_s"),
        ("refuse", {"seconds": 1e9}, "seconds"),
        ("kick", {"user_id": 1001, "chat_id": 1001}, "chat_id"),
        ("join", {"user_id": 1001, "chat_id": 1001}, "chat_id"),
        ("migrate", {"chat_id": 1001}, "chat_id"),
        ("edit", {"user_id": 1001, "chat_id": 1001, "message_id": 9, "text": "x"}, "message_id"),
    ],
)
def test_a_wrong_order_names_its_field(name: str, order: dict[str, Any], field: str) -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        assert box.reader().id == 1001
        status, body = await hands.do(name, **order)
        assert (status, body["field"]) == (400, field)

    _run(act)


@pytest.mark.parametrize(
    "path",
    ["chat/7", "chat/x", "chat/1001?limit=x", "query/5", "outbox?since=-1", "changes?since=9e9"],
)
def test_a_wrong_question_is_answered_with_400(path: str) -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        box.reader()
        assert (await hands.see(path))[0] == 400

    _run(act)


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        JSON | {"Origin": "http://evil.example"},
        JSON | {"Origin": "null"},
        JSON | {"Sec-Fetch-Site": "cross-site"},
        JSON | {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_another_site_in_the_same_browser_cannot_act(headers: dict[str, str]) -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        ann = box.reader()
        order = json.dumps({"user_id": ann.id, "text": "x"})
        assert (await hands.send("message", order, headers))[0] == 400
        own = JSON | {"Origin": hands.url, "Sec-Fetch-Site": "same-origin"}
        assert (await hands.send("message", order, own))[0] == 200
        assert len(box.telegram.transcript(ann.id)) == 2

    _run(act)


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 100_000, "\xff"])
def test_a_body_that_is_no_order_is_refused(body: str) -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        assert (await hands.send("message", body, JSON))[0] == 400

    _run(act)


def test_a_name_that_was_rebound_to_this_machine_sees_nothing() -> None:
    async def act(box: Sandbox, hands: Hands) -> None:
        assert (await hands.see("chats", Host="evil.example"))[0] == 403
        assert (await hands.see("chats", Host=hands.url.replace("http://127.0.0.1", "localhost")))[
            0
        ] == 200

    _run(act)


def test_it_runs_in_a_process_of_its_own_until_it_is_told_to_stop() -> None:
    command = [*MODULE, "--token", TOKEN, "--people", "2", "--latency-ms", "1", "--no-flood"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        address = json.loads(process.stdout.readline())

        async def talk() -> None:
            async with Bot(TOKEN, base_url=address["base_url"]) as bot:
                sent = await bot.send_photo(address["first_person"], png())
                await bot.send_photo(address["last_person"], sent.photo[-1].file_id)

        asyncio.run(talk())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("--token", "x"), "token"),
        (("--token", TOKEN, "--people", "-1"), "people"),
        (("--token", TOKEN, "--port", "70000"), "port"),
        (("--token", TOKEN, "--latency-ms", "nan"), "latency_s"),
    ],
)
def test_wrong_arguments_end_with_2_and_the_name_of_the_field(
    arguments: tuple[str, ...], field: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own module
        [*MODULE, *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{field} was ")
