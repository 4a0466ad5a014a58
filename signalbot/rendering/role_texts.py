"""Who runs the bot and who is kept out, in Telegram's HTML."""

from collections.abc import Sequence

from signalbot.domain.controls import Controls
from signalbot.domain.subscriber import Role

LISTED = 40
_QUESTIONS = {
    Role.BLOCKED: "Block {}? The bot answers nothing any more and sends nothing.",
    Role.ADMIN: "Make {} an admin? An admin may switch, announce and block as you do.",
    Role.USER: "Take the role of an admin from {}?",
}


def roles_text(controls: Controls, owners: Sequence[int]) -> str:
    """Return who may do what."""
    return "\n".join(
        [
            f"Owners (configured): {_ids(owners)}",
            f"Admins: {_ids(controls.with_role(Role.ADMIN))}",
            f"Blocked: {_ids(controls.with_role(Role.BLOCKED))}",
            "/block ID · /unblock ID · owners alone: /makeadmin ID · /dropadmin ID",
            "A role stays when its holder wants to be forgotten: the id, and nothing else.",
        ]
    )


def role_question(reader: int, role: Role) -> str:
    """Return what stands above the button that gives somebody a role."""
    return _QUESTIONS[role].format(f"<code>{reader}</code>")


def _ids(readers: Sequence[int]) -> str:
    shown = ", ".join(f"<code>{reader}</code>" for reader in readers[:LISTED])
    more = f" and {len(readers) - LISTED} more" if len(readers) > LISTED else ""
    return f"{shown}{more}" if readers else "none"
