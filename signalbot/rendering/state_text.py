"""A setup version changes its state: what readers are told, in Telegram's HTML."""

from html import escape

from signalbot.domain.alert import SetupState
from signalbot.rendering.statistics_text import result_lines
from signalbot.setups.catalogue import title_of
from signalbot.stats.performance import Performance

CHANGES = {
    SetupState.LOSING: (
        "is suspended: its record shows that it loses.",
        "It sends no more alerts. What it has sent stays in the record. Only a new version brings"
        " it back, and that one starts from zero.",
    ),
    SetupState.PROVEN: (
        "beats its costs so far, and is called proven from now on.",
        "That is what the record says up to today, and no promise. It is judged again every day.",
    ),
    SetupState.UNPROVEN: (
        "is no longer called proven: its record does not show any more that it beats its costs.",
        "It goes on as unproven, and is judged again every day.",
    ),
}
"""What happened, and what follows from it, by the state a version comes to."""


def state_text(setup: str, version: str, state: SetupState, shown: Performance) -> str:
    """Return that a setup version has come to a state, with the numbers it follows from.

    Unproven is the state every version starts in, so coming to it means to have been proven.
    """
    name = f"{escape(title_of(setup))} v{escape(version.partition('.')[0])}"
    happened, follows = CHANGES[state]
    return "\n".join([f"{name} {happened}", *result_lines(shown), follows])
