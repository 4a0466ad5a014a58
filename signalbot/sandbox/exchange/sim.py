"""The control calls under /sim, for tests in another process: JSON in, JSON out.

A call must be JSON and come from no browser, so that no site in one can act here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from signalbot.errors import InputError
from signalbot.sandbox.exchange.control import Control
from signalbot.sandbox.exchange.faults import Fault, FaultKind

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_FIELDS = {field.name: field.type for field in fields(Fault)}


class Sim:
    """The control calls on one server."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def routes(self) -> list[web.RouteDef]:
        """Return every route of these calls."""
        control = self._control
        acts: dict[str, Callable[[Json], object]] = {
            "advance": lambda order: control.advance(_get(order, "ms", int)),
            "speed": lambda order: control.set_speed(_get(order, "speed", int, float)),
            "skew": lambda order: control.skew(_get(order, "ms", int)),
            "drop": lambda order: control.drop(),
            "mute": lambda order: control.mute(),
            "refuse": lambda order: control.refuse(_get(order, "seconds", int, float)),
            "customs": lambda order: control.set_customs(
                _get(order, "lifetime_s", int, float), _get(order, "ping_every_s", int, float)
            ),
            "delist": lambda order: control.delist(_get(order, "symbol", str)),
            "rename": lambda order: control.rename(
                _get(order, "symbol", str), _get(order, "base", str)
            ),
            "funding": lambda order: control.set_funding(
                _get(order, "symbol", str), _rate(_get(order, "rate", str))
            ),
            "limit": lambda order: control.set_limit(_get(order, "weight", int)),
            "fault": lambda order: control.add_fault(_fault(order)),
            "lift_faults": lambda order: control.lift_faults(),
        }
        posts = [web.post(f"/sim/{name}", _acting(act)) for name, act in acts.items()]
        return [*posts, web.get("/sim/faults", self._faults)]

    async def _faults(self, request: web.Request) -> web.StreamResponse:
        faults = self._control.venue.faults
        shown = [asdict(fault) | {"strikes": count} for fault, count in faults.struck()]
        return web.json_response({"faults": shown, "counts": dict(faults.counts)})


def _acting(act: Callable[[Json], object]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response({"result": act(await _order(request))})
        except InputError as error:
            return web.json_response({"error": str(error), "field": error.field}, status=400)

    return handle


async def _order(request: web.Request) -> Json:
    if "Origin" in request.headers or request.content_type != "application/json":
        raise InputError("Content-Type", request.content_type, "application/json, from no browser")
    try:
        order = await request.json()
    except (ValueError, RecursionError):
        raise InputError("body", "(not JSON)", "a JSON object") from None
    if not isinstance(order, dict):
        raise InputError("body", order, "a JSON object")
    return order


def _get(order: Json, name: str, *kinds: type) -> Any:
    value = order.get(name)
    if type(value) not in kinds:
        raise InputError(name, value, " or ".join(kind.__name__ for kind in kinds))
    return value


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite():
        raise InputError("rate", text, "a number such as 0.0001")
    return rate


def _fault(order: Json) -> Fault:
    for name in order:
        if name not in _FIELDS:
            raise InputError(name, order[name], f"one of {', '.join(_FIELDS)}")
    kind = _get(order, "kind", str)
    if kind not in list(FaultKind):
        raise InputError("kind", kind, ", ".join(FaultKind))
    for name in ("body", "target"):
        if not isinstance(order.get(name, ""), str):
            raise InputError(name, order[name], "a text")
    headers = order.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(v, str) for v in headers.values()):
        raise InputError("headers", headers, "texts by name")
    try:
        return Fault(**order | {"kind": FaultKind(kind)})
    except TypeError:
        raise InputError("fault", order, "values of the right types") from None
