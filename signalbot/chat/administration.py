"""What admins may do from their private chat; who is one is decided by the dispatcher alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from signalbot.chat.ask import Ask
from signalbot.chat.callback_data import button
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.domain.controls import ROLE, Change, threshold, threshold_text
from signalbot.domain.delivery import PostKind
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Role
from signalbot.domain.symbols import find_symbol
from signalbot.domain.timeframe import HOUR_MS
from signalbot.errors import InputError
from signalbot.rendering.admin_texts import (
    announcement_question,
    audit_text,
    change_text,
    overview_text,
    pairs_text,
    roles_text,
    setups_text,
    test_alert_text,
    threshold_question,
    thresholds_text,
    why_pair_text,
)
from signalbot.rendering.health_text import health_text
from signalbot.rendering.reply import Reply
from signalbot.service.admin_ports import ControlLog, Health
from signalbot.service.administer import (
    Actor,
    follow_role,
    give_role,
    put_pair,
    release_pair,
    set_hold,
    set_threshold,
    switch_setup,
    undo,
)
from signalbot.service.chat_ports import MarketView, RecentAlerts
from signalbot.service.delivery_ports import Outbox
from signalbot.service.ports import People

THRESHOLD, HOLDING, ANNOUNCE, UNDO, CANCEL = "setrule", "hold", "announce", "undochg", "cancel"
LONGEST_ANNOUNCEMENT = 900
ANNOUNCEMENT_LIVES_MS = 12 * HOUR_MS
TEST_LIVES_MS = HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminDesk:
    """What the administration works with.

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


@dataclass(frozen=True, slots=True)
class Administration:
    """Answers the commands of admins."""

    desk: AdminDesk

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        table: tuple[tuple[str, str, Callable[[Ask], Answers]], ...] = (
            ("admin", "What differs from the configuration", self.overview),
            ("health", "Is the bot alive", self.health),
            ("pairs", "Watched pairs: /pairs remove layer", self.pairs),
            ("setups", "Setups on and off", self.setups),
            ("thresholds", "Gates and budgets", self.thresholds),
            ("hold", "Publish nothing for now", self.hold),
            ("release", "Publish again", self.release),
            ("audit", "Who changed what", self.audit),
            ("undo_change", "Take a change back: /undo_change 7", self.undo),
            ("announce", "Write to all readers", self.announce),
            ("testalert", "A test alert to yourself", self.test),
            ("roles", "Who may do what", self.roles),
            ("makeadmin", "Make somebody an admin: /makeadmin 123", self._giving(Role.ADMIN)),
            ("dropadmin", "No longer an admin", self._giving(Role.USER)),
            ("block", "Block somebody", self._giving(Role.BLOCKED)),
            ("unblock", "Unblock somebody", self._giving(Role.USER)),
        )
        return tuple(
            Command(name=name, summary=summary, run=run, scope=Scope.ADMIN)
            for name, summary, run in table
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        table: tuple[tuple[str, Callable[[Ask], Answers]], ...] = (
            (THRESHOLD, self.confirm_threshold),
            (HOLDING, self.confirm_hold),
            (ANNOUNCE, self.confirm_announcement),
            (UNDO, self.undo),
            (CANCEL, self.cancel),
        )
        return tuple(Press(verb=verb, run=run, scope=Scope.ADMIN) for verb, run in table)

    def overview(self, ask: Ask) -> Answers:
        """Return everything that differs from the configuration."""
        return (Reply(html=overview_text(self.desk.log.controls(), self.desk.base)),)

    def health(self, ask: Ask) -> Answers:
        """Return how the bot is."""
        return (Reply(html=health_text(self.desk.health.report(ask.now))),)

    def pairs(self, ask: Ask) -> Answers:
        """List pairs, take one in or off, leave it to the universe, or say why it is so."""
        symbols, log = self.desk.market.symbols(), self.desk.log
        if not ask.words:
            return (Reply(html=pairs_text(list(symbols), log.controls())),)
        verb, coin = _two(ask, "/pairs remove layer")
        actor = _actor(ask)
        if verb == "why":
            symbol = find_symbol(coin, symbols)
            text = why_pair_text(symbol, log.controls(), in_universe=symbol in symbols)
            return (Reply(html=text),)
        if verb == "auto":
            return _changed(release_pair(log, actor, coin, symbols))
        if verb not in ("add", "remove"):
            raise InputError("/pairs", verb, "add, remove, auto or why: /pairs remove layer")
        return _changed(put_pair(log, actor, coin, symbols, on=verb == "add"))

    def setups(self, ask: Ask) -> Answers:
        """List setups, or switch one."""
        if not ask.words:
            return (Reply(html=setups_text(self.desk.log.controls())),)
        verb, name = _two(ask, "/setups off range_breakout")
        if verb not in ("on", "off"):
            raise InputError("/setups", verb, "on or off: /setups off range_breakout")
        return _changed(switch_setup(self.desk.log, _actor(ask), name, on=verb == "on"))

    def thresholds(self, ask: Ask) -> Answers:
        """List thresholds, or ask whether one shall be changed."""
        if not ask.words:
            rules = self.desk.log.controls().rules(self.desk.base)
            return (Reply(html=thresholds_text(rules, self.desk.base)),)
        name, text = _two(ask, "/thresholds max_cost_r 0.2")
        value = threshold_text(threshold(name, text))
        keyboard = ((button(f"Set {value}", THRESHOLD, name, value), button("Cancel", CANCEL)),)
        return (Reply(html=threshold_question(name, value), keyboard=keyboard),)

    def confirm_threshold(self, ask: Ask) -> Answers:
        """Change a threshold."""
        name, _, value = ask.text.partition(":")
        return _changed(set_threshold(self.desk.log, _actor(ask), name, value, self.desk.base))

    def hold(self, ask: Ask) -> Answers:
        """Ask whether publishing shall be held."""
        html = "Publish nothing until /release? Open alerts go on, matches are refused by name."
        keyboard = ((button("Hold", HOLDING), button("Cancel", CANCEL)),)
        return (Reply(html=html, keyboard=keyboard),)

    def confirm_hold(self, ask: Ask) -> Answers:
        """Publish nothing any more."""
        return _changed(set_hold(self.desk.log, _actor(ask), on_hold=True))

    def release(self, ask: Ask) -> Answers:
        """Publish again."""
        return _changed(set_hold(self.desk.log, _actor(ask), on_hold=False))

    def audit(self, ask: Ask) -> Answers:
        """Return the newest changes."""
        return (Reply(html=audit_text(self.desk.log.newest(20))),)

    def undo(self, ask: Ask) -> Answers:
        """Take back a change, the newest if none is named."""
        newest = self.desk.log.newest(1)
        number = ask.text.strip().lstrip("#") or (str(newest[0].number) if newest else "0")
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            raise InputError("change", ask.text[:20], "a number in /audit, such as 7")
        undone = undo(self.desk.log, _actor(ask), int(number))
        if undone is not None and undone.key.startswith(ROLE):
            reader = int(undone.key.removeprefix(ROLE))
            follow_role(self.desk.people, self.desk.log.controls(), reader)
        return _changed(undone)

    def roles(self, ask: Ask) -> Answers:
        """Return who may do what."""
        return (Reply(html=roles_text(self.desk.log.controls(), self.desk.owners)),)

    def announce(self, ask: Ask) -> Answers:
        """Show an announcement as it would go out, and ask."""
        text = ask.text.strip()
        if not 1 <= len(text) <= LONGEST_ANNOUNCEMENT:
            allowed = f"1 to {LONGEST_ANNOUNCEMENT} characters: /announce We move to a new channel."
            raise InputError("announcement", f"{len(text)} characters", allowed)
        readers = self.desk.health.report(ask.now).readers
        html = escape(text)
        draft = self.desk.outbox.put(
            f"draft:{ask.reader}:{ask.now}", PostKind.ANNOUNCEMENT, html, (), ask.now, ask.now
        )
        assert draft == 0  # noqa: S101 - a draft goes to nobody
        keyboard = ((button("Send to all", ANNOUNCE, ask.now), button("Cancel", CANCEL)),)
        return (Reply(html=announcement_question(html, readers), keyboard=keyboard),)

    def confirm_announcement(self, ask: Ask) -> Answers:
        """Send the announcement that was shown to this admin."""
        subject = f"draft:{ask.reader}:{ask.text}"
        html = self.desk.outbox.text_of(subject)
        if html is None:
            raise InputError("announcement", "gone", "a new one: /announce")
        chats = self.desk.outbox.put(
            f"announcement:{ask.reader}:{ask.text}",
            PostKind.ANNOUNCEMENT,
            html,
            "everybody",
            ask.now,
            ask.now + ANNOUNCEMENT_LIVES_MS,
        )
        return (Reply(html=f"On its way to {chats} chats.", replaces=True),)

    def test(self, ask: Ask) -> Answers:
        """Send a test alert to oneself through the outbox."""
        newest = self.desk.alerts.newest(1)
        if not newest:
            return (Reply(html="There is no alert yet that could be sent as a test."),)
        html = test_alert_text(newest[-1])
        subject = f"test:{ask.reader}:{ask.now}"
        self.desk.outbox.put(
            subject, PostKind.NEWS, html, [ask.reader], ask.now, ask.now + TEST_LIVES_MS
        )
        return (Reply(html="A test alert is on its way through the outbox, marked TEST."),)

    def cancel(self, ask: Ask) -> Answers:
        """Change nothing."""
        return (Reply(html="Nothing was changed.", replaces=True),)

    def _giving(self, role: Role) -> Callable[[Ask], Answers]:
        def give(ask: Ask) -> Answers:
            text = ask.text.strip()
            if not (text.isascii() and text.isdigit() and len(text) <= 15):
                raise InputError("id", text[:20] or "nothing", "the number of a Telegram user")
            actor = _actor(ask)
            is_owner = ask.role is Role.OWNER
            if role is Role.ADMIN and not is_owner:
                raise InputError("role", "admin", "what an owner alone may give")
            was_admin = self.desk.log.controls().role_of(int(text)) is Role.ADMIN
            if was_admin and not is_owner:
                raise InputError(
                    "id", text, "somebody who is no admin: an owner decides about them"
                )
            given = give_role(self.desk.log, actor, int(text), role, self.desk.owners)
            follow_role(self.desk.people, self.desk.log.controls(), int(text))
            return _changed(given)

        return give


def _actor(ask: Ask) -> Actor:
    return Actor(who=ask.reader, at=ask.now)


def _changed(change: Change | None) -> Answers:
    keyboard = () if change is None else ((button("Undo", UNDO, change.number),),)
    return (Reply(html=change_text(change), keyboard=keyboard),)


def _two(ask: Ask, example: str) -> tuple[str, str]:
    words = ask.words
    if len(words) != 2:
        raise InputError(example.split()[0], ask.text[:60], f"two words, for example {example}")
    return words[0].lower(), words[1]
