"""The bot as a whole: builds it, runs it, and stops it in order."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from signalbot import __version__
from signalbot.app.choosing import market_caps
from signalbot.app.clock import Clock
from signalbot.app.decision_delay import for_venue, in_sandbox
from signalbot.app.health import BotHealth
from signalbot.app.live_market import LiveMarket
from signalbot.app.market_plan import MarketPlan
from signalbot.app.minutes import MinuteLoop
from signalbot.app.recorder import Recorder
from signalbot.app.sandbox_chats import ADMIN, channels_of, sandbox_server
from signalbot.app.sandbox_market import sandbox_plan, sandbox_venue
from signalbot.app.scheduler import Jobs
from signalbot.app.stores import Stores, open_stores, passing_stores
from signalbot.app.talking import Parts, Talking
from signalbot.app.watching import Watching
from signalbot.config import Settings
from signalbot.domain.controls import Controls
from signalbot.domain.place import Place, PlaceKind
from signalbot.errors import UnavailableError
from signalbot.market.coin_id_file import read_coin_ids
from signalbot.sandbox.bot_api.server import BotApiServer
from signalbot.storage.places import SqlPlaces
from signalbot.telegram.connection import Address, Webhook

Ready = Callable[[str | None], None]
"""Told the address of the sandbox's page; None with a real Telegram."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The market of the sandbox.

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
    settings = in_sandbox(settings, options.speed) if is_sandbox else for_venue(settings)
    with passing_stores() if is_sandbox else open_stores(settings) as stores:
        asyncio.run(_Bot(settings, options, clock, stores).run(ready))


class _Bot:
    def __init__(self, settings: Settings, options: Options, clock: Clock, stores: Stores) -> None:
        self._settings = settings
        self._options = options
        self._clock = clock
        self._engine = stores.engine
        self._signer = stores.signer
        self._candles = stores.candles
        self._stopped = asyncio.Event()
        self._record_thread = ThreadPoolExecutor(1, thread_name_prefix="record")
        self._scan_thread = ThreadPoolExecutor(1, thread_name_prefix="scan")

    async def run(self, ready: Ready) -> None:
        """Run until a signal comes; whatever is on its way is finished first."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopped.set)
        async with AsyncExitStack() as stack:
            stack.callback(self._record_thread.shutdown)
            stack.callback(self._scan_thread.shutdown)
            if self._settings.telegram_bot_token is not None:
                market = LiveMarket(self._live_plan(), self._clock)
                stack.push_async_callback(market.close)
                await self._serve(self._real_address(), None, market, ready)
                return
            server, address = await self._own_telegram()
            stack.push_async_callback(server.stop)
            exchange = sandbox_venue(self._options.seed, self._clock)
            url = await exchange.start()
            stack.push_async_callback(exchange.stop)
            market = LiveMarket(sandbox_plan(url, self._candles), self._clock)
            stack.push_async_callback(market.close)
            await market.open(Controls(), None, ())
            await self._serve(address, server, market, ready)

    def _live_plan(self) -> MarketPlan:
        venue = self._settings.signalbot_venues[0]
        return MarketPlan(
            kind="live",
            venue=venue,
            name=venue,
            url=self._settings.venue_urls.get(venue),
            store=self._candles,
            rules=self._settings.universe_rules,
            caps=market_caps(self._settings),
            coin_ids=read_coin_ids(self._settings.signalbot_coin_ids_file),
            tiers_file=self._settings.signalbot_tiers_file,
        )

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

    async def _serve(
        self, address: Address, server: BotApiServer | None, market: LiveMarket, ready: Ready
    ) -> None:
        talking = Talking(self._parts(address, market, is_sandbox=server is not None))
        await talking.connect()
        recorder = Recorder(
            market.world, self._engine, self._signer, self._settings, talking.username
        )
        channels = await self._place(talking, server)
        await self._record(recorder.begin, self._clock.now(), channels)
        minutes = MinuteLoop(market, self._clock, recorder, self._record, self._scan)
        jobs = Jobs(self._clock)
        watching = Watching(
            settings=self._settings,
            engine=self._engine,
            clock=self._clock,
            market=market,
            recorder=recorder,
            minutes=minutes,
            jobs=jobs,
            record=self._record,
        )
        sender = talking.sender(recorder, self._record, minutes.accepted)
        tasks = [
            asyncio.create_task(sender.run(), name="the sender"),
            asyncio.create_task(watching.run(sender.wake), name="the market"),
        ]
        health = BotHealth(
            engine=self._engine,
            recorder=recorder,
            minutes=minutes,
            market=market,
            jobs=jobs,
            sender=sender,
            connection=talking.connection,
            started_at=self._clock.now(),
            version=__version__,
        )
        try:
            await talking.listen(health)
            ready(None if server is None else server.url)
            await self._until_stopped(tasks)
        finally:
            await talking.connection.close()
            jobs.stop()
            minutes.stop()
            sender.stop()
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await talking.connection.shut()

    def _parts(self, address: Address, market: LiveMarket, *, is_sandbox: bool) -> Parts:
        settings = self._settings
        return Parts(
            address=address,
            webhook=None if is_sandbox else _webhook(settings),
            owners=(ADMIN,) if is_sandbox else settings.telegram_admin_ids,
            engine=self._engine,
            signer=self._signer,
            world=market.world,
            pair_of=market.pair_of,
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

    def _scan(self, function: Callable[..., Any], *args: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._scan_thread, function, *args)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.telegram_webhook_url is None:
        return None
    secret = settings.telegram_webhook_secret
    return Webhook(
        url=settings.telegram_webhook_url,
        port=settings.port,
        secret="" if secret is None else secret.get_secret_value(),
    )
