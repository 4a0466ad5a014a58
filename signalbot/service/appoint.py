"""Say who runs the bot and who is kept out. Every verb may run twice.

Whether somebody may do it is decided before, by the dispatcher; here owners are protected, and
each verb moves between two roles only, so that none does the work of another by the way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from signalbot.domain.controls import ROLE, Change, Controls
from signalbot.domain.journal import check_reader
from signalbot.domain.subscriber import Role
from signalbot.errors import InputError
from signalbot.service.admin_ports import ControlLog
from signalbot.service.administer import Actor
from signalbot.service.ports import People

_FIRST: Mapping[Role, tuple[str, str]] = {
    Role.ADMIN: ("who is an admin", "/dropadmin"),
    Role.BLOCKED: ("who is blocked", "/unblock"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Where roles are kept; `owners` are those of the configuration, which nobody changes here."""

    log: ControlLog
    people: People
    owners: Collection[int]


def reader_from(text: str) -> int:
    """Return the id of a chat user that is meant.

    Raises
    ------
    InputError
        If it cannot be one.
    """
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) <= 15):
        raise InputError("id", text[:20] or "nothing", "the number of a Telegram user")
    check_reader(int(word))
    return int(word)


def block(staff: Staff, actor: Actor, reader: int) -> Change | None:
    """Answer somebody nothing any more, and send nothing; return the change, None if it was so.

    Raises
    ------
    InputError
        If it is an owner or an admin.
    """
    return _move(staff, actor, reader, Role.USER, Role.BLOCKED)


def unblock(staff: Staff, actor: Actor, reader: int) -> Change | None:
    """Let somebody in again; who is not blocked stays what he is.

    Raises
    ------
    InputError
        If it is an owner.
    """
    return _move(staff, actor, reader, Role.BLOCKED, Role.USER)


def make_admin(staff: Staff, actor: Actor, reader: int) -> Change | None:
    """Let a user run the bot.

    Raises
    ------
    InputError
        If it is an owner, or somebody who is blocked.
    """
    return _move(staff, actor, reader, Role.USER, Role.ADMIN)


def drop_admin(staff: Staff, actor: Actor, reader: int) -> Change | None:
    """Make an admin a user again; who is none stays what he is.

    Raises
    ------
    InputError
        If it is an owner.
    """
    return _move(staff, actor, reader, Role.ADMIN, Role.USER)


def _move(staff: Staff, actor: Actor, reader: int, since: Role, role: Role) -> Change | None:
    check_reader(reader)
    if reader in staff.owners:
        raise InputError("id", f"{reader}, an owner", "somebody else: owners are configured")
    key = f"{ROLE}{reader}"

    def make(controls: Controls) -> Change | None:
        now = controls.role_of(reader)
        if now is role or (now is not since and role is Role.USER):
            return None
        if now is not since:
            is_so, first = _FIRST[now]
            raise InputError("id", f"{reader}, {is_so}", f"a user: {first} comes first")
        after = None if role is Role.USER else role.value
        before = controls.values.get(key)
        return Change(who=actor.who, at=actor.at, key=key, before=before, after=after)

    change = staff.log.append(make)
    # also where nothing was changed: an earlier call may have been cut off before this
    stands = staff.log.controls().role_of(reader)
    staff.people.change(reader, lambda each: replace(each, role=stands))
    return change
