"""The server on 127.0.0.1: it may be started and stopped within a test, or stand for itself."""

import asyncio
from collections.abc import Coroutine, Sequence

from aiohttp import web

from signalbot.errors import InputError, UnavailableError
from signalbot.sandbox.bot_api.answering import Answering
from signalbot.sandbox.bot_api.control import Control
from signalbot.sandbox.bot_api.page import Page
from signalbot.sandbox.bot_api.parameters import MAX_BODY
from signalbot.sandbox.bot_api.pushing import RETRY_AFTER_S, Pushing
from signalbot.sandbox.bot_api.sim import MAX_LATENCY_S, Sim
from signalbot.sandbox.bot_api.telegram import Telegram
from signalbot.sandbox.this_machine import HOST, SHUTDOWN_S, only_by_its_name, possible_port

LONGEST_REFUSAL_S = 600


class BotApiServer:
    """Speaks the Bot API for one `Telegram`, to this machine only.

    Parameters
    ----------
    port : int
        0 takes any that is free; a server that is started again keeps it.
    latency_s : float
        Pause before every answer of the Bot API; `answering.latency_s` changes it later.
    retry_after_s : sequence of float
        Pauses between the attempts to push an update to a webhook.

    Raises
    ------
    InputError
        If the port or the latency is out of range.
    """

    def __init__(
        self,
        telegram: Telegram,
        *,
        port: int = 0,
        latency_s: float = 0.0,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
    ) -> None:
        if not 0 <= latency_s <= MAX_LATENCY_S:
            raise InputError("latency_s", latency_s, f"0 to {MAX_LATENCY_S} seconds")
        self.telegram = telegram
        self.control = Control(telegram)
        self.answering = Answering(telegram, latency_s)
        self._pushing = Pushing(telegram, retry_after_s)
        self._port = possible_port(port)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Address of the server, where the page of the chats is."""
        return f"http://{HOST}:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`; it appends the token."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot takes as `base_file_url`; it appends the token."""
        return f"{self.url}/file/bot"

    async def start(self) -> str:
        """Begin to answer and return the address.

        Raises
        ------
        UnavailableError
            If the port is taken.
        """
        self.telegram.updates.open()
        self.answering.open()
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=SHUTDOWN_S
        )
        await self._runner.setup()
        try:
            await self._listen()
        except OSError as error:
            await self.stop()
            raise UnavailableError(f"port {self._port} of {HOST} is not free") from error
        self._begin(self._pushing.run())
        return self.url

    async def stop(self) -> None:
        """Let everybody go who waits, and close every connection."""
        self.telegram.updates.close()
        self.telegram.changes.wake()
        self.answering.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        runner, self._runner, self._site = self._runner, None, None
        if runner is not None:
            await runner.cleanup()

    async def refuse(self, seconds: float) -> None:
        """Refuse connections for a while, and break those that are open.

        Raises
        ------
        InputError
            If it is longer than ten minutes.
        """
        if not 0 <= seconds <= LONGEST_REFUSAL_S:
            raise InputError("seconds", seconds, f"0 to {LONGEST_REFUSAL_S}")
        if self._runner is None or self._site is None or self._runner.server is None:
            return
        site, self._site = self._site, None
        await site.stop()
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        self._begin(self._reopen(seconds))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._listen()

    async def _listen(self) -> None:
        if self._runner is not None:
            self._site = web.TCPSite(self._runner, HOST, self._port)
            await self._site.start()
            self._port = self._runner.addresses[0][1]

    def _application(self) -> web.Application:
        application = web.Application(
            client_max_size=MAX_BODY, middlewares=[only_by_its_name(lambda: self._port)]
        )
        application.router.add_route("*", "/bot{token}/{method}", self.answering.call)
        application.router.add_get("/file/bot{token}/{path:.+}", self.answering.download)
        application.router.add_routes(Sim(self.control, self.answering, self.refuse).routes())
        application.router.add_routes(Page(self.telegram).routes())
        return application
