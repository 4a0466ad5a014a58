"""Every method of the Bot API that this server answers, by its name in any case."""

from signalbot.sandbox.bot_api.asking import ASKING
from signalbot.sandbox.bot_api.editing import EDITING
from signalbot.sandbox.bot_api.envelope import Refused
from signalbot.sandbox.bot_api.introducing import INTRODUCING
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.receiving import RECEIVING, get_updates
from signalbot.sandbox.bot_api.sending import SENDING
from signalbot.sandbox.bot_api.telegram import Telegram

GET_UPDATES = "getupdates"
METHODS = {
    name.lower(): method
    for group in (SENDING, EDITING, ASKING, INTRODUCING, RECEIVING)
    for name, method in group.items()
}


def require_method(name: str) -> str:
    """Return the name of a method in lower case.

    Raises
    ------
    Refused
        404 if there is no such method.
    """
    lower = name.lower()
    if lower != GET_UPDATES and lower not in METHODS:
        raise Refused(404, "method not found")
    return lower


async def perform(telegram: Telegram, method: str, parameters: Parameters) -> object:
    """Do what a call asks for and return its result.

    Raises
    ------
    Refused
        If the call is answered with an error.
    """
    if method == GET_UPDATES:
        return await get_updates(telegram, parameters)
    return METHODS[method](telegram, parameters)
