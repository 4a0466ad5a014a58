"""Publish: decide a minute's matches, apply the caps, append what is left to the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from signalbot.analysis.book_figures import book_figures
from signalbot.analysis.features import ROWS, describe
from signalbot.domain.alert import Alert, SetupState
from signalbot.domain.refusal import Refusal
from signalbot.domain.timeframe import DAY_MS
from signalbot.record.bodies import alert_body
from signalbot.record.entries import Draft, Entry, EntryType
from signalbot.risk.publication import Published, choose
from signalbot.service.decide import Desk, decide, match_id
from signalbot.service.minute import Minute
from signalbot.service.ports import History, RefusedMatch
from signalbot.service.recording import Recording
from signalbot.setups.setup import Match

States = Mapping[tuple[str, str], SetupState]
"""What the record says of each setup version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one minute's matches became: alerts in rank order, and refusals."""

    alerts: Sequence[Alert]
    refused: Sequence[RefusedMatch]


def without_recorded(minute: Minute, recording: Recording, venue: str) -> Minute:
    """Return a minute without the matches that are alerts already.

    Only one that is worked through a second time has any; without this it would count its own
    alert as refused, because it is open.
    """
    new = [match for match in minute.matches if not recording.has_alert(match_id(match, venue))]
    return replace(minute, matches=new)


def decide_minute(
    minute: Minute, before: Published, states: States, desk: Desk, now: int
) -> Decision:
    """Return what the matches of a minute become, given what was published before. Pure."""
    matches = {match_id(match, desk.venue): match for match in minute.matches}
    candidates: list[Alert] = []
    refused: list[RefusedMatch] = []
    for id_, match in matches.items():
        key = (match.setup.name, match.setup.version)
        verdict = decide(match, minute, states.get(key, SetupState.UNPROVEN), desk)
        if isinstance(verdict, Refusal):
            refused.append(_refused(id_, match, verdict, now))
        else:
            candidates.append(verdict)
    alerts, capped = choose(candidates, before, desk.rules, (desk.venue,), now)
    refused += [_refused(alert.id, matches[alert.id], refusal, now) for alert, refusal in capped]
    return Decision(alerts=alerts, refused=refused)


def publish(
    decision: Decision, minute: Minute, recording: Recording, history: History, now: int
) -> tuple[Entry, ...]:
    """Append the alerts of a decision, each described at its candle; nothing is sent yet."""
    pair = {match.symbol: match.pair for match in minute.matches}
    drafts = []
    for alert in decision.alerts:
        column = pair[alert.plan.symbol]
        window = history.window(column, minute.close_time, ROWS)
        seen = book_figures(minute.books.get(column), minute.flows.get(column))
        described = replace(alert, description={**describe(window), **seen})
        drafts.append(Draft(type=EntryType.ALERT, ts=now, body=alert_body(described)))
    return recording.append(drafts)


def published_before(recording: Recording, now: int) -> Published:
    """Return what the caps need to know of the record; what waits to be sent counts as sent."""
    state = recording.state
    return Published(
        open_bets=state.open_bets(),
        last_of=state.last_published,
        times=[*state.published_since(now - DAY_MS), *(now for _ in state.pending())],
    )


def _refused(id_: str, match: Match, refusal: Refusal, now: int) -> RefusedMatch:
    return RefusedMatch(
        alert_id=id_,
        refused_at=now,
        setup=match.setup.name,
        symbol=match.symbol,
        side=match.side,
        code=refusal.code,
        message=refusal.message,
    )
