"""A request on its way to an answer: its fault, its weight, then what the endpoint says."""

import asyncio
import json

from aiohttp import web

from signalbot.sandbox.exchange.endpoints import ENDPOINTS, Rows
from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.requests import Query, Refused
from signalbot.sandbox.exchange.venue import Venue
from signalbot.sandbox.exchange.weights import weight_of

USED = "X-MBX-USED-WEIGHT-1M"


class Answering:
    """Answers the endpoints under /fapi/v1."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        endpoint = request.match_info["endpoint"]
        fault = self._venue.faults.strike(endpoint, is_request=True)
        if fault is not None and fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.delay_s)
        elif fault is not None:
            return await self._broken(request, endpoint, fault)
        return self._answer(request, endpoint)

    def _answer(self, request: web.Request, endpoint: str) -> web.Response:
        allowance, now = self._venue.allowance, self._venue.now()
        refused = allowance.take(weight_of(endpoint, request.query), now)
        headers = {USED: str(allowance.used)}
        if refused is not None:
            status, wait_s = refused
            words = f"Too many requests; limit is {allowance.limit} weight per minute."
            headers["Retry-After"] = str(wait_s)
            return web.json_response({"code": -1003, "msg": words}, status=status, headers=headers)
        if endpoint not in ENDPOINTS:
            return web.Response(status=404, text="<html>404 Not found</html>", headers=headers)
        try:
            answer = ENDPOINTS[endpoint](self._venue, Query(self._venue, request.query))
        except Refused as error:
            return web.json_response(error.body, status=error.status, headers=headers)
        text = f"[{','.join(answer)}]" if isinstance(answer, Rows) else json.dumps(answer)
        return web.Response(text=text, content_type="application/json", headers=headers)

    async def _broken(
        self, request: web.Request, endpoint: str, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.REPLY:
            return web.Response(
                status=fault.status,
                text=fault.body,
                content_type="application/json",
                headers=fault.headers,
            )
        if fault.kind is FaultKind.HALF:
            await _half(request, self._answer(request, endpoint))
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _half(request: web.Request, whole: web.Response) -> None:
    body = whole.text or ""
    half = web.StreamResponse(headers={"Content-Length": str(len(body.encode()))})
    half.content_type = "application/json"
    await half.prepare(request)
    await half.write(body[: len(body) // 2].encode())
