"""How the bot is, from what its parts say of themselves."""

from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import Engine, func, select

from signalbot.app.live_market import LiveMarket
from signalbot.app.minutes import MinuteLoop
from signalbot.app.recorder import Recorder
from signalbot.app.scheduler import Jobs
from signalbot.domain.timeframe import HOUR_MS
from signalbot.rendering.health_report import HealthReport
from signalbot.storage.database import reading
from signalbot.storage.outbox import SqlOutbox
from signalbot.storage.tables import SUBSCRIBER
from signalbot.telegram.connection import Connection
from signalbot.telegram.sender import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class BotHealth:
    """`service.admin_ports.Health` of a running bot."""

    engine: Engine
    recorder: Recorder
    minutes: MinuteLoop
    market: LiveMarket
    jobs: Jobs
    sender: Sender
    connection: Connection
    started_at: int
    version: str

    def report(self, now: int) -> HealthReport:
        """Return how the bot is."""
        live = self.recorder.live
        is_reached = SUBSCRIBER.c.subscribed, SUBSCRIBER.c.reachable
        with reading(self.engine) as connection:
            readers = connection.execute(
                select(func.count()).select_from(SUBSCRIBER).where(*is_reached)
            ).scalar_one()
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return HealthReport(
            now=now,
            started_at=self.started_at,
            version=self.version,
            troubles=tuple(self._troubles()),
            last_minute=live.last_close,
            feed_at=self._newest_candle(now),
            late_minutes=live.late,
            pairs=len(self.market.world.watched),
            readers=readers,
            database_bytes=pages * size,
            disk_free_bytes=disk_usage(Path(self.engine.url.database or ".").parent).free,
            open_alerts=self.recorder.open_alerts,
            skipped=self.minutes.skipped,
            matched_within_s=self.minutes.match_s.at(0.99),
            decided_within_s=self.minutes.decide_s.at(0.99),
            breaks=self.market.watch.breaks,
            gaps=sum(len(each) for each in self.market.watch.gaps.values()),
            misfires=sum(self.jobs.misfires.values()),
            outbox=SqlOutbox(self.engine).counts(),
        )

    def _newest_candle(self, now: int) -> int | None:
        world = self.market.world
        timeframe = world.timeframe
        candles = world.feed.btc(timeframe.floor(now), HOUR_MS // timeframe.step_ms)
        return int(candles.open_time[-1]) + timeframe.step_ms if len(candles.open_time) else None

    def _troubles(self) -> list[str]:
        told = {
            "record": self.minutes.trouble,
            "sending": self.sender.trouble,
            "updates": self.connection.trouble,
        }
        troubles = [f"{part}: {trouble}" for part, trouble in told.items() if trouble is not None]
        if not self.sender.has_lease:
            troubles.append("sending: another process has the lease")
        troubles += [f"market: {trouble}" for trouble in self.market.troubles()]
        return troubles
