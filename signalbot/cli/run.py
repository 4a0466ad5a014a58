"""`signalbot run`: the bot. Without a Telegram token it shows the simulated market."""

from signalbot.cli.simulate import DAYS, SEED, simulate
from signalbot.errors import InputError


def run() -> None:
    """Start the bot; without TELEGRAM_BOT_TOKEN, show a simulated market in the terminal."""
    from signalbot.app.configuration import load_configuration

    if load_configuration().telegram_bot_token is not None:
        allowed = "unset: this version has no Telegram yet, it shows the simulated market"
        raise InputError("TELEGRAM_BOT_TOKEN", "set", allowed)
    simulate(DAYS, SEED)
