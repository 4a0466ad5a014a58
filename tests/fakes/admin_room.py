"""A chat room with its administration, on a real database."""

from fakes.chat_room import BOSS, NOW, ChatRoom, data
from sqlalchemy import Engine

from signalbot.chat.admin_desk import AdminDesk
from signalbot.chat.administration import Administration
from signalbot.chat.front_desk import front_desk
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Role
from signalbot.rendering.health_report import HealthReport
from signalbot.rendering.reply import Reply
from signalbot.storage.alerts import SqlAlerts
from signalbot.storage.controls import SqlControlLog
from signalbot.storage.outbox import SqlOutbox


class RoomHealth:
    """`service.admin_ports.Health` of a bot that is well."""

    def report(self, now: int) -> HealthReport:
        return HealthReport(
            now=now,
            started_at=NOW - 7_200_000,
            version="0.1.0",
            troubles=(),
            last_minute=now - 3_000,
            feed_at=now - 3_000,
            late_minutes=0,
            pairs=3,
            readers=2,
            database_bytes=3 * 2**20,
            disk_free_bytes=2**40,
            open_alerts=1,
            outbox={"sent": 7, "resent": 0},
        )


class AdminRoom(ChatRoom):
    """A chat room with its administration."""

    def __init__(self, engine: Engine) -> None:
        self.log = SqlControlLog(engine)
        super().__init__(engine)
        desk = AdminDesk(
            log=self.log,
            people=self.people,
            health=RoomHealth(),
            outbox=SqlOutbox(engine),
            market=self.market,
            alerts=SqlAlerts(engine),
            base=Rules(),
            owners=[BOSS],
        )
        self.administration = administration = Administration(desk)
        self.dispatcher, self.commands = front_desk(
            self.desk, self.role_of, administration.commands, administration.presses
        )

    def role_of(self, reader: int) -> Role:
        given = super().role_of(reader)
        return self.log.controls().role_of(reader) if given is Role.USER else given

    def admin(self, words: str, who: int = BOSS) -> str:
        return self.text(words, who)

    def tap(self, label: str, words: str, who: int = BOSS) -> Reply:
        """Send a command, press a button of its answer, and return what that is answered with."""
        (question,) = self.say(words, who)
        (answer,) = self.press(data(question)[label], who)
        return answer
