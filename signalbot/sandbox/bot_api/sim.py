"""The control calls under /sim: what tests in another process do, and the page for its reader.

A call that changes something must be JSON and come from the page itself or from no browser at all,
so that no other site in the same browser can act here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial

from aiohttp import web

from signalbot.errors import InputError
from signalbot.sandbox.bot_api.answering import Answering
from signalbot.sandbox.bot_api.chats import Kind
from signalbot.sandbox.bot_api.control import Control
from signalbot.sandbox.bot_api.directory import ID
from signalbot.sandbox.bot_api.envelope import Json
from signalbot.sandbox.bot_api.orders import Order
from signalbot.sandbox.bot_api.parameters import load_json
from signalbot.sandbox.bot_api.showing import chat_list, message_view, query_view, whole_chat

LONGEST_WAIT_S = 30
MAX_MESSAGES = 1_000
MAX_LATENCY_S = 60
Act = Callable[[Order], object]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sim:
    """The control calls on one server."""

    def __init__(
        self,
        control: Control,
        answering: Answering,
        refuse: Callable[[float], Awaitable[None]],
    ) -> None:
        self._control = control
        self._telegram = control.telegram
        self._answering = answering
        self._refuse_connections = refuse

    def routes(self) -> list[web.RouteDef]:
        """Return every route of these calls."""
        acts: dict[str, Act] = {
            "message": self._say,
            "command": self._command,
            "edit": self._edit,
            "callback": self._press,
            "block": partial(self._person, self._control.block),
            "unblock": partial(self._person, self._control.unblock),
            "deactivate": partial(self._person, self._control.deactivate),
            "kick": partial(self._membership, self._control.kick),
            "bring_back": partial(self._membership, self._control.bring_back),
            "join": partial(self._membership, self._control.join),
            "migrate": self._migrate,
            "person": self._add_person,
            "group": self._add_group,
            "fault": self._add_fault,
            "lift_faults": self._lift_faults,
            "latency": self._latency,
            "reset": self._reset,
        }
        posts = [web.post(f"/sim/{name}", self._acting(act)) for name, act in acts.items()]
        return [
            *posts,
            web.post("/sim/refuse", self._refuse),
            web.get("/sim/chats", self._reading(self._chats)),
            web.get("/sim/changes", self._reading(self._changes)),
            web.get("/sim/chat/{number}", self._reading(self._chat)),
            web.get("/sim/query/{number}", self._reading(self._query)),
            web.get("/sim/outbox", self._reading(self._outbox)),
            web.get("/sim/faults", self._reading(self._faults)),
            web.get("/sim/calls", self._reading(self._calls)),
        ]

    def _acting(self, act: Act) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return web.json_response({"result": act(await _order(request))})
            except InputError as error:
                return _wrong(error)

        return handle

    def _reading(self, read: Callable[[web.Request], Awaitable[object]]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return web.json_response(await read(request))
            except InputError as error:
                return _wrong(error)

        return handle

    def _say(self, order: Order) -> Json:
        return self._said(order, order.get("text", str))

    def _command(self, order: Order) -> Json:
        return self._said(order, "/" + order.get("command", str).removeprefix("/"))

    def _said(self, order: Order, text: str) -> Json:
        message = self._control.say(
            order.get("user_id", int),
            text,
            chat_id=order.find("chat_id", int),
            reply_to=order.find("reply_to", int),
            thread_id=order.find("thread_id", int),
        )
        return message_view(self._telegram, message)

    def _edit(self, order: Order) -> Json:
        user_id, chat_id = order.get("user_id", int), order.get("chat_id", int)
        text, message_id = order.get("text", str), order.get("message_id", int)
        return message_view(self._telegram, self._control.edit(user_id, chat_id, message_id, text))

    def _press(self, order: Order) -> Json:
        query = self._control.press(
            order.get("user_id", int),
            chat_id=order.find("chat_id", int),
            message_id=order.find("message_id", int),
            label=order.find("label", str),
            data=order.find("data", str),
        )
        return query_view(query)

    def _person(self, act: Callable[[int], None], order: Order) -> None:
        act(order.get("user_id", int))

    def _membership(self, act: Callable[[int, int], object], order: Order) -> None:
        act(order.get("user_id", int), order.get("chat_id", int))

    def _migrate(self, order: Order) -> Json:
        return {"id": self._control.migrate(order.get("chat_id", int)).id}

    def _add_person(self, order: Order) -> Json:
        name, username = order.get("first_name", str), order.find("username", str)
        person = self._telegram.directory.add_person(name, order.find("user_id", int), username)
        self._telegram.changes.mark(person.id)
        return person.wire()

    def _add_group(self, order: Order) -> Json:
        kind = order.get("type", str)
        if kind not in list(Kind):
            raise InputError("type", kind, "group, supergroup or channel")
        chat = self._telegram.directory.add_chat(
            Kind(kind),
            order.get("title", str),
            members=order.numbers("members"),
            username=order.find("username", str),
            topics=order.topics("topics"),
        )
        self._telegram.changes.mark(chat.id)
        return chat.wire()

    def _add_fault(self, order: Order) -> None:
        self._telegram.faults.add(order.fault())

    def _lift_faults(self, order: Order) -> None:
        self._telegram.faults.clear()

    def _latency(self, order: Order) -> None:
        latency_s = order.get("latency_s", float)
        if not 0 <= latency_s <= MAX_LATENCY_S:
            raise InputError("latency_s", latency_s, f"0 to {MAX_LATENCY_S} seconds")
        self._answering.latency_s = latency_s

    def _reset(self, order: Order) -> None:
        self._telegram.reset()

    async def _refuse(self, request: web.Request) -> web.StreamResponse:
        try:
            await self._refuse_connections((await _order(request)).get("seconds", float))
        except InputError as error:
            return _wrong(error)
        return web.json_response({"result": None})

    async def _chats(self, request: web.Request) -> Json:
        return {
            "revision": self._telegram.changes.revision,
            "bot": self._telegram.bot.wire(),
            "chats": chat_list(self._telegram),
        }

    async def _changes(self, request: web.Request) -> Json:
        changes, since = self._telegram.changes, _whole(request, "since", 0)
        await changes.wait(since, min(_whole(request, "timeout", 25), LONGEST_WAIT_S))
        directory = self._telegram.directory
        changed = [chat for chat in directory if changes.of(chat.id) > since]
        everything = changes.all_since(since)
        return {
            "revision": changes.revision,
            "all": everything,
            "chats": chat_list(self._telegram, None if everything else changed),
        }

    async def _chat(self, request: web.Request) -> Json:
        limit = min(max(_whole(request, "limit", 100), 1), MAX_MESSAGES)
        return whole_chat(self._telegram, _number(request), limit)

    async def _query(self, request: web.Request) -> Json:
        number = str(_number(request))
        wait_s = min(_whole(request, "timeout", 0), LONGEST_WAIT_S)
        query = await self._telegram.queries.answered(number, wait_s)
        if query is None:
            raise InputError("query_id", number, "the id of a press")
        return query_view(query)

    async def _outbox(self, request: web.Request) -> Json:
        arrivals = self._telegram.outbox.since(_whole(request, "since", 0))
        return {"arrivals": [arrival.wire() for arrival in arrivals]}

    async def _faults(self, request: web.Request) -> Json:
        struck = self._telegram.faults.struck()
        return {"faults": [asdict(fault) | {"strikes": count} for fault, count in struck]}

    async def _calls(self, request: web.Request) -> Json:
        counted = sorted(self._telegram.calls.items())
        names = ("method", "status", "count")
        return {"calls": [dict(zip(names, (*call, n), strict=True)) for call, n in counted]}


async def _order(request: web.Request) -> Order:
    own = (None, f"http://{request.host}")
    if request.headers.get("Origin") not in own:
        raise InputError("Origin", request.headers["Origin"], "this server's own page")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise InputError("Sec-Fetch-Site", "another site", "this server's own page")
    if request.content_type != "application/json":
        raise InputError("Content-Type", request.content_type, "application/json")
    try:
        return Order(load_json(await request.read() or b"{}"))
    except ValueError:
        raise InputError("body", "(not JSON)", "a JSON object") from None


def _wrong(error: InputError) -> web.Response:
    return web.json_response({"error": str(error), "field": error.field}, status=400)


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InputError(name, text, "a whole number")
    return int(text)


def _number(request: web.Request) -> int:
    text = request.match_info["number"]
    if not ID.fullmatch(text):
        raise InputError("id", text, "a whole number")
    return int(text)
