"""The same candles give the same alerts, through a venue's websockets and through a replay."""

import asyncio
from pathlib import Path

import pytest

from signalbot.app.clock import Clock
from signalbot.app.live_market import LiveMarket
from signalbot.app.market_plan import MarketPlan
from signalbot.app.recorder import Recorder
from signalbot.app.replaying import Account, Scene, replay_scene
from signalbot.app.sandbox_market import ANY_SIZE
from signalbot.config import load_settings
from signalbot.domain.controls import Controls
from signalbot.domain.delivery import Sent
from signalbot.domain.panel import build_panel
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.timeframe import DAY_MS, M1, MINUTE_MS
from signalbot.market.candle_grid import BTC
from signalbot.market.recorded import RecordedMarket
from signalbot.record.entries import Entry, EntryType
from signalbot.record.signing import demonstration_signer
from signalbot.sandbox.exchange.faults import Fault, FaultKind
from signalbot.sandbox.exchange.server import ExchangeServer
from signalbot.sandbox.exchange.venue_clock import VenueClock
from signalbot.sandbox.market import NEW_YEAR_2026, GeneratedMarket, generate
from signalbot.service.gathering import Gathering
from signalbot.service.settle_delivery import settle
from signalbot.storage.database import open_database
from signalbot.storage.ledger import SqlLedger
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.places import SqlPlaces
from signalbot.storage.schema import migrate

SETTINGS = load_settings({}, None)
BEGINS = NEW_YEAR_2026 + 2 * DAY_MS
MINUTES = 180
VENUE = "binanceusdm"


class DrivenClock(Clock):
    """Shows what the venue's clock shows."""

    def __init__(self, venue: VenueClock) -> None:
        super().__init__()
        self._venue = venue

    def now(self) -> int:
        return self._venue()


def alerts(path: Path) -> list[Entry]:
    with open_database(path) as engine:
        ledger = SqlLedger(engine, demonstration_signer())
        return [each for each in ledger.entries() if each.type is EntryType.ALERT]


def outcomes(path: Path) -> list[tuple[str, str, str]]:
    with open_database(path) as engine:
        entries = list(SqlLedger(engine, demonstration_signer()).entries())
    ids = {each.seq: each.body["id"] for each in entries if each.type is EntryType.ALERT}
    return sorted(
        (ids[each.body["alert_seq"]], each.body["outcome"], str(each.body["net_r"]))
        for each in entries
        if each.type is EntryType.OUTCOME
    )


def deliver(recorder: Recorder, outbox: SqlOutbox, now: int) -> None:
    for row in outbox.claim(now, 100):
        if recorder.compose([row], now)[0] is not None:
            outbox.settle([settle(row, Sent(message_id=row.id, at=now), now)], {})
    recorder.deliver(now)


async def live(market: GeneratedMarket, folder: Path) -> None:
    clock = VenueClock(BEGINS + 5_000, 0)
    server = ExchangeServer(market, clock)
    # what was not recorded is not known to a replay either
    server.control.add_fault(Fault(kind=FaultKind.REPLY, target="depth", status=503))
    server.control.set_limit(10**6)
    url = await server.start()
    plan = MarketPlan(
        kind="live",
        venue=VENUE,
        name=VENUE,
        url=url,
        store=folder / "live.candles",
        rules=ANY_SIZE,
    )
    watched = LiveMarket(plan, DrivenClock(clock))
    watched.calls.client.enableRateLimit = False
    migrate(folder / "live.db")
    with open_database(folder / "live.db") as engine:
        SqlPlaces(engine).put(Place(chat=-900, kind=PlaceKind.CHANNEL))
        signer = demonstration_signer()
        recorder = Recorder(watched.world, engine, signer, SETTINGS, "honest_bot")
        recorder.begin(clock(), [])
        await watched.open(Controls(), None, ())
        recorder.watch(clock())
        for minute in range(1, MINUTES + 1):
            close = BEGINS + minute * MINUTE_MS
            clock.advance(close + 2_500 - clock())
            async with asyncio.timeout(30):
                while len(watched.watch.closings.at(close)) < len(market.series):
                    await asyncio.sleep(0.005)
            gathering = Gathering(watched.world.feed, recorder.setups, close)
            gathering.match(list(watched.world.watched))
            await watched.flush()
            recorder.minute(gathering.minute(), close + 2_500)
            deliver(recorder, SqlOutbox(engine), close + 2_500)
    await watched.close()
    await server.stop()


def replayed(market: GeneratedMarket, folder: Path) -> None:
    until = BEGINS + MINUTES * MINUTE_MS
    series = {symbol: candles.between(None, until) for symbol, candles in market.series.items()}
    btc = series.pop(BTC)
    instruments = {
        symbol: contract for symbol, contract in market.instruments.items() if symbol in series
    }
    panel = build_panel(dict(sorted(series.items())), M1)
    history = RecordedMarket(
        panel=panel, btc=btc, instruments=instruments, rates={}, gaps={}, built_from=None
    )
    scene = Scene(
        kind="replay",
        venue=VENUE,
        panel=panel,
        btc=btc,
        instruments=instruments,
        history=history,
        since=BEGINS,
    )
    account = Account(profile=SETTINGS.reference_profile, rules=SETTINGS.rules)
    replay_scene(scene, folder / "replay.db", account)


@pytest.mark.parametrize("seed", [11])
def test_both_give_the_same_alerts_with_the_same_ids(tmp_path: Path, seed: int) -> None:
    market = generate(seed, 24, (2 * DAY_MS // MINUTE_MS) + MINUTES + 10)
    asyncio.run(live(market, tmp_path))
    replayed(market, tmp_path)

    mine, theirs = alerts(tmp_path / "live.db"), alerts(tmp_path / "replay.db")
    assert len(theirs) >= 3
    assert [each.body["id"] for each in mine] == [each.body["id"] for each in theirs]
    assert [each.body for each in mine] == [each.body for each in theirs]
    assert outcomes(tmp_path / "live.db") == outcomes(tmp_path / "replay.db")
