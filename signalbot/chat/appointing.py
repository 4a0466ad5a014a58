"""Who runs the bot and who is kept out; a role is given only after a second tap."""

from collections.abc import Callable
from dataclasses import dataclass

from signalbot.chat.admin_desk import AdminDesk, actor, asking
from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.domain.controls import Change
from signalbot.domain.subscriber import Role
from signalbot.rendering.audit_text import change_text
from signalbot.rendering.reply import Reply
from signalbot.rendering.role_texts import role_question, roles_text
from signalbot.service.administer import Actor
from signalbot.service.appoint import Staff, block, drop_admin, make_admin, reader_from, unblock

BLOCK, MAKE, DROP = "block", "makeadmin", "dropadmin"
OWNERS = Scope.ADMIN | Scope.OWNER
_Appoint = Callable[[Staff, Actor, int], Change | None]


@dataclass(frozen=True, slots=True)
class Appointing:
    """Answers /roles, /block, /unblock, /makeadmin and /dropadmin."""

    desk: AdminDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        table: tuple[tuple[str, str, Callable[[Ask], Answers], Scope], ...] = (
            ("roles", "Who may do what", self.roles, Scope.ADMIN),
            ("block", "Block somebody: /block 123", _asking(BLOCK, Role.BLOCKED), Scope.ADMIN),
            ("unblock", "Unblock somebody", self._doing(unblock), Scope.ADMIN),
            ("makeadmin", "Make somebody an admin", _asking(MAKE, Role.ADMIN), OWNERS),
            ("dropadmin", "No longer an admin", _asking(DROP, Role.USER), OWNERS),
        )
        return tuple(
            Command(name=name, summary=summary, run=run, scope=scope)
            for name, summary, run, scope in table
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (
            Press(verb=BLOCK, run=self._doing(block, replaces=True), scope=Scope.ADMIN),
            Press(verb=MAKE, run=self._doing(make_admin, replaces=True), scope=OWNERS),
            Press(verb=DROP, run=self._doing(drop_admin, replaces=True), scope=OWNERS),
        )

    def roles(self, ask: Ask) -> Answers:
        """Return who may do what."""
        return (Reply(html=roles_text(self.desk.log.controls(), self.desk.owners)),)

    def _doing(self, appoint: _Appoint, *, replaces: bool = False) -> Callable[[Ask], Answers]:
        def run(ask: Ask) -> Answers:
            change = appoint(self.desk.staff, actor(ask), reader_from(ask.text))
            return (Reply(html=change_text(change), replaces=replaces),)

        return run


def _asking(verb: str, role: Role) -> Callable[[Ask], Answers]:
    labels = {Role.BLOCKED: "Block", Role.ADMIN: "Make an admin", Role.USER: "Take it away"}

    def run(ask: Ask) -> Answers:
        reader = reader_from(ask.text)
        return asking(role_question(reader, role), button(labels[role], verb, reader))

    return run
