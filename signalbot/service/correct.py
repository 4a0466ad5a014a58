"""Correct: derive recent outcomes again with what is known now, and append what has changed.

Data come late: a gap is filled, a venue revises a candle. The outcome stays as it was recorded; a
correction beside it says what became of the alert, with the evidence for that.
"""

from dataclasses import replace

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import DAY_MS
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.record.entries import Draft, EntryType
from signalbot.record.evidence import evidence_of
from signalbot.record.fold import CORRECTABLE_MS, Ended
from signalbot.record.outcome_bodies import correction_body, outcome_body
from signalbot.service.derive import facts_of, market_of, open_alert
from signalbot.service.ports import History
from signalbot.service.recording import Recording

REVISED_MS = 2 * DAY_MS
"""How long after an outcome its candles are looked at once more; a gap until it is forgotten."""
FILLED = "candles that were missing have come"
REVISED = "the venue has revised its data"
_NO_NEWS = (OutcomeKind.OPEN, OutcomeKind.UNRESOLVED_GAP)


def correct(recording: Recording, history: History, now: int) -> list[tuple[Ended, Outcome]]:
    """Append a correction of every recent outcome that the data known now contradict.

    Every outcome of the last two days is derived again, and every UNRESOLVED_GAP of the last seven.
    Data that show less than was known then (nothing, or a gap) are no news.

    Returns
    -------
    list of (Ended, Outcome)
        What the record said before, and what it says now.
    """
    drafts: list[Draft] = []
    changed: list[tuple[Ended, Outcome]] = []
    for end in recording.state.ended.values():
        outcome = _derived(end, recording, history, now) if _is_due(end, now) else None
        if outcome is None or outcome.kind in _NO_NEWS:
            continue
        seq = end.standing.seq
        if facts_of(outcome_body(seq, outcome)) != facts_of(end.body):
            reason = FILLED if _is_gap(end) else REVISED
            body = correction_body(seq, end.newest, outcome, reason)
            drafts.append(Draft(type=EntryType.CORRECTION, ts=now, body=body))
            changed.append((end, outcome))
    recording.append(drafts)
    return changed


def _is_due(end: Ended, now: int) -> bool:
    return now - end.at <= (CORRECTABLE_MS if _is_gap(end) else REVISED_MS)


def _is_gap(end: Ended) -> bool:
    return bool(end.body["outcome"] == OutcomeKind.UNRESOLVED_GAP)


def _derived(end: Ended, recording: Recording, history: History, now: int) -> Outcome | None:
    alert, published_at = end.standing.alert, end.standing.published_at
    pair = recording.pair_of(alert.plan.symbol)
    if published_at is None or pair is None:
        return None
    times = open_alert(end.standing.seq, alert, published_at, pair)
    until = min(now, times.expires_at + 2 * alert.timeframe.step_ms)
    known = history.market(pair, times.entry_open, until)
    seen = market_of(alert, published_at, evidence_of(end.body))
    return resolve(alert.plan, published_at, _joined(known, seen))


def _joined(known: Market, seen: Market) -> Market:
    # what is finer than candles is kept for a while only: what was seen then still counts
    if not known.finer:
        known = replace(known, finer=seen.finer, finer_step_ms=seen.finer_step_ms)
    if not known.trades:
        known = replace(known, trades=seen.trades, taped=seen.taped)
    return replace(
        known,
        funding=known.funding or seen.funding,
        quote=known.quote or seen.quote,
        delisted_at=known.delisted_at or seen.delisted_at,
    )
