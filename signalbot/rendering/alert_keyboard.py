"""The buttons under an alert. What they say when pressed is `<verb>:<number of the alert>`."""

from signalbot.domain.alert import Alert
from signalbot.rendering.reply import Button, Keyboard

TOOK, SKIP, WHY, SIZE, MUTE = "took", "skip", "why", "size", "mute"
"""Verbs of the buttons; the chat knows what each does."""
START_SIZE = "size_"
"""How the deep link begins that asks for the size of an alert, before its number."""


def personal_keyboard(seq: int, alert: Alert) -> Keyboard:
    """Return the buttons under a reader's own alert."""
    rows = (
        (("Took it", TOOK), ("Skip", SKIP)),
        (("Why", WHY), ("Size", SIZE), (f"Mute {alert.plan.coin[:20]}", MUTE)),
    )
    return tuple(
        tuple(Button(label=label, data=f"{verb}:{seq}") for label, verb in row) for row in rows
    )


def public_keyboard(seq: int, bot_username: str) -> Keyboard:
    """Return the button under a channel's or group's alert: it leads to the own size."""
    link = f"https://t.me/{bot_username}?start={START_SIZE}{seq}"
    return ((Button(label="Size it for me", url=link),),)
