"""What an admin is told of the controls and of the log of changes, in Telegram's HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape

from signalbot.domain.controls import (
    HOLD,
    IN,
    OUT,
    PAIR,
    ROLE,
    RULE,
    SETUP,
    Change,
    Controls,
    threshold_text,
)
from signalbot.domain.recorded import RecordedAlert
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.domain.subscriber import Role
from signalbot.domain.timeframe import iso
from signalbot.rendering.alert_lines import plan_lines, reference_lines
from signalbot.setups.catalogue import CATALOGUE, title_of

LISTED = 40
CHANGES = 20
"""Names and changes that are listed at most."""
OPENS_RECORD = (
    "A change opens a new record: every setup gets a new version, and its statistics begin at zero."
)
UNCHANGED = "It is so already; nothing was changed."
_WORDS = {
    HOLD: "publishing on hold",
    PAIR: "pair ",
    SETUP: "setup ",
    RULE: "threshold ",
    ROLE: "role of ",
}


def overview_text(controls: Controls, base: Rules) -> str:
    """Return everything that differs from the configuration."""
    off = [title_of(name) for name in _names(controls, SETUP)]
    changed = [f"{name} {_of_rules(controls.rules(base), name)}" for name in _names(controls, RULE)]
    return "\n".join(
        [
            f"Publishing: {'ON HOLD, matches are refused by name' if controls.on_hold else 'on'}",
            f"Setups off: {_listed(off)}",
            f"Pairs taken off: {_listed(controls.pairs(OUT))}",
            f"Pairs put in: {_listed(controls.pairs(IN))}",
            f"Thresholds changed: {_listed(changed)}",
            f"Admins: {_listed([str(each) for each in controls.with_role(Role.ADMIN)])}",
            f"Blocked: {_listed([str(each) for each in controls.with_role(Role.BLOCKED)])}",
            "",
            "/pairs /setups /thresholds /hold /release /health /audit /undo_change /announce"
            " /testalert /roles",
        ]
    )


def pairs_text(watched: Sequence[str], controls: Controls) -> str:
    """Return which pairs are watched, and which an admin put in or took off."""
    on = [symbol for symbol in watched if not controls.is_pair_off(symbol)]
    return "\n".join(
        [
            f"Watched: {len(on)} pairs",
            _listed([symbol.partition("/")[0] for symbol in sorted(on)]),
            f"Taken off: {_listed(controls.pairs(OUT))}",
            f"Put in: {_listed(controls.pairs(IN))}",
            "/pairs add COIN · /pairs remove COIN · /pairs auto COIN · /pairs why COIN",
        ]
    )


def why_pair_text(symbol: str, controls: Controls, *, in_universe: bool) -> str:
    """Return why a pair is watched or not."""
    name = escape(symbol)
    if controls.is_pair_off(symbol):
        return f"{name} is not watched: an admin took it off. /audit says who."
    if symbol in controls.pairs(IN):
        return f"{name} is watched: an admin put it in, whatever the universe says."
    if in_universe:
        return f"{name} is watched: it is in today's universe."
    return f"{name} is not watched: it is not in today's universe."


def setups_text(controls: Controls) -> str:
    """Return which setups run."""
    titles = {listed.name: listed.title for listed in CATALOGUE}
    lines = [
        f"{title}: {'off' if controls.is_setup_off(name) else 'on'}"
        for name, title in titles.items()
    ]
    return "\n".join([*lines, "/setups off NAME · /setups on NAME"])


def thresholds_text(rules: Rules, base: Rules) -> str:
    """Return every threshold with its bounds; one that was changed shows what was configured."""
    lines = []
    for name, bounds in BOUNDS.items():
        now, configured = _of_rules(rules, name), _of_rules(base, name)
        changed = "" if now == configured else f", configured {configured}"
        lines.append(f"{name} <code>{now}</code> ({bounds}{changed})")
    return "\n".join([*lines, "", OPENS_RECORD, "/thresholds max_cost_r 0.2"])


def threshold_question(name: str, value: str) -> str:
    """Return what stands above the button that changes a threshold."""
    return f"Set {escape(name)} to {escape(value)}?\n{OPENS_RECORD}"


def change_text(change: Change | None) -> str:
    """Return what was changed."""
    return UNCHANGED if change is None else f"Done: {_change(change)}\n/undo_change {change.number}"


def audit_text(changes: Sequence[Change]) -> str:
    """Return the newest changes, the newest first."""
    if not changes:
        return "Nothing was changed yet."
    lines = [_change(change) for change in reversed(changes[-CHANGES:])]
    return "\n".join(["Changes, newest first:", *lines, "/undo_change NUMBER takes one back."])


def roles_text(controls: Controls, owners: Sequence[int]) -> str:
    """Return who may do what."""
    return "\n".join(
        [
            f"Owners (configured): {_listed([str(each) for each in owners])}",
            f"Admins: {_listed([str(each) for each in controls.with_role(Role.ADMIN)])}",
            f"Blocked: {_listed([str(each) for each in controls.with_role(Role.BLOCKED)])}",
            "/makeadmin ID · /dropadmin ID · /block ID · /unblock ID",
        ]
    )


def announcement_question(html: str, readers: int) -> str:
    """Return a preview of an announcement, above the button that sends it."""
    return f"{html}\n\n---\nSend this to {readers} readers and to every channel and group?"


def test_alert_text(alert: RecordedAlert) -> str:
    """Return the newest alert, marked so that nobody takes it for a new one."""
    lines = ["TEST, not a new alert", *plan_lines(alert.alert), *reference_lines(alert.alert)]
    return "\n".join(lines)


def _change(change: Change) -> str:
    at = iso(change.at)[:16].replace("T", " ")
    before, after = change.before or "as configured", change.after or "as configured"
    return (
        f"#{change.number} {at} UTC by {change.who}: {_key(change.key)}:"
        f" {escape(before)} -&gt; {escape(after)}"
    )


def _key(key: str) -> str:
    for prefix, word in _WORDS.items():
        if key.startswith(prefix):
            return f"{word}{escape(key.removeprefix(prefix))}"
    return escape(key)


def _names(controls: Controls, prefix: str) -> list[str]:
    return sorted(key.removeprefix(prefix) for key in controls.values if key.startswith(prefix))


def _of_rules(rules: Rules, name: str) -> str:
    values: Mapping[str, object] = asdict(rules)
    value = values[name]
    return threshold_text(value) if isinstance(value, int) else threshold_text(getattr(rules, name))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(escape(name) for name in names[:LISTED])
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{shown}{more}" if names else "none"
