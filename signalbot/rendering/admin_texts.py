"""What an admin is told of the controls, in Telegram's HTML."""

from collections.abc import Sequence
from html import escape

from signalbot.domain.controls import IN, OUT, RULE, SETUP, Controls, threshold_text
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.domain.subscriber import Role
from signalbot.setups.catalogue import CATALOGUE, title_of

LISTED = 40
"""Names that are listed at most."""
OPENS_RECORD = (
    "A change opens a new record: every setup gets a new version, and its statistics begin at zero."
)


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
            "More: /undo_change /announce /testalert",
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


def why_pair_text(
    symbol: str, controls: Controls, *, in_universe: bool, found: str | None = None
) -> str:
    """Return why a pair is watched or not.

    Parameters
    ----------
    found : str or None
        What was found when the pairs of the day were chosen, in plain text.
    """
    now = _why_now(symbol, controls, in_universe=in_universe)
    return now if found is None else f"{now}\nWhen the pairs were chosen: {escape(found)}"


def _why_now(symbol: str, controls: Controls, *, in_universe: bool) -> str:
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


def threshold_question(name: str, value: str, now: Rules) -> str:
    """Return what stands above the button that changes a threshold."""
    return (
        f"Set {name} from {_of_rules(now, name)} to {value}?\n{OPENS_RECORD} A value that held"
        " before goes on with the record that it had."
    )


def _names(controls: Controls, prefix: str) -> list[str]:
    return sorted(key.removeprefix(prefix) for key in controls.values if key.startswith(prefix))


def _of_rules(rules: Rules, name: str) -> str:
    return threshold_text(getattr(rules, name))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(escape(name) for name in names[:LISTED])
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{shown}{more}" if names else "none"
