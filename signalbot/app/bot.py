"""The bot as a whole: builds it, runs it, and stops it in order."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from signalbot import __version__
from signalbot.app.clock import Clock
from signalbot.app.health import BotHealth
from signalbot.app.minutes import MinuteLoop
from signalbot.app.operations import prepare_storage
from signalbot.app.recorder import Recorder
from signalbot.app.sandbox_chats import ADMIN, channels_of, sandbox_server
from signalbot.app.talking import Parts, Talking
from signalbot.app.world import World, simulated_world
from signalbot.config import Settings
from signalbot.domain.place import Place, PlaceKind
from signalbot.errors import UnavailableError
from signalbot.record.signing import Signer, demonstration_signer
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.storage.database import open_database
from signalbot.storage.places import SqlPlaces
from signalbot.storage.rotation import settled_key
from signalbot.storage.schema import migrate
from signalbot.telegram.connection import Address, Webhook

Ready = Callable[[str | None], None]
"""Told the address of the sandbox's page; None with a real Telegram."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The simulated market.

    Attributes
    ----------
    speed : float
        How many of its seconds pass in one.
    begins_at : int or None
        When it begins, in ms UTC; None is now.
    """

    speed: float
    seed: int
    begins_at: int | None = None


def run_bot(settings: Settings, options: Options, ready: Ready) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Without a token it talks to a Telegram of its own, on a database that ends with it.

    Raises
    ------
    InputError
        If Telegram refuses the token, or storage and key do not belong together.
    UnavailableError
        If a port is taken.
    """
    is_sandbox = settings.telegram_bot_token is None
    clock = Clock(options.speed, options.begins_at) if is_sandbox else Clock()
    world = simulated_world(options.seed, clock.now())
    with _stores(settings, is_sandbox=is_sandbox) as (engine, signer):
        asyncio.run(_Bot(settings, world, clock, engine, signer).run(ready))


@contextmanager
def _stores(settings: Settings, *, is_sandbox: bool) -> Iterator[tuple[Engine, Signer]]:
    if not is_sandbox:
        prepared = prepare_storage(settings)
        with open_database(prepared.database) as engine:
            yield engine, settled_key(engine, prepared.key_file)
        return
    with TemporaryDirectory(prefix="signalbot-") as folder:
        path = Path(folder) / "sandbox.db"
        migrate(path)
        with open_database(path) as engine:
            yield engine, demonstration_signer()


class _Bot:
    def __init__(
        self, settings: Settings, world: World, clock: Clock, engine: Engine, signer: Signer
    ) -> None:
        self._settings = settings
        self._world = world
        self._clock = clock
        self._engine = engine
        self._signer = signer
        self._stopped = asyncio.Event()
        self._record_thread = ThreadPoolExecutor(1, thread_name_prefix="record")

    async def run(self, ready: Ready) -> None:
        """Run until a signal comes; whatever is on its way is finished first."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopped.set)
        server: BotApiServer | None = None
        try:
            if self._settings.telegram_bot_token is None:
                server, address = await self._own_telegram()
            else:
                address = self._real_address()
            await self._serve(address, server, ready)
        finally:
            if server is not None:
                await server.stop()
            self._record_thread.shutdown()

    async def _own_telegram(self) -> tuple[BotApiServer, Address]:
        server, token = sandbox_server(self._settings.port, self._clock.seconds)
        try:
            url = await server.start()
        except UnavailableError:
            if self._settings.is_given("PORT"):
                raise
            server, token = sandbox_server(0, self._clock.seconds)  # any port that is free
            url = await server.start()
        return server, Address(token=token, api_url=url)

    def _real_address(self) -> Address:
        settings = self._settings
        assert settings.telegram_bot_token is not None  # noqa: S101 - asked for by `run`
        return Address(
            token=settings.telegram_bot_token.get_secret_value(),
            api_url=settings.telegram_api_url,
            is_paid=settings.telegram_paid_broadcast == "yes",
        )

    async def _serve(self, address: Address, server: BotApiServer | None, ready: Ready) -> None:
        talking = Talking(self._parts(address, is_sandbox=server is not None))
        await talking.connect()
        recorder = Recorder(
            self._world, self._engine, self._signer, self._settings, talking.username
        )
        channels = await self._place(talking, server)
        await self._record(recorder.begin, self._clock.now(), channels)
        minutes = MinuteLoop(self._world, self._clock, recorder, self._record)
        sender = talking.sender(recorder, self._record, minutes.accepted)
        tasks = [
            asyncio.create_task(sender.run(), name="the sender"),
            asyncio.create_task(minutes.run(sender.wake), name="the market's clock"),
        ]
        health = BotHealth(
            engine=self._engine,
            recorder=recorder,
            minutes=minutes,
            sender=sender,
            connection=talking.connection,
            started_at=self._clock.now(),
            version=__version__,
            world=self._world,
        )
        try:
            await talking.listen(health)
            ready(None if server is None else server.url)
            await self._until_stopped(tasks)
        finally:
            await talking.connection.close()
            minutes.stop()
            sender.stop()
            await asyncio.gather(*tasks, return_exceptions=True)
            await talking.connection.shut()

    def _parts(self, address: Address, *, is_sandbox: bool) -> Parts:
        settings = self._settings
        return Parts(
            address=address,
            webhook=None if is_sandbox else _webhook(settings),
            owners=(ADMIN,) if is_sandbox else settings.telegram_admin_ids,
            engine=self._engine,
            signer=self._signer,
            world=self._world,
            clock=self._clock,
            settings=settings,
        )

    async def _place(self, talking: Talking, server: BotApiServer | None) -> list[str]:
        settings = self._settings
        named = settings.telegram_channel_id, settings.telegram_automation_channel_id
        if server is not None:
            channel, programs = channels_of(server)
            named = str(channel), str(programs)
        titles = []
        for kind, name in zip((PlaceKind.CHANNEL, PlaceKind.PROGRAMS), named, strict=True):
            found = None if name is None else await talking.chat_of(name)
            if found is not None:
                chat, title = found
                SqlPlaces(self._engine).put(Place(chat=chat, kind=kind, title=title))
                titles.append(title)
        return titles

    async def _until_stopped(self, tasks: list[asyncio.Task[None]]) -> None:
        stopped = asyncio.create_task(self._stopped.wait())
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in tasks:
            if task.done() and (error := task.exception()) is not None:
                _log.critical("%s ended, so the bot ends too", task.get_name())
                raise error

    def _record(self, function: Callable[..., Any], *args: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._record_thread, function, *args)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.telegram_webhook_url is None:
        return None
    secret = settings.telegram_webhook_secret
    return Webhook(
        url=settings.telegram_webhook_url,
        port=settings.port,
        secret="" if secret is None else secret.get_secret_value(),
    )
