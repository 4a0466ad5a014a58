"""Track open alerts: append the outcome of every one that this minute decides."""

from collections.abc import Iterator

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.board import OpenAlert
from signalbot.outcomes.position import Market
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
    for alert, market in _to_decide(minute, recording, history):
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


def _to_decide(
    minute: Minute, recording: Recording, history: History
) -> Iterator[tuple[OpenAlert, Market]]:
    board = recording.board
    moved = board.concerned(minute.open_time, minute.high, minute.low)
    silent = board.silent(minute.open_time, minute.high)
    for alert in sorted([*moved, *silent], key=lambda each: each.seq):
        market = history.market(alert.pair, alert.entry_open, minute.close_time)
        # a contract that is delisted has no candle any more that could tell
        if alert not in silent or market.delisted_at is not None:
            yield alert, market
