"""A venue that fails in every way it knows, and what has to be true of a market watched on it."""

import asyncio
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fakes.live_bot import NO_LIMIT, LiveBot, live_bot
from fakes.watched_venue import until

from signalbot.domain.timeframe import DAY_MS, MINUTE_MS
from signalbot.errors import UnavailableError
from signalbot.market.candle_grid import BTC
from signalbot.sandbox.exchange.faults import ROW_FAULTS, Fault, FaultKind
from signalbot.sandbox.market import NEW_YEAR_2026, generate
from signalbot.storage.candle_store import CandleStore

FRAMES = (FaultKind.LOSE, FaultKind.REPEAT, FaultKind.LATE, FaultKind.GARBLE, FaultKind.CUT)
REPLIES = (
    {"status": 503},
    {"status": 500, "body": "<html>"},
    {"status": 200, "body": '{"code":0}'},
    {"status": 200, "body": "<html>"},
    {"status": 429, "body": '{"code":-1003,"msg":"Too many requests"}', "pause": 20},
    {"status": 418, "body": '{"code":-1003,"msg":"banned"}', "pause": 30},
    {"status": 451, "body": '{"code":0,"msg":"Service unavailable from a restricted location"}'},
)
BEGINS = NEW_YEAR_2026 + DAY_MS + 30_000
KLINES = {"binanceusdm": "klines", "bybit": "kline"}
LONG_S, PATIENCE_S = 86_400.0, 30.0
ON_ITS_WAY_S = 1.0
"""Requests that were on their way when a pause was asked for may arrive so much later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is played: a market, how fast, and until so many minutes passed and faults struck.

    So many minutes of each round its websockets stand, and only what they say is wrong.
    """

    venue: str
    seed: int
    pairs: int
    speed: float
    minutes: int
    faults: int
    steady: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a story, in figures."""

    minutes: int
    struck: Counter[str]
    total: int
    recovered_s: Mapping[str, list[float]]
    figures: Counter[str]

    def __str__(self) -> str:
        recovered = {
            name: f"{min(each):.1f} to {max(each):.1f} s, {len(each)} times"
            for name, each in self.recovered_s.items()
        }
        struck = dict(sorted(self.struck.items()))
        faults = f"{self.minutes} minutes, {self.total} faults: {struck}"
        return f"{faults}\nrecovered: {recovered}\n{dict(self.figures)}"


async def play(folder: Path, story: Story) -> Told:
    """Let a bot watch a venue that fails, and assert what must be true then."""
    market = generate(story.seed, story.pairs, DAY_MS // MINUTE_MS + 2 * story.minutes + 240)
    async with live_bot(folder, market, BEGINS, story.speed, venue=story.venue) as bot:
        await bot.open()
        bot.run()
        chaos = Chaos(bot, story)
        minutes = await chaos.play()
        close = await chaos.calm()
        await bot.stop()
        await bot.market.flush()
        figures = judge(bot, chaos, close)
    assert bot.crashes == []
    return Told(
        minutes=minutes,
        struck=chaos.struck,
        total=chaos.total,
        recovered_s=chaos.recovered_s,
        figures=figures,
    )


class Chaos:
    """Acts on the venue of a bot, scene by scene.

    Attributes
    ----------
    recovered_s : dict of str to list of float
        How long after a reconnect was possible (after a websocket fell silent, for `mute`) frames
        came in again.
    ended : dict of str to int
        Contracts that were delisted or renamed, and when.
    """

    def __init__(self, bot: LiveBot, story: Story) -> None:
        self._bot = bot
        self._story = story
        self._control = bot.server.control
        self._rng = random.Random(story.seed)  # noqa: S311 - a seed, not a secret
        self.recovered_s: dict[str, list[float]] = defaultdict(list)
        self.ended: dict[str, int] = {}
        self._befell: Counter[str] = Counter()

    @property
    def struck(self) -> Counter[str]:
        """How often each kind of fault struck; beside them, how often each status was replied."""
        counts = Counter(self._bot.server.venue.faults.counts) + self._befell
        statuses = self._bot.server.statuses()
        return counts | Counter({f"reply_{each}": n for each, n in statuses.items() if each != 200})

    @property
    def total(self) -> int:
        """How many faults struck."""
        return sum(n for kind, n in self.struck.items() if not kind.startswith("reply_"))

    async def play(self) -> int:
        """Play scenes until the minutes passed and the faults struck; return the minutes."""
        story, began = self._story, self._bot.time()
        acts = [self._drop, self._refuse, self._expire, self._mute, self._skew, self._steady]
        if story.venue == "binanceusdm":  # the other one has no limit that is told by 429
            acts.append(self._limit)
        number = passed = 0
        while number < len(acts) or passed < story.minutes or self.total < story.faults:
            self._rules()
            if number in (2, 4):
                self._end(renamed=number == 4)
            await acts[number % len(acts)]()
            number += 1
            passed = (self._bot.time() - began) // MINUTE_MS
        return passed

    async def calm(self) -> int:
        """Lift everything and wait for the repair; return the close until which all is known."""
        self._control.lift_faults()
        self._control.skew(0)
        self._control.set_limit(NO_LIMIT)
        self._control.set_customs(LONG_S, LONG_S)
        close = self._bot.time() // MINUTE_MS * MINUTE_MS + 2 * MINUTE_MS
        await until(lambda: self._bot.time() > close, PATIENCE_S)
        await self._bot.market.look_at_listings()
        with suppress(TimeoutError):  # `judge` says what is unknown then
            await until(lambda: not unknown(self._bot, self.ended, close), PATIENCE_S)
        return close

    def _rules(self) -> None:
        self._control.lift_faults()
        often = 0.25
        for kind in FaultKind:
            if kind is not FaultKind.REPLY:
                self._add(kind, probability=0.03 if kind in FRAMES else often)
        self._add(FaultKind.LOSE, closed=True, probability=0.1)
        for reply in self._rng.sample(REPLIES, 3):
            headers = {"Retry-After": str(reply["pause"])} if "pause" in reply else {}
            words = {name: value for name, value in reply.items() if name != "pause"}
            self._add(FaultKind.REPLY, probability=often, headers=headers, **words)

    def _add(self, kind: FaultKind, **fault: object) -> None:
        target = KLINES[self._story.venue] if kind in ROW_FAULTS else None
        seed, delay_s = self._rng.randrange(2**31), 0.3
        self._control.add_fault(
            Fault(kind=kind, target=target, seed=seed, delay_s=delay_s, **fault)
        )

    def _end(self, *, renamed: bool) -> None:
        left = [each for each in self._bot.source.series if each not in (BTC, *self.ended)]
        symbol = self._rng.choice(left)
        name = symbol.partition("/")[0] + "USDT"
        self.ended[symbol] = self._bot.time() // MINUTE_MS * MINUTE_MS
        self._befell["renamed" if renamed else "delisted"] += 1
        if renamed:
            self._control.rename(name, "CALLEDNEW")
        else:
            self._control.delist(name)

    async def _drop(self) -> None:
        await self._recovery("drop", self._control.drop)

    async def _mute(self) -> None:
        await self._recovery("mute", self._control.mute)

    async def _refuse(self) -> None:
        seconds = self._rng.uniform(0.3, 2.5)
        await self._recovery("refuse", lambda: self._control.refuse(seconds), seconds)

    async def _expire(self) -> None:
        lifetime_s = self._rng.uniform(0.3, 1.5)
        await self._recovery("expire", lambda: self._control.set_customs(lifetime_s, 0.2))
        self._control.set_customs(LONG_S, LONG_S)

    async def _limit(self) -> None:
        counts = self._bot.server.venue.faults.counts
        self._control.lift_faults()
        before = counts["status_429"]
        self._control.set_limit(0)
        asking = asyncio.create_task(self._bot.market.check_clock())
        await until(lambda: counts["status_429"] > before or asking.done(), PATIENCE_S)
        self._control.set_limit(NO_LIMIT)
        with suppress(UnavailableError):
            await asking

    async def _skew(self) -> None:
        for ms in (self._rng.choice((-1, 1)) * self._rng.randint(3_000, 8_000), 0):
            # in the middle of a minute: no candle that was final runs again
            await until(lambda: 20_000 < self._bot.time() % MINUTE_MS < 40_000)
            self._control.skew(ms)
            self._befell["skewed"] += 1

    async def _steady(self) -> None:
        ends = self._bot.time() + self._story.steady * MINUTE_MS
        await until(lambda: self._bot.time() >= ends, PATIENCE_S)

    async def _recovery(self, name: str, act: Callable[[], object], takes_s: float = 0.0) -> None:
        watch, now = self._bot.market.watch, asyncio.get_running_loop().time
        await self._frames()
        breaks, possible_at = watch.breaks, now() + takes_s
        act()
        await until(lambda: watch.breaks > breaks, PATIENCE_S)
        await until(lambda: now() > possible_at)
        await self._frames()
        self.recovered_s[name].append(now() - possible_at)

    async def _frames(self) -> None:
        watch = self._bot.market.watch
        await until(lambda: self._bot.server.connections > 0, PATIENCE_S)
        heard = watch.counts.frames
        await until(lambda: watch.counts.frames > heard, PATIENCE_S)


def unknown(bot: LiveBot, ended: dict[str, int], close: int) -> list[tuple[str, int]]:
    """Return the minutes until a close that are neither stored nor told to be missing."""
    store = CandleStore(bot.store)
    try:
        found = []
        for symbol in bot.source.series:
            last = min(close, ended.get(symbol, close))
            stored = set(store.candles(symbol, _since(bot), close).open_time.tolist())
            if symbol in ended and is_renamed(bot, symbol):  # nothing can be asked for any more
                last = min(last, max(stored))
            gaps = set(bot.market.watch.gaps.get(symbol, ()))
            minutes = set(range(_since(bot), last, MINUTE_MS))
            found += [(symbol, minute) for minute in sorted(minutes - stored - gaps)]
        return found
    finally:
        store.close()


def is_renamed(bot: LiveBot, symbol: str) -> bool:
    return symbol not in bot.market.calls.client.markets


def judge(bot: LiveBot, chaos: Chaos, close: int) -> Counter[str]:
    """Assert what must be true of the file and of the decisions; return figures to be printed."""
    missing = unknown(bot, chaos.ended, close)
    assert missing == [], missing[:10]
    stored = _judge_candles(bot, close)
    _judge_matches(bot)
    too_soon = _asked_too_soon(bot)
    assert too_soon == [], too_soon[:10]
    assert max(chaos.recovered_s["mute"]) < 10
    assert max(max(each) for each in chaos.recovered_s.values()) < 15
    gaps = sum(len(each) for each in bot.market.watch.gaps.values())
    matches = len(bot.recorder.matched)
    return Counter(stored=stored, gaps=gaps, matches=matches, minutes=len(bot.recorder.minutes))


def _judge_candles(bot: LiveBot, close: int) -> int:
    store = CandleStore(bot.store)
    for symbol, truth in bot.source.series.items():
        mine = store.candles(symbol, int(truth.open_time[0]), close + 10 * MINUTE_MS)
        assert len(mine)
        rows = (mine.open_time - truth.open_time[0]) // MINUTE_MS
        for field in ("open_time", "open", "high", "low", "close", "volume"):
            assert (getattr(mine, field) == getattr(truth, field)[rows]).all(), (symbol, field)
    store.close()
    with sqlite3.connect(bot.store) as file:
        (count,) = file.execute("SELECT COUNT(*) FROM candle").fetchone()
        once = "SELECT COUNT(*) FROM (SELECT DISTINCT symbol, open_time FROM candle, pair"
        distinct = file.execute(f"{once} WHERE pair.id = candle.pair)").fetchone()
    file.close()
    assert distinct == (count,)
    return int(count)


def _judge_matches(bot: LiveBot) -> None:
    minutes = bot.recorder.minutes
    assert minutes == sorted(set(minutes))
    for match in bot.recorder.matched:
        truth = bot.source.series[match.symbol].between(
            match.close_time - MINUTE_MS, match.close_time
        )
        assert match.stored.open_time.tolist() == truth.open_time.tolist()
        assert match.stored.close.tolist() == truth.close.tolist()
        assert (match.high, match.low) == (truth.high[0], truth.low[0])


def _asked_too_soon(bot: LiveBot) -> list[str]:
    asked = bot.server.asked
    pauses = [(each.at, each.pause_s / bot.speed) for each in asked if each.status in (418, 429)]
    return [
        f"{each.endpoint} {each.at - at:.2f} s into a pause of {pause:.2f} s"
        for at, pause in pauses
        for each in asked
        if at + ON_ITS_WAY_S < each.at < at + pause - 0.05
    ]


def _since(bot: LiveBot) -> int:
    return bot.began_at // MINUTE_MS * MINUTE_MS - 60 * MINUTE_MS
