"""What admins have changed while the bot runs: named values, and the limits each must keep.

Every control is one key with one short text, so that a change has a before and an after, and can
be undone on its own. A key that is not set leaves things as the configuration has them.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from signalbot.domain.rounding import plain
from signalbot.domain.rules import BOUNDS, Rules
from signalbot.domain.subscriber import Role
from signalbot.errors import InputError

HOLD = "hold"
PAIR, SETUP, RULE, ROLE, TOLD = "pair:", "setup:", "rule:", "role:", "told:"
"""How keys begin that are followed by a symbol, a setup, a threshold, somebody's id, or the name of
an announcement; the last is kept for the log alone."""
IN, OUT, OFF, YES = "in", "out", "off", "yes"
# as in the configuration: an exponent would be short to write and endless to show
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_WHOLE = frozenset(name for name, value in asdict(Rules()).items() if isinstance(value, int))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one control.

    Attributes
    ----------
    number : int
        Counts up from 1; 0 before it is stored.
    who, at : int
        Id of the admin, and when, in ms UTC.
    before, after : str or None
        None is "as configured".
    """

    number: int = 0
    who: int
    at: int
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The controls as they stand; `values` has those that are set."""

    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def on_hold(self) -> bool:
        """Whether nothing is published."""
        return self.values.get(HOLD) == YES

    def is_pair_off(self, symbol: str) -> bool:
        """Whether a pair was taken off."""
        return self.values.get(f"{PAIR}{symbol}") == OUT

    def is_setup_off(self, name: str) -> bool:
        """Whether a setup was switched off."""
        return self.values.get(f"{SETUP}{name}") == OFF

    def pairs(self, state: str) -> list[str]:
        """Return the symbols that were put `IN` or `OUT`."""
        return self._named(PAIR, state)

    def role_of(self, reader: int) -> Role:
        """Return the role that was given to somebody."""
        return Role(self.values.get(f"{ROLE}{reader}", Role.USER))

    def with_role(self, role: Role) -> list[int]:
        """Return who was given a role."""
        return [int(name) for name in self._named(ROLE, role.value)]

    def rules(self, base: Rules) -> Rules:
        """Return the thresholds in force."""
        changed: dict[str, Any] = {
            key.removeprefix(RULE): threshold(key.removeprefix(RULE), text)
            for key, text in self.values.items()
            if key.startswith(RULE)
        }
        return replace(base, **changed)

    def _named(self, prefix: str, value: str) -> list[str]:
        found = (key for key, each in self.values.items() if each == value)
        return sorted(key.removeprefix(prefix) for key in found if key.startswith(prefix))


def threshold(name: str, text: str) -> Decimal | int:
    """Return the value of a threshold as it may be set from a chat.

    Raises
    ------
    InputError
        If there is no such threshold, or the value is out of its bounds.
    """
    if name not in BOUNDS:
        raise InputError("threshold", name, f"one of {', '.join(BOUNDS)}")
    value = Decimal(text) if _NUMBER.fullmatch(text) else None
    is_fit = value is not None and (name not in _WHOLE or value == value.to_integral_value())
    if value is None or not is_fit or not BOUNDS[name].holds(value):
        kind = "a whole number" if name in _WHOLE else "a number"
        raise InputError(name, text, f"{kind} {BOUNDS[name]}")
    return int(value) if name in _WHOLE else value


def threshold_text(value: Decimal | int) -> str:
    """Return a threshold as it is stored and shown."""
    return plain(value) if isinstance(value, Decimal) else str(value)
