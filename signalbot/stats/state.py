"""What a setup version is called, and the figures that say why."""

from decimal import Decimal

from signalbot.domain.alert import SetupState
from signalbot.domain.rounding import ten_places
from signalbot.stats.performance import Performance
from signalbot.stats.verdict import Verdict

MIN_PROVEN = 100
"""Decided alerts from which a setup that beats its costs is called proven."""

Figures = dict[str, int | str | list[str] | None]
"""JSON without floats: whole numbers, and plain decimals of ten places as strings."""


def state_of(shown: Performance) -> SetupState:
    """Return what a setup version is called beside its alerts.

    Proven if it beats its costs over at least `MIN_PROVEN` decided alerts, losing if it loses,
    unproven otherwise. That losing is final for a version is a rule of the record, not of one look
    at it: an interval that has left break-even behind may come back to it.
    """
    if shown.verdict is Verdict.LOSES:
        return SetupState.LOSING
    if shown.verdict is Verdict.BEATS_COSTS and shown.decided >= MIN_PROVEN:
        return SetupState.PROVEN
    return SetupState.UNPROVEN


def figures_of(shown: Performance) -> Figures:
    """Return the numbers that a change of state is published with; None where there is none yet."""
    return {
        "decided": shown.decided,
        "wins": shown.wins,
        "always_valid_95": _texts(shown.always_valid_95),
        "breakeven_win_rate": _text(shown.breakeven_win_rate),
        "expectancy_r": _text(shown.expectancy_r),
        "expectancy_r_95": _texts(shown.expectancy_r_95),
        "n_effective": _text(shown.n_effective),
        "verdict": shown.verdict.value,
    }


def _text(value: float | None) -> str | None:
    return None if value is None else ten_places(Decimal(value))


def _texts(interval: tuple[float, float] | None) -> list[str] | None:
    return None if interval is None else [ten_places(Decimal(end)) for end in interval]
