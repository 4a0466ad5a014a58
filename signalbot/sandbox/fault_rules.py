"""Rules with a seed about what goes wrong: counted, drawn, and the first that strikes wins."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import numpy as np

from signalbot.errors import InputError

LONGEST_DELAY_S = 600


class FaultRule(Protocol):
    """What every rule has, whatever it is about.

    Attributes
    ----------
    nth, times : int, optional
        Only the n-th that matches, from 1; at most so often.
    probability, seed
        Chance of each that matches, drawn from a generator with this seed.
    delay_s : float
        Length of a pause, in seconds of this machine.
    status : int
        Of an answer that is not the true one.
    """

    @property
    def nth(self) -> int | None: ...  # noqa: D102 - described above, as the others
    @property
    def times(self) -> int | None: ...  # noqa: D102
    @property
    def probability(self) -> float: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def delay_s(self) -> float: ...  # noqa: D102
    @property
    def status(self) -> int: ...  # noqa: D102


Rule = TypeVar("Rule", bound=FaultRule)


def require_possible(rule: FaultRule) -> None:
    """Refuse a rule that cannot be kept.

    Raises
    ------
    InputError
        Naming its first field that is out of range.
    """
    if not 0 <= rule.probability <= 1:
        raise InputError("probability", rule.probability, "0 to 1")
    if not 0 <= rule.delay_s <= LONGEST_DELAY_S:
        raise InputError("delay_s", rule.delay_s, f"0 to {LONGEST_DELAY_S} seconds")
    if not 200 <= rule.status <= 599:
        raise InputError("status", rule.status, "200 to 599")
    if rule.seed < 0:
        raise InputError("seed", rule.seed, "0 or more")


class FaultRules(Generic[Rule]):
    """The rules in force; the first that strikes wins."""

    def __init__(self) -> None:
        self._rules: list[_Counted[Rule]] = []

    def add(self, rule: Rule) -> None:
        """Put a rule in force, behind those that are."""
        self._rules.append(_Counted(rule))

    def clear(self) -> None:
        """Lift every rule."""
        self._rules.clear()

    def struck(self) -> list[tuple[Rule, int]]:
        """Return every rule and how often it struck."""
        return [(each.rule, each.strikes) for each in self._rules]

    def first(self, fits: Callable[[Rule], bool]) -> Rule | None:
        """Return the rule that strikes of those that fit, and count it.

        Every rule sees everything that fits it, so that one rule does not shift the draws of
        another.
        """
        met = [each for each in self._rules if fits(each.rule) and each.draws()]
        if not met:
            return None
        met[0].strikes += 1
        return met[0].rule


class _Counted(Generic[Rule]):
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.strikes = 0
        self._seen = 0
        self._rng = np.random.default_rng(rule.seed)

    def draws(self) -> bool:
        self._seen += 1
        happens = self._rng.random() < self.rule.probability
        is_turn = self.rule.nth in (None, self._seen)
        return happens and is_turn and (self.rule.times is None or self.strikes < self.rule.times)
