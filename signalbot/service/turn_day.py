"""Turn the day: close the refusals of the day before, freeze the universe, judge the setups."""

from collections.abc import Sequence

from signalbot.domain.alert import SetupState
from signalbot.domain.timeframe import day
from signalbot.record.bodies import refusals_body, universe_body
from signalbot.record.entries import Draft, EntryType
from signalbot.service.decide import Desk
from signalbot.service.ports import Refusals
from signalbot.service.recording import Recording
from signalbot.setups.setup import Setup
from signalbot.stats.performance import performance
from signalbot.stats.sample import Sample
from signalbot.stats.state import state_of


def is_new_day(recording: Recording, now: int) -> bool:
    """Return whether the record knows no universe of this UTC day yet."""
    return recording.state.universe_day != day(now)


def turn_day(
    recording: Recording, refusals: Refusals, desk: Desk, timeframe: str, now: int
) -> None:
    """Append yesterday's refusals, if there was a yesterday, and today's universe."""
    before = recording.state.universe_day
    drafts = [] if before is None else [_closing(before, refusals, now)]
    body = universe_body(day(now), desk.venue, timeframe, sorted(desk.instruments))
    recording.append([*drafts, Draft(type=EntryType.UNIVERSE, ts=now, body=body)])


def close_record(recording: Recording, refusals: Refusals, now: int) -> None:
    """Append the refusals of the last day of a recording that has come to its end."""
    last = recording.state.universe_day
    if last is not None:
        recording.append([_closing(last, refusals, now)])


def states_of(recording: Recording, setups: Sequence[Setup]) -> dict[tuple[str, str], SetupState]:
    """Return what the record says of each setup version: unproven, proven or losing."""
    sample = Sample.of(recording.state.settled.values())
    return {
        (setup.name, setup.version): state_of(
            performance(sample.of_setup(setup.name, setup.version), recording.seed)
        )
        for setup in setups
    }


def _closing(closed_day: str, refusals: Refusals, now: int) -> Draft:
    body = refusals_body(closed_day, refusals.counts(closed_day))
    return Draft(type=EntryType.REFUSALS, ts=now, body=body)
