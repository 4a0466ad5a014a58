"""What admins have changed, in Telegram's HTML; times are UTC, for all of them read one log."""

from collections.abc import Sequence
from html import escape

from signalbot.domain.controls import HOLD, PAIR, ROLE, RULE, SETUP, TOLD, Change
from signalbot.domain.timeframe import iso

CHANGES = 20
"""Changes that are listed at most."""
UNCHANGED = "It is so already; nothing was changed."
_WORDS = {
    HOLD: ("publishing on hold", "no"),
    PAIR: ("pair ", "as configured"),
    SETUP: ("setup ", "on"),
    RULE: ("threshold ", "as configured"),
    ROLE: ("role of ", "user"),
    TOLD: ("announcement ", "not sent"),
}
"""By the beginning of a key: what it is called, and what it is while nothing is set."""


def change_text(change: Change | None) -> str:
    """Return what was changed."""
    return UNCHANGED if change is None else f"Done: {_change(change)}"


def audit_text(changes: Sequence[Change]) -> str:
    """Return the newest changes, the newest first."""
    if not changes:
        return "Nothing was changed yet."
    lines = [_change(change) for change in reversed(changes[-CHANGES:])]
    return "\n".join(["Changes, newest first:", *lines, "/undo_change NUMBER takes one back."])


def undo_question(change: Change) -> str:
    """Return what stands above the button that takes a change back."""
    _, unset = _named(change.key)
    return f"Take this back?\n{_change(change)}\nIt will be {escape(change.before or unset)} again."


def _change(change: Change) -> str:
    at = iso(change.at)[:16].replace("T", " ")
    name, unset = _named(change.key)
    before, after = escape(change.before or unset), escape(change.after or unset)
    return f"#{change.number} {at} UTC by {change.who}: {name}: {before} -&gt; {after}"


def _named(key: str) -> tuple[str, str]:
    for prefix, (word, unset) in _WORDS.items():
        if key.startswith(prefix):
            return f"{word}{escape(key.removeprefix(prefix))}", unset
    return escape(key), "as configured"
