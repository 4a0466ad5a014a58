"""The market side of a live bot, on a local venue whose every request is noted."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ccxt
from aiohttp import web
from fakes.watched_venue import until
from sqlalchemy import Engine

from signalbot.app.clock import Clock
from signalbot.app.decision_delay import in_sandbox
from signalbot.app.live_market import LiveMarket
from signalbot.app.market_plan import MarketPlan
from signalbot.app.minutes import MinuteLoop
from signalbot.app.recorder import Recorder
from signalbot.app.sandbox_market import ANY_SIZE
from signalbot.app.scheduler import Jobs
from signalbot.config import load_settings
from signalbot.domain.candles import Candles
from signalbot.domain.controls import Controls
from signalbot.domain.delivery import Sent
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.domain.universe import UniverseRules
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.source import Source
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.service.gathering import Gathering
from signalbot.service.minute import Minute
from signalbot.service.settle_delivery import settle
from signalbot.storage.database import open_database
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.places import SqlPlaces
from signalbot.storage.schema import migrate

NO_LIMIT = 10**6


class DrivenClock(Clock):
    """Shows what the venue's clock shows, or is off by so much."""

    def __init__(self, venue: VenueClock, off_ms: int = 0) -> None:
        super().__init__()
        self._venue = venue
        self.off_ms = off_ms

    def now(self) -> int:
        return self._venue() + self.off_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: when it came by the loop's clock, and what it was answered."""

    at: float
    endpoint: str
    symbol: str
    limit: int
    status: int
    pause_s: float


class NotedServer(ExchangeServer):
    """Notes what it is asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[Asked] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.RouteDef(each.method, each.path, self._noted(each.handler), each.kwargs)
            for each in super().routes()
        ]

    def statuses(self) -> Counter[int]:
        return Counter(each.status for each in self.asked)

    def _noted(self, handle: Any) -> Any:
        async def noted(request: web.Request) -> web.StreamResponse:
            at = asyncio.get_running_loop().time()
            response: web.StreamResponse = await handle(request)
            if "endpoint" in request.match_info:
                asked = Asked(
                    at=at,
                    endpoint=request.match_info["endpoint"],
                    symbol=request.query.get("symbol", ""),
                    limit=int(request.query.get("limit", 0)),
                    status=response.status,
                    pause_s=float(response.headers.get("Retry-After", 0)),
                )
                self.asked.append(asked)
            return response

        return noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A match as it was decided, and the candle that was stored by then."""

    symbol: str
    close_time: int
    high: float
    low: float
    stored: Candles


class NotingRecorder(Recorder):
    """Notes which matches it decides."""

    def __init__(self, market: LiveMarket, *args: Any) -> None:
        super().__init__(market.world, *args)
        self._market = market
        self.matched: list[Matched] = []
        self.minutes: list[int] = []

    def minute(self, minute: Minute, now: int) -> None:
        self.minutes.append(minute.close_time)
        for match in minute.matches:
            noted = Matched(
                symbol=match.symbol,
                close_time=minute.close_time,
                high=float(minute.high[match.pair]),
                low=float(minute.low[match.pair]),
                stored=self._market.world.history.window(match.pair, minute.close_time, 1),
            )
            self.matched.append(noted)
        super().minute(minute, now)


@dataclass(kw_only=True)
class LiveBot:
    source: Source
    server: NotedServer
    time: VenueClock
    clock: Clock
    market: LiveMarket
    recorder: NotingRecorder
    minutes: MinuteLoop
    jobs: Jobs
    engine: Engine
    store: Path
    began_at: int
    record: Callable[..., Awaitable[Any]]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    @property
    def speed(self) -> float:
        return self.clock.speed

    async def open(self, frozen: Iterable[str] | None = None) -> None:
        """Open the market, and let the recorder take over what is watched."""
        chosen = None if frozen is None else tuple(frozen)
        await self.market.open(Controls(), chosen, self.recorder.open_symbols)
        await self.record(self.recorder.watch, self.clock.now())

    def run(self) -> None:
        """Repair and decide minute after minute, as a bot does."""
        jobs, market = self.jobs, self.market
        jobs.add("decide", MINUTE_MS, self.recorder.decision_delay_ms, self.minutes.remind)
        jobs.add("funding", 10 * MINUTE_MS, 20_000, market.keep_funding)
        jobs.add("listings", 5 * MINUTE_MS, 40_000, market.look_at_listings)
        jobs.add("clock", 2 * MINUTE_MS, 30_000, market.check_clock)
        jobs.start()
        self.tasks = [
            asyncio.create_task(market.watch.run(), name="repairs"),
            asyncio.create_task(self.minutes.run(self._wake), name="minutes"),
        ]

    async def pass_minutes(self, count: int = 1, silent: int = 0) -> None:
        """Drive time minute by minute, and decide each when all but so many pairs closed."""
        followed, heard = len(self.source.series) - silent, self.market.watch.closings
        for _ in range(count):
            close = (self.time() // MINUTE_MS + 1) * MINUTE_MS
            self.time.advance(close + 2_500 - self.time())
            await until(lambda close=close: len(heard.at(close)) >= followed)
            await self.decide(close)

    async def decide(self, close: int) -> Gathering:
        """Decide a minute whose candles are there."""
        gathering = Gathering(self.market.world.feed, self.recorder.setups, close)
        gathering.match(list(self.market.world.watched))
        await self.market.flush()
        await self.record(self.recorder.minute, gathering.minute(), close + 2_500)
        await self.record(self.deliver, close + 2_500)
        return gathering

    async def stop(self) -> None:
        """End in order; what ended before by itself raises here."""
        self.jobs.stop()
        self.minutes.stop()
        if self.tasks:
            repairing, deciding = self.tasks
            await deciding
            if repairing.done():
                repairing.result()
            repairing.cancel()
            await asyncio.gather(repairing, return_exceptions=True)
        self.tasks = []

    def deliver(self, now: int) -> None:
        """Let the messenger accept whatever is told."""
        outbox = SqlOutbox(self.engine)
        for row in outbox.claim(now, 100):
            if self.recorder.compose([row], now)[0] is not None:
                outbox.settle([settle(row, Sent(message_id=row.id, at=now), now)], {})
        self.recorder.deliver(now)

    def _wake(self) -> None:
        asyncio.ensure_future(self._accept())  # noqa: RUF006 - it is done within a minute

    async def _accept(self) -> None:
        await self.record(self.deliver, self.clock.now())
        self.minutes.accepted()


@asynccontextmanager
async def noted_server(source: Source, begins: int, speed: float) -> AsyncIterator[NotedServer]:
    server = NotedServer(source, VenueClock(begins, speed))
    server.control.set_limit(NO_LIMIT)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def live_bot(
    folder: Path,
    source: Source,
    begins: int,
    speed: float,
    *,
    venue: str = "binanceusdm",
    rules: UniverseRules = ANY_SIZE,
    server: NotedServer | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[LiveBot]:
    """A bot that is not open yet, on the files of a folder; at speed 0 time is driven."""
    async with AsyncExitStack() as stack:
        if server is None:
            server = await stack.enter_async_context(noted_server(source, begins, speed))
        if clock is None:
            clock = Clock(speed, begins) if speed else DrivenClock(server.control.clock)
        store = folder / "live.candles"
        plan = MarketPlan(
            kind="live", venue=venue, name=venue, url=server.url, store=store, rules=rules
        )
        market = LiveMarket(plan, clock)
        if not speed:
            market.calls.client.enableRateLimit = False
        stack.push_async_callback(market.close)
        migrate(folder / "live.db")
        engine = stack.enter_context(open_database(folder / "live.db"))
        SqlPlaces(engine).put(Place(chat=-900, kind=PlaceKind.CHANNEL))
        settings = in_sandbox(load_settings({}, None), speed)
        recorder = NotingRecorder(market, engine, demonstration_signer(), settings, "honest_bot")
        record, scan = (stack.enter_context(_thread()) for _ in range(2))
        await record(recorder.begin, clock.now(), [])
        bot = LiveBot(
            source=source,
            server=server,
            time=server.control.clock,
            clock=clock,
            market=market,
            recorder=recorder,
            minutes=MinuteLoop(market, clock, recorder, record, scan),
            jobs=Jobs(clock),
            engine=engine,
            store=store,
            began_at=clock.now(),
            record=record,
        )
        _watch_for_crashes(bot)
        stack.push_async_callback(bot.stop)
        yield bot
    await asyncio.sleep(0)
    gc.collect()  # whatever nobody asked for says so now


def _watch_for_crashes(bot: LiveBot) -> None:
    def note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        is_noise = isinstance(error, ccxt.BaseError) and "Future exception" in context["message"]
        if not is_noise:  # of a websocket that failed, ccxt leaves futures that nobody awaits
            bot.crashes.append(f"{context['message']}: {error!r}")

    asyncio.get_running_loop().set_exception_handler(note)


@contextmanager
def _thread() -> Iterator[Callable[..., Awaitable[Any]]]:
    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *args: asyncio.get_running_loop().run_in_executor(
            pool, function, *args
        )
