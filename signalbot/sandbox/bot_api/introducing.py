"""The methods by which a bot introduces itself: commands, name, descriptions, menu button."""

from collections.abc import Callable
from functools import partial

from signalbot.sandbox.bot_api.envelope import Json, bad_request
from signalbot.sandbox.bot_api.parameters import Parameters
from signalbot.sandbox.bot_api.telegram import Telegram

LONGEST = {"name": 64, "description": 512, "short_description": 120}  # characters


def set_commands(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer setMyCommands."""
    scope, language = parameters.mapping("scope"), parameters.text("language_code")
    telegram.profile.set_commands(scope, language, parameters.items("commands"))
    telegram.changes.mark_all()
    return True


def get_commands(telegram: Telegram, parameters: Parameters) -> list[Json]:
    """Answer getMyCommands."""
    scope, language = parameters.mapping("scope"), parameters.text("language_code")
    return telegram.profile.commands(scope, language)


def delete_commands(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer deleteMyCommands."""
    scope, language = parameters.mapping("scope"), parameters.text("language_code")
    telegram.profile.delete_commands(scope, language)
    telegram.changes.mark_all()
    return True


def set_text(name: str, telegram: Telegram, parameters: Parameters) -> bool:
    """Answer setMyName, setMyDescription and setMyShortDescription."""
    text = parameters.text(name)
    if len(text) > LONGEST[name]:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    telegram.profile.set_text(name, parameters.text("language_code"), text)
    telegram.changes.mark_all()
    return True


def get_text(name: str, telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getMyName, getMyDescription and getMyShortDescription."""
    text = telegram.profile.text(name, parameters.text("language_code"))
    return {name: text or (telegram.bot.first_name if name == "name" else "")}


def set_menu_button(telegram: Telegram, parameters: Parameters) -> bool:
    """Answer setChatMenuButton."""
    button = parameters.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: type must be commands, web_app or default")
    telegram.profile.menu_button = button
    return True


def get_menu_button(telegram: Telegram, parameters: Parameters) -> Json:
    """Answer getChatMenuButton."""
    return telegram.profile.menu_button


INTRODUCING: dict[str, Callable[[Telegram, Parameters], object]] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": partial(set_text, "name"),
    "getMyName": partial(get_text, "name"),
    "setMyDescription": partial(set_text, "description"),
    "getMyDescription": partial(get_text, "description"),
    "setMyShortDescription": partial(set_text, "short_description"),
    "getMyShortDescription": partial(get_text, "short_description"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
}
