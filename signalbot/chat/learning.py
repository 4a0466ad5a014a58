"""Lessons, help, what is kept of a reader, and how it is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.callback_data import button
from signalbot.chat.command import EVERYWHERE, Answers, Command, Press, Scope
from signalbot.chat.desk import ChatDesk
from signalbot.errors import InputError, UnavailableError
from signalbot.rendering.consent_texts import (
    FORGET_AGAIN,
    FORGET_LABEL,
    KEEP_LABEL,
    forget_question,
    forgotten_text,
    privacy_text,
)
from signalbot.rendering.help_text import help_text
from signalbot.rendering.lessons import LESSONS, Lesson, learn_text, lesson_text
from signalbot.rendering.reply import Keyboard, Reply
from signalbot.service.forget_reader import forget_reader

LEARN, FORGET, KEEP = "learn", "forget", "keep"


@dataclass(frozen=True, slots=True)
class Learning:
    """Answers /learn, /help, /privacy and /forgetme."""

    desk: ChatDesk
    listed: Callable[[], Sequence[Command]]
    """Gives every command, for /help."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of this module."""
        return (
            Command(name="learn", summary="Six short lessons", run=self.learn, scope=EVERYWHERE),
            Command(name="help", summary="What you can ask", run=self.help, scope=EVERYWHERE),
            Command(name="privacy", summary="What is kept of you", run=self.privacy),
            Command(name="forgetme", summary="Delete everything of you", run=self.ask_to_forget),
        )

    @property
    def presses(self) -> tuple[Press, ...]:
        """The buttons of this module."""
        return (
            Press(verb=LEARN, run=self.learn, scope=EVERYWHERE),
            Press(verb=FORGET, run=self.forget),
            Press(verb=KEEP, run=self.keep),
        )

    def learn(self, ask: Ask) -> Answers:
        """Return a lesson, or the list of them."""
        if not ask.text:
            return (Reply(html=learn_text(), keyboard=_lessons()),)
        lesson = next((each for each in LESSONS if each.name == ask.text.strip().lower()), None)
        if lesson is None:
            names = ", ".join(each.name for each in LESSONS)
            raise InputError("lesson", ask.text[:20], f"one of {names}: /learn size")
        return (Reply(html=lesson_text(lesson), keyboard=_next(lesson)),)

    def help(self, ask: Ask) -> Answers:
        """Return what can be asked here."""
        scope = Scope.GROUP if ask.kind is ChatKind.GROUP else Scope.PRIVATE
        shown = [
            (each.name, each.summary)
            for each in self.listed()
            if scope in each.scope and not each.scope & (Scope.HIDDEN | Scope.ADMIN)
        ]
        return (Reply(html=help_text(shown)),)

    def privacy(self, ask: Ask) -> Answers:
        """Return what is kept of a reader."""
        return (Reply(html=privacy_text()),)

    def ask_to_forget(self, ask: Ask) -> Answers:
        """Ask whether everything shall be deleted."""
        return (Reply(html=forget_question(), keyboard=_forget_or_keep()),)

    def forget(self, ask: Ask) -> Answers:
        """Delete everything of the reader who pressed."""
        journal = len(self.desk.journal.entries(ask.reader))
        try:
            forget_reader(ask.reader, *self.desk.private)
        except UnavailableError:  # part of it may be gone: asking again finishes it
            return (Reply(html=FORGET_AGAIN, keyboard=_forget_or_keep()[:1]),)
        return (Reply(html=forgotten_text(journal), replaces=True),)

    def keep(self, ask: Ask) -> Answers:
        """Delete nothing."""
        return (Reply(html="Kept. Nothing was deleted.", replaces=True),)


def _forget_or_keep() -> Keyboard:
    return (button(FORGET_LABEL, FORGET),), (button(KEEP_LABEL, KEEP),)


def _lessons() -> Keyboard:
    taps = [button(each.title, LEARN, each.name) for each in LESSONS]
    return tuple(tuple(taps[first : first + 2]) for first in range(0, len(taps), 2))


def _next(lesson: Lesson) -> Keyboard:
    following = LESSONS[(LESSONS.index(lesson) + 1) % len(LESSONS)]
    return ((button(f"Next: {following.title}", LEARN, following.name),),)
