"""Come, answer four questions by taps or words, subscribe, and go."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.callback_data import button
from signalbot.chat.command import EVERYWHERE, Answers, Command, Press, Scope
from signalbot.chat.desk import ChatDesk
from signalbot.chat.sizing import Sizing
from signalbot.domain.onboarding import Step, offered
from signalbot.domain.place import Place, PlaceKind
from signalbot.domain.subscriber import Subscriber
from signalbot.errors import InputError
from signalbot.rendering.alert_keyboard import SIZE, START_SIZE
from signalbot.rendering.group_texts import GROUP_LEAVES, GROUP_NEEDS_ADMIN, GROUP_SUBSCRIBED
from signalbot.rendering.onboarding_texts import (
    SKIP_LABEL,
    came_from_text,
    choice_label,
    finished_text,
    question_text,
    welcome_text,
)
from signalbot.rendering.reply import Keyboard, Reply
from signalbot.rendering.settings_texts import subscription_text
from signalbot.service.subscribe import answer, skip, start, subscribe, unsubscribe

_A_ROW = 3
ANSWER, SKIP = "answer", "skipq"
_SIZE_LINK = re.compile(rf"{START_SIZE}([0-9]{{1,12}})")
SAY_WHAT = Reply(html="Say it with a command: /help lists them.")


@dataclass(frozen=True, slots=True)
class Joining:
    """Answers /start, /subscribe, /unsubscribe and the taps of the four questions."""

    desk: ChatDesk
    listed: Callable[[], Sequence[Command]]
    """Gives every command, for links that lead to one."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        return (
            Command(name="start", summary="Begin: four questions make sizes yours", run=self.start),
            Command(name="subscribe", summary="Get alerts", run=self.subscribe, scope=EVERYWHERE),
            Command(
                name="unsubscribe", summary="No more alerts", run=self.unsubscribe, scope=EVERYWHERE
            ),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (Press(verb=ANSWER, run=self.tap), Press(verb=SKIP, run=self.skip))

    def start(self, ask: Ask) -> Answers:
        """Welcome a reader and ask the first question, or follow a link.

        Anybody can make a link, so one changes nothing of a reader who is known: it leads to the
        size of an alert, or shows a command that can be tapped.
        """
        known = self.desk.people.get(ask.reader)
        linked = _SIZE_LINK.fullmatch(ask.text.strip())
        if known is not None and linked:
            return Sizing(self.desk).of_alert(linked[1], known)
        if known is not None and (command := self._named(ask.text)):
            return (Reply(html=f"/{command.name} · {escape(command.summary)}"),)
        reader = start(self.desk.people, ask.reader, ask.now)
        came_from = (_came_from(int(linked[1])),) if linked else ()
        return Reply(html=welcome_text()), *came_from, self._question(reader)

    def subscribe(self, ask: Ask) -> Answers:
        """Send alerts to a reader again, or to a group whose admin asks."""
        if ask.kind is ChatKind.GROUP:
            return self._group(ask, joins=True)
        return (Reply(html=subscription_text(subscribe(self.desk.people, ask.reader))),)

    def unsubscribe(self, ask: Ask) -> Answers:
        """Send no alerts any more."""
        if ask.kind is ChatKind.GROUP:
            return self._group(ask, joins=False)
        return (Reply(html=subscription_text(unsubscribe(self.desk.people, ask.reader))),)

    def tap(self, ask: Ask) -> Answers:
        """Store a tapped answer and ask the next question in its place."""
        name, _, said = ask.text.partition(":")
        step = _step(name)
        reader = answer(self.desk.people, ask.reader, step, said, self.desk.venues)
        return (self._following(reader, replaces=True),)

    def skip(self, ask: Ask) -> Answers:
        """Leave a question unanswered."""
        reader = skip(self.desk.people, ask.reader, _step(ask.text))
        return (self._following(reader, replaces=True),)

    def typed(self, ask: Ask) -> Answers:
        """Take words that are no command as the answer to the question that stands open."""
        known = self.desk.people.get(ask.reader)
        if known is None or known.question is None:
            return (SAY_WHAT,)
        reader = answer(self.desk.people, ask.reader, known.question, ask.text, self.desk.venues)
        return (self._following(reader, replaces=False),)

    def _named(self, text: str) -> Command | None:
        names = {each.name: each for each in self.listed() if Scope.ADMIN not in each.scope}
        return names.get(text.strip())

    def _following(self, reader: Subscriber, *, replaces: bool) -> Reply:
        if reader.question is None:
            return Reply(html=finished_text(reader), replaces=replaces)
        return self._question(reader, replaces=replaces)

    def _question(self, reader: Subscriber, *, replaces: bool = False) -> Reply:
        step = reader.question or Step.VENUE
        return Reply(
            html=question_text(step, reader),
            keyboard=answers_keyboard(step, self.desk.venues),
            replaces=replaces,
        )

    def _group(self, ask: Ask, *, joins: bool) -> Answers:
        if not ask.is_group_admin:
            return (Reply(html=GROUP_NEEDS_ADMIN),)
        if not joins:
            self.desk.places.remove(ask.chat)
            return (Reply(html=GROUP_LEAVES),)
        known = self.desk.places.get(ask.chat)
        kind = PlaceKind.GROUP if known is None else known.kind
        self.desk.places.put(Place(chat=ask.chat, kind=kind, title=ask.title, thread=ask.thread))
        return (Reply(html=GROUP_SUBSCRIBED),)


def answers_keyboard(step: Step, venues: Sequence[str]) -> Keyboard:
    """Return the answers that a tap gives, and a way around the question in the last row."""
    taps = [
        button(choice_label(step, value), ANSWER, step.value, value)
        for value in offered(step, venues)
    ]
    rows = [tuple(taps[first : first + _A_ROW]) for first in range(0, len(taps), _A_ROW)]
    return (*rows, (button(SKIP_LABEL, SKIP, step.value),))


def _came_from(seq: int) -> Reply:
    return Reply(html=came_from_text(seq), keyboard=((button(f"Size #{seq}", SIZE, seq),),))


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        raise InputError("question", name, "one of this bot's: send /start again") from None
