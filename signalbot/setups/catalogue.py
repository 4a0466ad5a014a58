"""Every setup the product knows, with its version: the one place a new one is added."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from signalbot.domain.fingerprint import described, fingerprint
from signalbot.domain.profile import Profile
from signalbot.domain.rules import Rules
from signalbot.domain.timeframe import M1, M5, Timeframe
from signalbot.setups import range_breakout, rsi_stochastic_reversal
from signalbot.setups.setup import Setup

if TYPE_CHECKING:  # with it comes pandas, which every command that shows a title would wait for
    from signalbot.analysis.btc_context import BtcRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a setup is run with beside its own parameters; see `Setup` for the meaning."""

    warmup: int = 200
    max_hold_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the catalogue: a setup with its parameters for one timeframe."""

    name: str
    title: str
    code_version: int
    timeframe: Timeframe
    parameters: Any
    find: Callable[..., Any]
    terms: Terms


ON_1M = Terms(max_hold_min=60)
ON_5M = Terms(max_hold_min=240)

_reversal = partial(
    Listed,
    name="rsi_stochastic_reversal",
    title="RSI-Stochastic reversal",
    code_version=rsi_stochastic_reversal.CODE_VERSION,
    find=rsi_stochastic_reversal.find,
)
_breakout = partial(
    Listed,
    name="range_breakout",
    title="Range breakout",
    code_version=range_breakout.CODE_VERSION,
    find=range_breakout.find,
)

CATALOGUE: tuple[Listed, ...] = (
    _reversal(timeframe=M1, terms=ON_1M, parameters=rsi_stochastic_reversal.ON_1M),
    _reversal(timeframe=M5, terms=ON_5M, parameters=rsi_stochastic_reversal.ON_5M),
    _breakout(timeframe=M1, terms=ON_1M, parameters=range_breakout.ON_1M),
    _breakout(timeframe=M5, terms=ON_5M, parameters=range_breakout.ON_5M),
)


def setups_for(
    timeframe: Timeframe, rules: Rules, btc_rules: "BtcRules", account: Profile
) -> tuple[Setup, ...]:
    """Return the setups of a timeframe, their versions made of code, parameters and gates.

    The reference account is a gate too: what it cannot trade is refused.
    """
    return tuple(
        Setup(
            name=listed.name,
            title=listed.title,
            version=f"{listed.code_version}.{_hash(listed, rules, btc_rules, account)}",
            timeframe=timeframe,
            warmup=listed.terms.warmup,
            max_hold_min=listed.terms.max_hold_min,
            find=partial(listed.find, parameters=listed.parameters),
        )
        for listed in CATALOGUE
        if listed.timeframe == timeframe
    )


def title_of(name: str) -> str:
    """Return what a reader is shown for a setup's name; the name itself for one of the past."""
    return next((listed.title for listed in CATALOGUE if listed.name == name), name)


def published_parameters(timeframe: Timeframe) -> dict[str, dict[str, str]]:
    """Return every parameter of a timeframe's setups as text, for the `rules` entry."""
    return {
        listed.name: described(listed.parameters) | described(listed.terms)
        for listed in CATALOGUE
        if listed.timeframe == timeframe
    }


def _hash(listed: Listed, rules: Rules, btc_rules: "BtcRules", account: Profile) -> str:
    return fingerprint(listed.parameters, listed.terms, rules, btc_rules)
