"""What admins may do from their private chat; who is one is decided by the dispatcher alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from signalbot.chat.admin_desk import CANCEL, UNDO, AdminDesk, actor, asking, told
from signalbot.chat.announcing import Announcing
from signalbot.chat.appointing import Appointing
from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.chat.switching import Switching
from signalbot.errors import InputError
from signalbot.rendering.admin_texts import overview_text
from signalbot.rendering.audit_text import CHANGES, audit_text, undo_question
from signalbot.rendering.health_text import health_text
from signalbot.rendering.reply import Reply
from signalbot.service.administer import taken_back, undo

PAGE = "adminpage"
_ROWS = (("health", "audit", "roles"), ("pairs", "setups", "thresholds"))


@dataclass(frozen=True, slots=True)
class Administration:
    """Answers /admin, /health, /audit and /undo_change, and gathers what else admins may do."""

    desk: AdminDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of admins."""
        table: tuple[tuple[str, str, Callable[[Ask], Answers]], ...] = (
            ("admin", "What differs from the configuration", self.overview),
            ("health", "Is the bot alive", self.health),
            ("audit", "Who changed what", self.audit),
            ("undo_change", "Take a change back: /undo_change 7", self.undo),
        )
        own = (
            Command(name=name, summary=summary, run=run, scope=Scope.ADMIN)
            for name, summary, run in table
        )
        return (
            *own,
            *Switching(self.desk).commands,
            *Announcing(self.desk).commands,
            *Appointing(self.desk).commands,
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of admins."""
        table: tuple[tuple[str, Callable[[Ask], Answers]], ...] = (
            (PAGE, self.page),
            (UNDO, self.confirm_undo),
            (CANCEL, self.cancel),
        )
        return (
            *(Press(verb=verb, run=run, scope=Scope.ADMIN) for verb, run in table),
            *Switching(self.desk).presses,
            *Announcing(self.desk).presses,
            *Appointing(self.desk).presses,
        )

    def overview(self, ask: Ask) -> Answers:
        """Return everything that differs from the configuration, with a button for each page."""
        controls = self.desk.log.controls()
        publishing = "release" if controls.on_hold else "hold"
        rows = (*_ROWS, (publishing,))
        keyboard = tuple(
            tuple(button(name.capitalize(), PAGE, name) for name in row) for row in rows
        )
        return (Reply(html=overview_text(controls, self.desk.base), keyboard=keyboard),)

    def page(self, ask: Ask) -> Answers:
        """Answer a button of the overview as its command without arguments."""
        switching = Switching(self.desk)
        pages: Mapping[str, Callable[[Ask], Answers]] = {
            "health": self.health,
            "audit": self.audit,
            "roles": Appointing(self.desk).roles,
            "pairs": switching.pairs,
            "setups": switching.setups,
            "thresholds": switching.thresholds,
            "hold": switching.hold,
            "release": switching.release,
        }
        if ask.text not in pages:
            raise InputError("page", ask.text, f"one of {', '.join(pages)}")
        return pages[ask.text](replace(ask, text=""))

    def health(self, ask: Ask) -> Answers:
        """Return how the bot is."""
        on_hold = self.desk.log.controls().on_hold
        return (Reply(html=health_text(self.desk.health.report(ask.now), on_hold=on_hold)),)

    def audit(self, ask: Ask) -> Answers:
        """Return the newest changes."""
        return (Reply(html=audit_text(self.desk.log.newest(CHANGES))),)

    def undo(self, ask: Ask) -> Answers:
        """Ask whether a change shall be taken back, the newest if none is named."""
        change = taken_back(self.desk.log, _number(ask.text) if ask.text.strip() else None)
        return asking(undo_question(change), button("Take it back", UNDO, change.number))

    def confirm_undo(self, ask: Ask) -> Answers:
        """Take a change back."""
        return told(undo(self.desk.log, actor(ask), _number(ask.text)))

    def cancel(self, ask: Ask) -> Answers:
        """Change nothing."""
        return (Reply(html="Nothing was changed.", replaces=True),)


def _number(text: str) -> int:
    word = text.strip().lstrip("#")
    if not (word.isascii() and word.isdigit() and len(word) < 12):
        raise InputError("change", text[:20], "a number in /audit, such as 7")
    return int(word)
