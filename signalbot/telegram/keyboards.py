"""Buttons, as python-telegram-bot wants them."""

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from signalbot.rendering.reply import Button, Keyboard


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Return the buttons of a message; None where it has none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in keyboard])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url is not None:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copied is not None:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copied))
    return InlineKeyboardButton(button.label, callback_data=button.data)
