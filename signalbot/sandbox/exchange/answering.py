"""A request on its way to an answer: its fault, its price, then what the endpoint says."""

import asyncio
import json
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from signalbot.sandbox.exchange.faults import ROW_FAULTS, Fault, FaultKind, Faults
from signalbot.sandbox.exchange.rows import Rows

JSON = "application/json"


class Refused(Exception):  # noqa: N818 - the venue's answer, not a failure of ours
    """A request is answered with an error."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        super().__init__(str(body))


class Rest(Protocol):
    """What a venue answers over HTTP, in its own words."""

    def admit(self, endpoint: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Count the request, and return the headers of its answer; may raise `Refused`."""
        ...

    def answer(self, endpoint: str, given: Mapping[str, str]) -> object:
        """Return the answer, `Rows` or what becomes JSON; may raise `Refused`."""
        ...


class Answering:
    """Answers the requests for the endpoints of one venue."""

    def __init__(self, rest: Rest, faults: Faults) -> None:
        self._rest = rest
        self._faults = faults

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        endpoint = request.match_info["endpoint"]
        fault = self._faults.strike(endpoint, is_request=True)
        if fault is None or fault.kind in ROW_FAULTS:
            return self._answer(request, endpoint, fault)
        if fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.delay_s)
            return self._answer(request, endpoint)
        return await self._broken(request, endpoint, fault)

    def _answer(
        self, request: web.Request, endpoint: str, fault: Fault | None = None
    ) -> web.Response:
        headers: dict[str, str] = {}
        try:
            headers |= self._rest.admit(endpoint, request.query)
            answer = self._rest.answer(endpoint, request.query)
        except Refused as error:
            self._count(error.status)
            return _response(error.body, headers | dict(error.headers), error.status)
        if fault is not None and isinstance(answer, Rows):
            answer = answer.disturbed(fault, self._faults.counts[fault.kind.value])
        return _response(answer, headers)

    def _count(self, status: int) -> None:
        if status in (403, 418, 429):
            self._faults.counts[f"status_{status}"] += 1

    async def _broken(
        self, request: web.Request, endpoint: str, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.REPLY:
            return web.Response(
                status=fault.status, text=fault.body, content_type=JSON, headers=fault.headers
            )
        if fault.kind is FaultKind.HALF:
            await _half(request, self._answer(request, endpoint))
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _response(answer: object, headers: Mapping[str, str], status: int = 200) -> web.Response:
    text = answer.text if isinstance(answer, Rows) else json.dumps(answer, separators=(",", ":"))
    return web.Response(text=text, content_type=JSON, headers=headers, status=status)


async def _half(request: web.Request, whole: web.Response) -> None:
    body = whole.text or ""
    half = web.StreamResponse(headers={"Content-Length": str(len(body.encode()))})
    half.content_type = JSON
    await half.prepare(request)
    await half.write(body[: len(body) // 2].encode())
