"""What the bot can be asked, in Telegram's HTML."""

from collections.abc import Sequence
from html import escape

NO_ORDERS = "This bot places no orders, asks for no key of an exchange, and gives no advice."


def help_text(commands: Sequence[tuple[str, str]]) -> str:
    """Return the commands with what each does; `commands` are names and summaries."""
    lines = [f"/{name} · {escape(summary)}" for name, summary in commands]
    return "\n".join([*lines, "", NO_ORDERS])
