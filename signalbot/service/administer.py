"""Change how the bot runs: pairs, setups, thresholds, hold, roles; and take a change back.

Every verb may run twice: what is so already changes nothing and is not logged again. Whether
somebody may do it is decided before, by the dispatcher; here only owners are protected.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from signalbot.domain.controls import (
    HOLD,
    IN,
    OFF,
    OUT,
    PAIR,
    ROLE,
    RULE,
    SETUP,
    YES,
    Change,
    Controls,
    threshold,
    threshold_text,
)
from signalbot.domain.journal import check_reader
from signalbot.domain.rules import Rules
from signalbot.domain.subscriber import Role
from signalbot.domain.symbols import find_symbol
from signalbot.errors import InputError
from signalbot.service.admin_ports import ControlLog
from signalbot.service.change_settings import SETUP_TITLES
from signalbot.service.ports import People
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


def give_role(
    log: ControlLog, actor: Actor, reader: int, role: Role, owners: Collection[int]
) -> Change | None:
    """Make somebody an admin, a user or blocked.

    Raises
    ------
    InputError
        If it cannot be a user's id, or is an owner's, which the configuration alone decides about.
    """
    check_reader(reader)
    if reader in owners or role is Role.OWNER:
        raise InputError("reader", reader, "somebody who is no owner: those are configured")
    if reader == actor.who:
        raise InputError("reader", reader, "somebody else than yourself")
    return _set(log, actor, f"{ROLE}{reader}", None if role is Role.USER else role.value)


def follow_role(people: People, controls: Controls, reader: int) -> None:
    """Let what is sent to a reader follow the role; who is not known is sent nothing anyway."""
    role = controls.role_of(reader)
    people.change(reader, lambda each: replace(each, role=role))


def undo(log: ControlLog, actor: Actor, number: int) -> Change | None:
    """Set a control to what it was before a change; that is a change of its own.

    Raises
    ------
    InputError
        If there is no such change.
    """
    change = log.find(number)
    if change is None:
        raise InputError("change", number, "a number in /audit")
    return _set(log, actor, change.key, change.before)


def _set(log: ControlLog, actor: Actor, key: str, after: str | None) -> Change | None:
    def make(controls: Controls) -> Change | None:
        before = controls.values.get(key)
        if before == after:
            return None
        return Change(who=actor.who, at=actor.at, key=key, before=before, after=after)

    return log.append(make)
