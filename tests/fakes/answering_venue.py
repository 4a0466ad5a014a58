"""A server on this machine that answers like a venue what a test has written down."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from fakes.venue_markets import ANSWERS, CONTRACTS, NOTHING

from signalbot.market.calls import Calls
from signalbot.market.venue_client import venue_client


class AnsweringVenue:
    """Answers by a part of the path; what is not written down is empty.

    A number is a status, None is silence.

    Answers are of the venue's form: `wrapped` puts rows into it.
    """

    def __init__(self, venue: str, *contracts: Mapping[str, Any], **answers: Any) -> None:
        self.venue = venue
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.url = ""
        if contracts:
            self.answers[CONTRACTS[venue][0]] = ANSWERS[venue](list(contracts))
        self.answers |= answers

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        for part, answer in self.answers.items():
            if part in request.path:
                if isinstance(answer, list) and part in PAGED:
                    answer = answer.pop(0)
                if answer is None:
                    await asyncio.Event().wait()
                if isinstance(answer, int):
                    return web.Response(status=answer, text="{}")
                text = answer if isinstance(answer, str) else json.dumps(answer)
                return web.Response(text=text, content_type="application/json")
        return web.json_response(NOTHING[self.venue])

    @asynccontextmanager
    async def calls(self) -> AsyncIterator[Calls]:
        """The calls of ccxt's real client, which can reach nothing but this server."""
        async with self.serving():
            client = venue_client(self.venue, self.url)
            client.enableRateLimit = False
            try:
                yield Calls(self.venue, client)
            finally:
                await client.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["AnsweringVenue"]:
        """The server alone."""
        app = web.Application()
        app.add_routes([web.route("*", "/{path:.*}", self._answer)])
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()


PAGED = frozenset({"/v5/market/risk-limit"})
"""Paths whose answers are given one after the other."""


def wrapped(venue: str, *rows: Any) -> Any:
    """Return rows in the form in which a venue answers."""
    return ANSWERS[venue](list(rows)) if venue not in ("binanceusdm", "weex") else list(rows)
