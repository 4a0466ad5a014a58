"""What the commands of admins work with."""

from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers
from signalbot.domain.controls import Change
from signalbot.domain.rules import Rules
from signalbot.rendering.audit_text import change_text
from signalbot.rendering.reply import Button, Reply
from signalbot.service.admin_ports import ControlLog, Health
from signalbot.service.administer import Actor
from signalbot.service.appoint import Staff
from signalbot.service.chat_ports import MarketView, RecentAlerts
from signalbot.service.delivery_ports import Outbox
from signalbot.service.ports import People

UNDO, CANCEL = "undochg", "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminDesk:
    """The ports of the administration.

    Attributes
    ----------
    base : Rules
        The thresholds of the configuration.
    owners : sequence of int
        Who is an owner by the configuration.
    """

    log: ControlLog
    people: People
    health: Health
    outbox: Outbox
    market: MarketView
    alerts: RecentAlerts
    base: Rules
    owners: Sequence[int]

    @property
    def staff(self) -> Staff:
        """Where roles are kept."""
        return Staff(log=self.log, people=self.people, owners=self.owners)


def actor(ask: Ask) -> Actor:
    """Return who asks, as who changes something."""
    return Actor(who=ask.reader, at=ask.now)


def asking(html: str, yes: Button) -> Answers:
    """Return a question that a button answers, and one that does not."""
    return (Reply(html=html, keyboard=((yes, button("Cancel", CANCEL)),)),)


def told(change: Change | None, *, replaces: bool = False) -> Answers:
    """Return what was changed, with a button that takes it back."""
    keyboard = () if change is None else ((button("Undo", UNDO, change.number),),)
    return (Reply(html=change_text(change), keyboard=keyboard, replaces=replaces),)
