"""Track open alerts: append the outcome of every one that this minute decides."""

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.resolve import resolve
from signalbot.record.entries import Draft, EntryType
from signalbot.record.fold import Standing
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.minute import Minute
from signalbot.service.ports import History
from signalbot.service.recording import Recording


def track(
    minute: Minute, recording: Recording, history: History, now: int
) -> list[tuple[Standing, Outcome]]:
    """Append the outcomes that the candles of `minute` decide, in order of the alerts' numbers.

    Returns
    -------
    list of (Standing, Outcome)
        The alerts that ended, as they stood before.
    """
    ended: list[tuple[Standing, Outcome]] = []
    for alert in recording.board.concerned(minute.open_time, minute.high, minute.low):
        market = history.market(alert.pair, alert.entry_open, minute.close_time)
        outcome = resolve(alert.plan, alert.published_at, market)
        if outcome.kind is not OutcomeKind.OPEN:
            ended.append((recording.state.standing[alert.seq], outcome))
    recording.append(
        [
            Draft(type=EntryType.OUTCOME, ts=now, body=outcome_body(standing.seq, outcome))
            for standing, outcome in ended
        ]
    )
    return ended
