"""Inline keyboards: rows of buttons under a message, checked as Telegram checks them."""

from collections.abc import Iterator

from signalbot.sandbox.bot_api.envelope import Json, bad_request

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_DATA = 64  # bytes
MAX_COPY = 256  # characters
ACTIONS = (
    *("callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query"),
    *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "pay"),
)
OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
NO_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
Rows = tuple[tuple[Json, ...], ...]


def read_keyboard(markup: Json | None) -> Rows:
    """Return the rows of an inline keyboard; empty where the markup is none, or another kind.

    Raises
    ------
    Refused
        400 in Telegram's words if a button has no text, no action or too much data.
    """
    if markup is None or any(name in markup for name in OTHER_MARKUPS):
        return ()
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    read = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(map(len, read)) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in read):
        raise bad_request("reply markup is too long")
    return read


def buttons(rows: Rows) -> Iterator[Json]:
    """Yield every button, row by row."""
    for row in rows:
        yield from row


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Expected an Object")
    if not _has_text(button.get("text")):
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if sum(name in button for name in ACTIONS) != 1:
        raise bad_request(NO_ACTION)
    if "callback_data" in button and not _is_data(button["callback_data"]):
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_link(button["url"]):
        shown = str(button["url"])[:64]
        raise bad_request(f"inline keyboard button URL '{shown}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not _is_copied(button["copy_text"]):
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return button


def _has_text(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _is_data(data: object) -> bool:
    return isinstance(data, str) and 0 < len(data.encode(errors="replace")) <= MAX_DATA


def _is_link(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://", "tg://"))


def _is_copied(copied: object) -> bool:
    text = copied.get("text") if isinstance(copied, dict) else None
    return isinstance(text, str) and 0 < len(text) <= MAX_COPY
