"""Turn the day: close the one before, judge what it showed, freeze the universe of the new one.

All of it is one transaction, so a crash leaves the day turned or not turned. The checkpoint comes
first, because it covers what stands before it: the whole of the day that is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from signalbot.domain.timeframe import DAY_MS, day, from_iso
from signalbot.record.bodies import refusals_body, universe_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.service.baselines import baseline_drafts
from signalbot.service.checkpoint import checkpoint_draft
from signalbot.service.correct import correct
from signalbot.service.decide import Desk
from signalbot.service.judge import StateChange, judge, state_draft
from signalbot.service.ports import History, Refusals
from signalbot.service.recording import Recording
from signalbot.setups.setup import Setup

TWINS_WAIT_MS = 2 * DAY_MS
"""Baselines are settled when the 24 hours after the last alert of a day are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What the turn of a day has to be told: its checkpoint, if there was one, and the changes."""

    checkpoint: Entry | None
    changes: Sequence[StateChange]


def is_new_day(recording: Recording, now: int) -> bool:
    """Return whether the record knows no universe of this UTC day yet."""
    return recording.state.universe_day != day(now)


def turn_day(
    recording: Recording,
    history: History,
    refusals: Refusals,
    desk: Desk,
    setups: Sequence[Setup],
    now: int,
) -> Turned:
    """Close yesterday, if there was one, judge the setups, and freeze today's universe."""
    correct(recording, history, now)
    timeframe = setups[0].timeframe
    yesterday = recording.state.universe_day
    changes: Sequence[StateChange] = ()
    drafts: list[Draft] = []
    if yesterday is not None:
        changes = judge(recording, setups)
        drafts += [checkpoint_draft(recording, yesterday, now), _closing(yesterday, refusals, now)]
        for settled_day in _settled_days(yesterday, now):
            drafts += baseline_drafts(recording, history, settled_day, timeframe, now)
        drafts += [state_draft(change, now) for change in changes]
    body = universe_body(day(now), desk.venue, timeframe.name, sorted(desk.instruments))
    entries = recording.append([*drafts, Draft(type=EntryType.UNIVERSE, ts=now, body=body)])
    checkpoint = next((each for each in entries if each.type is EntryType.CHECKPOINT), None)
    return Turned(checkpoint=checkpoint, changes=changes)


def close_record(recording: Recording, refusals: Refusals, now: int) -> None:
    """Append the refusals of the last day of a recording that has come to its end."""
    last = recording.state.universe_day
    if last is not None:
        recording.append([_closing(last, refusals, now)])


def _settled_days(yesterday: str, now: int) -> list[str]:
    # one, unless the bot was off for a while
    last = now - TWINS_WAIT_MS
    first = from_iso(yesterday) - TWINS_WAIT_MS + DAY_MS
    return [day(instant) for instant in range(first, last + 1, DAY_MS)]


def _closing(closed_day: str, refusals: Refusals, now: int) -> Draft:
    body = refusals_body(closed_day, refusals.counts(closed_day))
    return Draft(type=EntryType.REFUSALS, ts=now, body=body)
