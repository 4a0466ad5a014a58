"""Judge the setups: what the record alone says of each version, and every change of it.

A version that loses is suspended for good: its later matches are refused by name, its open alerts
go on to their outcomes, and only a new version, with a record of its own, brings the setup back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.domain.alert import SetupState
from signalbot.record.entries import Draft, EntryType
from signalbot.record.judgement_bodies import state_body
from signalbot.service.recording import Recording
from signalbot.setups.setup import Setup
from signalbot.stats.performance import Performance, performance
from signalbot.stats.sample import Sample
from signalbot.stats.state import figures_of, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """A setup version that the record calls something else now, and the figures behind it."""

    setup: str
    version: str
    was: SetupState
    state: SetupState
    shown: Performance


def judge(recording: Recording, setups: Sequence[Setup]) -> tuple[StateChange, ...]:
    """Return the setup versions whose state is to change, in the order of `setups`."""
    sample = Sample.of(recording.state.settled.values())
    changes = (_judged(recording, setup, sample) for setup in setups)
    return tuple(change for change in changes if change.state is not change.was)


def state_draft(change: StateChange, now: int) -> Draft:
    """Return the entry that makes a change public and lasting."""
    body = state_body(
        change.setup, change.version, change.was, change.state, figures_of(change.shown)
    )
    return Draft(type=EntryType.RULES, ts=now, body=body)


def _judged(recording: Recording, setup: Setup, sample: Sample) -> StateChange:
    was = recording.state.state_of(setup.name, setup.version)
    shown = performance(sample.of_setup(setup.name, setup.version), recording.seed)
    return StateChange(
        setup=setup.name,
        version=setup.version,
        was=was,
        state=was if was is SetupState.LOSING else state_of(shown),
        shown=shown,
    )
