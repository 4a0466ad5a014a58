"""Tell everybody something, after a look at it; and try whether alerts arrive."""

from dataclasses import dataclass

from signalbot.chat.admin_desk import AdminDesk, actor, asking
from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.rendering.announcement import announced_text, announcement_question
from signalbot.rendering.reply import Reply
from signalbot.service.announce import announce, draft, send_trial_alert

ANNOUNCE = "announce"


@dataclass(frozen=True, slots=True)
class Announcing:
    """Answers /announce and /testalert."""

    desk: AdminDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        announcing = Command(
            name="announce", summary="Write to everybody", run=self.announce, scope=Scope.ADMIN
        )
        trying = Command(
            name="testalert", summary="A test alert to yourself", run=self.test, scope=Scope.ADMIN
        )
        return announcing, trying

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (Press(verb=ANNOUNCE, run=self.confirm, scope=Scope.ADMIN),)

    def announce(self, ask: Ask) -> Answers:
        """Show an announcement as it would go out, and ask."""
        name, html = draft(self.desk.outbox, actor(ask), ask.text)
        readers = self.desk.health.report(ask.now).readers
        yes = button("Send to all", ANNOUNCE, name)
        return asking(announcement_question(html, readers), yes)

    def confirm(self, ask: Ask) -> Answers:
        """Send the announcement that was shown to this admin."""
        chats = announce(self.desk.outbox, self.desk.log, actor(ask), ask.text)
        return (Reply(html=announced_text(chats), replaces=True),)

    def test(self, ask: Ask) -> Answers:
        """Send a test alert to oneself through the outbox."""
        newest = self.desk.alerts.newest(1)
        if not newest:
            return (Reply(html="There is no alert yet that could be sent as a test."),)
        send_trial_alert(self.desk.outbox, actor(ask), newest[-1])
        return (Reply(html="A test alert is on its way through the outbox, marked TEST."),)
