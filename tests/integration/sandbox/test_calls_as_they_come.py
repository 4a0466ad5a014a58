"""Calls in every shape a body can have, right and wrong ones, by hand over HTTP."""

import asyncio
import io
import random
from typing import Any

import aiohttp
import pytest
from fakes.sandbox_bot import TOKEN, Sandbox, png, sandbox

from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.methods import METHODS

BOUNDARY = "multipart/form-data; boundary=x"


class Wire:
    """Calls methods of the bot and returns status and envelope."""

    def __init__(self, session: aiohttp.ClientSession, box: Sandbox) -> None:
        self.session, self.base = session, f"{box.server.base_url}{TOKEN}"

    async def call(self, method: str, verb: str = "POST", **request: Any) -> tuple[int, Any]:
        async with self.session.request(verb, f"{self.base}/{method}", **request) as response:
            envelope = await response.json()
        assert envelope["ok"] is (response.status == 200)
        assert envelope.get("error_code", 200) == response.status
        return response.status, envelope.get("result", envelope.get("description"))


def _run(act) -> None:
    async def run() -> None:
        async with sandbox() as box, aiohttp.ClientSession() as session:
            await act(box, Wire(session, box))

    asyncio.run(run())


def test_one_message_in_five_shapes() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        ann = box.reader()
        values = {"chat_id": str(ann.id), "text": "héllo"}
        form = aiohttp.FormData(values)
        form.add_field("ignored", b"file", filename="f")
        shapes: list[dict[str, Any]] = [
            {"data": values},
            {"data": form},
            {"json": {"chat_id": ann.id, "text": "héllo", "disable_notification": True}},
            {"params": values},
            {"params": {"chat_id": "7"}, "data": values},
        ]
        for shape in shapes:
            status, message = await wire.call("SENDmessage", **shape)
            assert (status, message["text"]) == (200, "héllo")
        assert (await wire.call("getMe", verb="GET"))[1]["is_bot"] is True
        assert (await wire.call("sendMessage", verb="PUT", data=values))[0] == 200

    _run(act)


def test_entities_may_be_listed_instead_of_written() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        ann = box.reader()
        bold = {"type": "bold", "offset": 0, "length": 2}
        link = {"type": "text_link", "offset": 3, "length": 1, "url": "https://e.com"}
        order = {"chat_id": ann.id, "text": "ab c", "entities": [bold, link]}
        assert (await wire.call("sendMessage", json=order))[1]["entities"] == [bold, link]
        for wrong in ([5], [{"type": "bold"}], {"type": "bold"}):
            status, reason = await wire.call("sendMessage", json=order | {"entities": wrong})
            assert status == 400, reason

    _run(act)


@pytest.mark.parametrize(
    ("method", "order", "reason"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "9" * 30, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 1001, "text": "\ud800"}, "text must be encoded in UTF-8"),
        ("sendMessage", {"chat_id": 1001, "text": "x" * 100_001}, "message is too long"),
        ("sendMessage", {"chat_id": 1001, "text": "x", "parse_mode": "Markdown"}, "HTML only"),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "parse_mode": "TeX"},
            "unsupported parse_mode",
        ),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "reply_markup": "{"},
            "reply_markup JSON object",
        ),
        ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": [1]}, "object expected"),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "message_thread_id": "a"},
            "message_thread_id",
        ),
        ("sendPhoto", {"chat_id": 1001}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": 1001, "photo": "https://e.com/a.png"}, "failed to get HTTP URL"),
        ("sendMediaGroup", {"chat_id": 1001, "media": []}, "must include 2-10 items"),
        ("sendMediaGroup", {"chat_id": 1001, "media": [1, 2]}, "expected an Object"),
        (
            "sendMediaGroup",
            {"chat_id": 1001, "media": [{"type": "video"}] * 2},
            "photo or document",
        ),
        ("sendChatAction", {"chat_id": 1001, "action": "dancing"}, "wrong parameter action"),
        ("editMessageText", {"chat_id": 1001, "message_id": 1, "text": "x"}, "can't be edited"),
        ("editMessageText", {"chat_id": 1001, "message_id": 2, "text": "x"}, "there is no text"),
        ("editMessageCaption", {"chat_id": 1001, "message_id": 3}, "there is no caption"),
        ("editMessageMedia", {"chat_id": 1001, "message_id": 2}, "there is no media"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("setWebhook", {"url": "http://127.0.0.1/", "secret_token": "é"}, "unallowed characters"),
        ("setWebhook", {"url": "http://127.0.0.1/", "max_connections": 101}, "max_connections"),
        ("setMyCommands", {"commands": [5]}, "expected an Object BotCommand"),
        ("setMyCommands", {"commands": [{"command": "a"}]}, "are required"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "TOO_MUCH"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "DESCRIPTION_INVALID",
        ),
        ("setMyDescription", {"description": "x" * 513}, "description is too long"),
        ("setChatMenuButton", {"menu_button": {"type": "big"}}, "can't parse menu button"),
        ("getChat", {"chat_id": 1002}, "chat not found"),
        ("getFile", {"file_id": "x"}, "wrong file identifier"),
    ],
)
def test_what_telegram_refuses_is_refused_with_400(
    method: str, order: dict[str, Any], reason: str
) -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        ann = box.reader()
        box.telegram.directory.add_person("Never")
        await box.bot.send_photo(ann.id, png())
        await box.bot.send_message(ann.id, "x")
        status, told = await wire.call(method, json=order)
        assert status == 400
        assert reason in told

    _run(act)


def test_a_picture_of_one_kind_is_not_sent_as_another() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        ann = box.reader()
        photo = (await box.bot.send_photo(ann.id, png())).photo[-1]
        order = {"chat_id": ann.id, "document": photo.file_id}
        assert (await wire.call("sendDocument", json=order))[1].endswith("Photo as Document")

    _run(act)


def test_a_group_that_threw_the_bot_out_cannot_be_looked_up() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        ann = box.reader()
        group = box.telegram.directory.add_chat(Kind.GROUP, "G", members=(ann.id,))
        box.control.kick(ann.id, group.id)
        assert (await wire.call("getChat", json={"chat_id": group.id}))[0] == 403
        box.control.block(ann.id)
        order = {"chat_id": ann.id, "user_id": box.bot.id}
        assert (await wire.call("getChatMember", json=order))[1]["status"] == "kicked"

    _run(act)


def test_files_are_fetched_with_the_token_only() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        sent = await box.bot.send_photo(box.reader().id, png())
        path = (await wire.call("getFile", data={"file_id": sent.photo[-1].file_id}))[1][
            "file_path"
        ]
        for token, file, status in (
            (TOKEN, path, 200),
            (TOKEN, "photos/x", 404),
            ("1:wrong", path, 404),
        ):
            async with wire.session.get(f"{box.server.base_file_url}{token}/{file}") as response:
                assert response.status == status

    _run(act)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"[1]", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"rubbish", BOUNDARY),
        (b"rubbish", "multipart/form-data"),
        (b"\xff=\xff", "application/x-www-form-urlencoded; charset=utf-8"),
        (b"x", "application/x-www-form-urlencoded; charset=no-such"),
        (b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--', BOUNDARY),
    ],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(body: bytes, content_type: str) -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        headers = {"Content-Type": content_type}
        assert (await wire.call("sendMessage", data=body, headers=headers))[0] == 400

    _run(act)


def test_an_upload_that_is_too_large_is_413() -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        form = aiohttp.FormData({"chat_id": str(box.reader().id)})
        form.add_field("document", io.BytesIO(bytes(50 * 2**20 + 1)), filename="big")
        assert (await wire.call("sendDocument", data=form))[0] == 413

    _run(act)


VALUES = [
    *(
        "",
        "1001",
        "-1",
        "0",
        "x",
        "[]",
        "{}",
        "[[]]",
        "null",
        "1e999",
        "9" * 30,
        "\0",
        "<b>",
        '{"a":',
    ),
    *('{"type":"photo","media":"attach://f"}', '[{"type":"photo"},5]', '{"inline_keyboard":{}}'),
    *('{"message_id":[]}', '{"type":"chat","chat_id":{}}', "HTML", "typing"),
    '[{"type":"bold","offset":-5,"length":99999999999999999999}]',
]
NAMES = (
    *("text", "parse_mode", "entities", "caption", "photo", "document", "media", "reply_markup"),
    *("message_id", "reply_parameters", "message_thread_id", "action", "commands", "scope", "url"),
    *("allowed_updates", "offset", "limit", "timeout", "file_id", "user_id"),
)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_is_answered_by_an_envelope(seed: int) -> None:
    async def act(box: Sandbox, wire: Wire) -> None:
        box.reader()
        draw = random.Random(seed)  # noqa: S311 - no secret
        for _ in range(300):
            method = draw.choice(sorted(METHODS))
            values = {name: draw.choice(VALUES) for name in draw.sample(NAMES, 6)}
            values["chat_id"] = draw.choice(["1001", *VALUES])
            status, _result = await wire.call(method, data=values)
            assert status in (200, 400, 403)

    _run(act)
