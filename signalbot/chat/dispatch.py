"""Who answers what: the one door through which everything from a chat comes in.

Rights are checked here and nowhere else. Whatever is not for the bot, or not for this reader, gets
silence or the same answer as something that does not exist.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from traceback import extract_tb

from signalbot.chat.allowance import Allowance, Taken
from signalbot.chat.ask import Ask, ChatKind
from signalbot.chat.callback_data import parsed
from signalbot.chat.command import Answers, Command, Press, Scope
from signalbot.domain.subscriber import Role
from signalbot.errors import InputError, SignalbotError
from signalbot.rendering.group_texts import GROUP_GREETING
from signalbot.rendering.onboarding_texts import STRANGER
from signalbot.rendering.reply import Reply
from signalbot.rendering.settings_texts import refused_text
from signalbot.service.subscribe import UnknownReaderError

LONGEST_TEXT = 1_000
"""Characters of a message that are looked at."""
UNKNOWN = Reply(html="That is no command of this bot. /help lists them.")
TOO_OFTEN = Reply(html="That was quick. Wait half a minute, then ask again.")
BUSY = Reply(html="The record is busy just now. Ask again in a minute.")
BROKEN = Reply(html="That did not work, and it is not your fault. The operator can see it.")
ADDED = Reply(html=GROUP_GREETING)
OLD_BUTTON = Reply(html="", toast="This button is too old. Send the command again.")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?(?:\s+(.*))?", re.DOTALL)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What a dispatcher answers with.

    Attributes
    ----------
    role_of : callable
        What somebody may do.
    on_text : callable
        Answers a private text that is no command: the reply to an open question.
    bot_username : str
        Commands that are addressed to another bot are not for this one.
    """

    commands: Sequence[Command]
    presses: Sequence[Press]
    role_of: Callable[[int], Role]
    on_text: Callable[[Ask], Answers]
    bot_username: str


class Dispatcher:
    """Answers texts and buttons. May be called from several threads at once."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._commands: Mapping[str, Command] = {each.name: each for each in answering.commands}
        self._presses: Mapping[str, Press] = {each.verb: each for each in answering.presses}
        self._allowance = Allowance()

    def text(self, ask: Ask) -> Answers:
        """Return the answer to a message, nothing where silence is the answer."""
        return self._safely(self._text, ask)

    def press(self, ask: Ask) -> Answers:
        """Return the answer to a pressed button; the messenger always wants one."""
        return self._safely(self._press, ask)

    def added(self, ask: Ask) -> Answers:
        """Return what is said in a group to which somebody has just added the bot."""
        return self._safely(self._added, ask)

    def _added(self, ask: Ask) -> Answers:
        is_welcome = self._known(ask).role is not Role.BLOCKED
        return (ADDED,) if is_welcome and ask.kind is ChatKind.GROUP else ()

    def _text(self, ask: Ask) -> Answers:
        ask = self._known(ask)
        if ask.kind is ChatKind.CHANNEL or ask.role is Role.BLOCKED:
            return ()
        found = _COMMAND.fullmatch(ask.text[:LONGEST_TEXT].strip())
        if found is None and ask.kind is not ChatKind.PRIVATE:
            return ()
        if found is not None and found[2] and not self._is_me(found[2]):
            return ()
        taken = self._allowance.take(ask.reader, ask.now)
        if taken is not Taken.GIVEN:
            return (TOO_OFTEN,) if taken is Taken.FIRST_WITHOUT else ()
        if found is None:
            return self._answering.on_text(ask)
        return self._command(found[1].lower(), replace(ask, text=found[3] or ""))

    def _press(self, ask: Ask) -> Answers:
        ask = self._known(ask)
        if ask.role is Role.BLOCKED:
            return ()
        said = parsed(ask.text)
        press = self._presses.get(said[0]) if said else None
        if said is None or press is None or not _may(press.scope, ask):
            return (OLD_BUTTON,)
        if self._allowance.take(ask.reader, ask.now) is not Taken.GIVEN:
            return (replace(TOO_OFTEN, html="", toast=TOO_OFTEN.html),)
        return press.run(replace(ask, text=said[1]))

    def _command(self, name: str, ask: Ask) -> Answers:
        command = self._commands.get(name)
        if command is None or not _may(command.scope, ask):
            if ask.kind is ChatKind.PRIVATE:
                return (UNKNOWN,)
            return self._elsewhere(command)
        return command.run(ask)

    def _elsewhere(self, command: Command | None) -> Answers:
        # in a group a command may be meant for another bot; a personal one leads to the own chat
        if command is None or Scope.PRIVATE not in command.scope:
            return ()
        link = f"https://t.me/{self._answering.bot_username}?start={command.name}"
        html = f'/{command.name} is personal: <a href="{link}">ask me in private</a>.'
        return (Reply(html=html),)

    def _safely(self, run: Callable[[Ask], Answers], ask: Ask) -> Answers:
        try:
            return run(ask)
        except UnknownReaderError:
            return (Reply(html=STRANGER),)
        except InputError as error:
            return (Reply(html=refused_text(error)),)
        except SignalbotError as error:
            _log.warning("a question could not be answered: %s", error)
            return (BUSY,)
        except Exception as error:  # noqa: BLE001 - whatever a chat brings, the bot goes on
            _log.error("a question could not be answered: %s", _mistake(error))
            return (BROKEN,)

    def _known(self, ask: Ask) -> Ask:
        return replace(ask, role=self._answering.role_of(ask.reader))

    def _is_me(self, name: str) -> bool:
        return name.lower() == self._answering.bot_username.lower()


def _may(scope: Scope, ask: Ask) -> bool:
    if ask.kind is ChatKind.GROUP:
        return Scope.GROUP in scope and Scope.ADMIN not in scope
    # where it says private, somebody else may read it: a channel, or a chat of another number
    if ask.kind is ChatKind.CHANNEL or ask.chat != ask.reader:
        return False
    if Scope.ADMIN in scope:
        return ask.role is Role.OWNER or (ask.role is Role.ADMIN and Scope.OWNER not in scope)
    return Scope.PRIVATE in scope


def _mistake(error: Exception) -> str:
    # what an error says may be what a reader typed, so only its kind and its places are told
    places = (
        f"{PurePath(each.filename).name}:{each.lineno}" for each in extract_tb(error.__traceback__)
    )
    return f"{type(error).__name__} at {' > '.join(places)}"
