"""What a bot says of itself: its commands by scope and language, its descriptions, its button."""

from signalbot.sandbox.bot_api.chats import Chat
from signalbot.sandbox.bot_api.envelope import Json, bad_request

MAX_COMMANDS = 100
DEFAULT_SCOPE = "default"


class Profile:
    """The profile of the bot; every entry under its scope and language."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self.menu_button: Json = {"type": "commands"}

    def set_commands(self, scope: Json | None, language: str, listed: list[object]) -> None:
        """Register commands.

        Raises
        ------
        Refused
            400 if one has no valid name or description, or there are too many.
        """
        if len(listed) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._commands[_scope_key(scope), language] = [_command(item) for item in listed]

    def delete_commands(self, scope: Json | None, language: str) -> None:
        """Forget the commands of a scope."""
        self._commands.pop((_scope_key(scope), language), None)

    def commands(self, scope: Json | None, language: str) -> list[Json]:
        """Return the commands registered for exactly this scope and language."""
        return self._commands.get((_scope_key(scope), language), [])

    def commands_in(self, chat: Chat) -> list[Json]:
        """Return the commands that a chat offers: those of the narrowest scope that has some."""
        everywhere = "all_private_chats" if chat.is_private else "all_group_chats"
        for scope in (f"chat {chat.id}", everywhere, DEFAULT_SCOPE):
            if found := self._commands.get((scope, "")):
                return found
        return []

    def set_text(self, name: str, language: str, text: str) -> None:
        """Set the name, description or short description."""
        self._texts[name, language] = text

    def text(self, name: str, language: str) -> str:
        """Return the name, description or short description, empty where none was set."""
        return self._texts.get((name, language)) or self._texts.get((name, ""), "")


def _scope_key(scope: Json | None) -> str:
    kind = str((scope or {}).get("type", DEFAULT_SCOPE))
    chat_id = (scope or {}).get("chat_id")
    return kind if chat_id is None else f"{kind} {chat_id}"


def _command(item: object) -> Json:
    if not isinstance(item, dict):
        raise bad_request("expected an Object BotCommand")
    command, description = item.get("command"), item.get("description")
    if not isinstance(command, str) or not isinstance(description, str):
        raise bad_request("command and description are required")
    name = command.removeprefix("/")
    is_name = 0 < len(name) <= 32 and name.isascii() and name.replace("_", "a").isalnum()
    if not is_name or name != name.lower():
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
