"""What an admin tells everybody, in Telegram's HTML."""

from html import escape


def announcement_text(text: str) -> str:
    """Return an announcement; its first line keeps it from being taken for an alert."""
    return f"<b>From the operator of this bot</b>\n\n{escape(text)}"


def announcement_question(html: str, readers: int) -> str:
    """Return a preview of an announcement, above the button that sends it."""
    count = "1 reader" if readers == 1 else f"{readers} readers"
    return (
        f"{html}\n\n---\nSend this to {count} and to every channel and group? It cannot be called"
        " back."
    )


def announced_text(chats: int) -> str:
    """Return the answer to that button."""
    count = "1 chat" if chats == 1 else f"{chats} chats"
    return f"On its way to {count}. /health shows how many messages wait."
