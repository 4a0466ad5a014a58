"""How the bot is, from what its parts say of themselves."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from signalbot.app.minutes import MinuteLoop
from signalbot.app.recorder import Recorder
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
    sender: Sender
    connection: Connection
    started_at: int
    version: str
    pairs: int

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
            late_minutes=live.late,
            pairs=self.pairs,
            readers=readers,
            database_bytes=pages * size,
            open_alerts=self.recorder.open_alerts,
            outbox=SqlOutbox(self.engine).counts(),
        )

    def _troubles(self) -> list[str]:
        told = {
            "market": self.minutes.trouble,
            "sending": self.sender.trouble,
            "updates": self.connection.trouble,
        }
        troubles = [f"{part}: {trouble}" for part, trouble in told.items() if trouble is not None]
        if not self.sender.has_lease:
            troubles.append("sending: another process has the lease")
        if self.minutes.has_ended:
            troubles.append("market: the simulation has come to its end")
        return troubles
