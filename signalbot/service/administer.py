"""Change how the bot runs: pairs, setups, thresholds, hold; and take a change back.

Every verb may run twice: what is so already changes nothing and is not logged again. Whether
somebody may do it is decided before, by the dispatcher.
"""

from collections.abc import Collection
from dataclasses import dataclass

from signalbot.domain.controls import (
    HOLD,
    IN,
    OFF,
    OUT,
    PAIR,
    ROLE,
    RULE,
    SETUP,
    TOLD,
    YES,
    Change,
    Controls,
    threshold,
    threshold_text,
)
from signalbot.domain.rules import Rules
from signalbot.domain.symbols import find_symbol
from signalbot.errors import InputError
from signalbot.service.admin_ports import ControlLog
from signalbot.service.change_settings import SETUP_TITLES
from signalbot.service.reader_words import name_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who changes something, and when, in ms UTC."""

    who: int
    at: int


def set_hold(log: ControlLog, actor: Actor, *, on_hold: bool) -> Change | None:
    """Publish nothing any more, or go on; return the change, None if it was so already."""
    return _set(log, actor, HOLD, YES if on_hold else None)


def put_pair(
    log: ControlLog, actor: Actor, text: str, symbols: Collection[str], *, on: bool
) -> Change | None:
    """Take a pair in or off, whatever the universe says of it.

    Raises
    ------
    InputError
        If it is no known pair.
    """
    return _set(log, actor, f"{PAIR}{find_symbol(text, symbols)}", IN if on else OUT)


def release_pair(
    log: ControlLog, actor: Actor, text: str, symbols: Collection[str]
) -> Change | None:
    """Leave a pair to the universe again.

    Raises
    ------
    InputError
        If it is no known pair.
    """
    return _set(log, actor, f"{PAIR}{find_symbol(text, symbols)}", None)


def switch_setup(log: ControlLog, actor: Actor, text: str, *, on: bool) -> Change | None:
    """Switch a setup off, or on again.

    Raises
    ------
    InputError
        If there is no such setup.
    """
    name = name_from("setup", text, SETUP_TITLES)
    return _set(log, actor, f"{SETUP}{name}", None if on else OFF)


def set_threshold(
    log: ControlLog, actor: Actor, name: str, text: str, base: Rules
) -> Change | None:
    """Set a threshold; the value of the configuration takes the change back.

    A change opens a new record: every setup gets a new version.

    Raises
    ------
    InputError
        If there is no such threshold, or the value is out of its bounds.
    """
    value = threshold(name, text)
    configured = getattr(base, name) == value
    return _set(log, actor, f"{RULE}{name}", None if configured else threshold_text(value))


def taken_back(log: ControlLog, number: int | None) -> Change:
    """Return the change of that number, or the newest, if it can be taken back.

    Raises
    ------
    InputError
        If there is no such change, it is none of a switch, or its effect does not stand any more.
    """
    newest = log.newest(1)
    change = log.find(newest[0].number if number is None and newest else number or 0)
    if change is None:
        raise InputError("change", number or "none yet", "a number in /audit, such as 7")
    _refuse_gone(change, log.controls())
    return change


def undo(log: ControlLog, actor: Actor, number: int) -> Change:
    """Set a control to what it was before a change; that is a change of its own.

    Raises
    ------
    InputError
        If there is no such change, it is none of a switch, or its effect does not stand any more.
    """
    change = taken_back(log, number)

    def make(controls: Controls) -> Change:
        _refuse_gone(change, controls)
        return Change(
            who=actor.who, at=actor.at, key=change.key, before=change.after, after=change.before
        )

    undone = log.append(make)
    assert undone is not None  # noqa: S101 - `make` returns a change or raises
    return undone


def note_announcement(log: ControlLog, actor: Actor, name: str, chats: int) -> Change | None:
    """Log that an announcement went out to so many chats; None if that is logged already."""
    key = f"{TOLD}{name}"

    def make(controls: Controls) -> Change | None:
        if key in controls.values:
            return None
        return Change(who=actor.who, at=actor.at, key=key, before=None, after=f"{chats} chats")

    return log.append(make)


def _refuse_gone(change: Change, controls: Controls) -> None:
    if change.key.startswith((ROLE, TOLD)):
        allowed = "that of a switch: roles have commands of their own, and what was told is told"
        raise InputError("change", f"#{change.number}", allowed)
    if controls.values.get(change.key) != change.after:
        allowed = "one whose effect still stands: take back what came after it first"
        raise InputError("change", f"#{change.number}, which was changed again since", allowed)


def _set(log: ControlLog, actor: Actor, key: str, after: str | None) -> Change | None:
    def make(controls: Controls) -> Change | None:
        before = controls.values.get(key)
        if before == after:
            return None
        return Change(who=actor.who, at=actor.at, key=key, before=before, after=after)

    return log.append(make)
