"""Every command and button in one table, and the dispatcher that answers with them."""

from collections.abc import Callable, Sequence

from signalbot.chat.command import Command, Press
from signalbot.chat.desk import ChatDesk
from signalbot.chat.diary import Diary
from signalbot.chat.dispatch import Answering, Dispatcher
from signalbot.chat.joining import Joining
from signalbot.chat.learning import Learning
from signalbot.chat.markets import Markets
from signalbot.chat.preferences import Preferences
from signalbot.chat.records import Records
from signalbot.chat.sizing import Sizing
from signalbot.domain.subscriber import Role


def front_desk(
    desk: ChatDesk,
    role_of: Callable[[int], Role],
    more_commands: Sequence[Command] = (),
    more_presses: Sequence[Press] = (),
) -> tuple[Dispatcher, tuple[Command, ...]]:
    """Return the dispatcher of a bot, and its commands in the order in which they are listed.

    Parameters
    ----------
    role_of : callable
        What somebody may do.
    more_commands, more_presses : sequence
        Those of the administration.
    """
    commands: list[Command] = []
    joining = Joining(desk, lambda: commands)
    features = (
        joining,
        Records(desk),
        Sizing(desk),
        Diary(desk),
        Markets(desk),
        Preferences(desk),
        Learning(desk, lambda: commands),
    )
    commands += [command for feature in features for command in feature.commands]
    commands += more_commands
    presses = [press for feature in features for press in feature.presses]
    answering = Answering(
        commands=commands,
        presses=[*presses, *more_presses],
        role_of=role_of,
        on_text=joining.typed,
        bot_username=desk.bot_username,
    )
    return Dispatcher(answering), tuple(commands)
