"""One call and its answer: the token, the parameters, the method, and the fault it may meet."""

import asyncio
import json

from aiohttp import web

from signalbot.sandbox.bot_api.breaking import broken, half
from signalbot.sandbox.bot_api.envelope import Json, Refused, failed, succeeded
from signalbot.sandbox.bot_api.faults import Fault, FaultKind
from signalbot.sandbox.bot_api.methods import GET_UPDATES, perform, require_method
from signalbot.sandbox.bot_api.parameters import Parameters, read_parameters
from signalbot.sandbox.bot_api.telegram import Telegram

Answer = tuple[int, Json]
NOT_DONE = 0  # in place of a status: a fault came before the call was done


class Answering:
    """Answers the calls of the bot.

    Parameters
    ----------
    latency_s : float
        Pause before every answer, after the call was done: the way to Telegram and back.
    """

    def __init__(self, telegram: Telegram, latency_s: float = 0.0) -> None:
        self.telegram = telegram
        self.latency_s = latency_s
        self._stopping = asyncio.Event()

    def open(self) -> None:
        """Let answers be late again, for the server starts."""
        self._stopping = asyncio.Event()

    def close(self) -> None:
        """Let every answer go that is held back, for the server stops."""
        self._stopping.set()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to `/bot{token}/{method}`."""
        try:
            self._require_token(request)
            method = require_method(request.match_info["method"])
            parameters = await read_parameters(request)
            fault = self.telegram.faults.strike(method, parameters.text("chat_id"))
        except Refused as refused:
            return _response(refused.code, failed(refused))
        if fault is not None:
            return await self._struck(request, method, parameters, fault)
        return await self._whole(await self._answer(method, parameters))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to `/file/bot{token}/{path}`."""
        try:
            self._require_token(request)
            file = self.telegram.files.find(request.match_info["path"].rpartition("/")[2])
        except Refused:
            return _response(404, failed(Refused(404, "file not found")))
        return web.Response(
            body=self.telegram.files.content(file), content_type="application/octet-stream"
        )

    def _require_token(self, request: web.Request) -> None:
        if not self.telegram.is_token(request.match_info["token"]):
            raise Refused(401, "Unauthorized")

    async def _answer(self, method: str, parameters: Parameters) -> Answer:
        try:
            answer = 200, succeeded(await perform(self.telegram, method, parameters))
        except Refused as refused:
            answer = refused.code, failed(refused)
        self.telegram.calls[method, answer[0]] += 1
        return answer

    async def _whole(self, answer: Answer) -> web.Response:
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        return _response(*answer)

    async def _struck(
        self, request: web.Request, method: str, parameters: Parameters, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.REPEAT and method == GET_UPDATES:
            return _response(200, succeeded(self.telegram.updates.repeated()))
        if fault.kind is FaultKind.DELAY:
            await self._pause(fault.delay_s)
        elif fault.kind is not FaultKind.REPEAT and not fault.comes_after:
            self.telegram.calls[method, NOT_DONE] += 1
            return broken(request, fault)
        answer = await self._answer(method, parameters)
        if fault.kind is FaultKind.STALL:
            await self._pause(fault.delay_s)
        elif fault.kind is FaultKind.HALF:
            return await half(request, *answer)
        elif fault.comes_after:
            return broken(request, fault)
        return await self._whole(answer)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _response(status: int, envelope: Json) -> web.Response:
    body = json.dumps(envelope, ensure_ascii=False).encode(errors="replace")
    return web.Response(status=status, body=body, content_type="application/json")
