"""Baselines: set the alerts of a day beside what chance would have made of them."""

from collections.abc import Iterator
from decimal import Decimal

from signalbot.domain.candles import Candles
from signalbot.domain.outcome import DECIDED, OutcomeKind
from signalbot.domain.timeframe import DAY_MS, Timeframe, from_iso
from signalbot.domain.timeframe import day as utc_day
from signalbot.record.entries import Draft, EntryType
from signalbot.record.judgement_bodies import baseline_body
from signalbot.service.ports import History
from signalbot.service.recording import Recording
from signalbot.stats.baselines import REACH_MS, Decided, PairHistory, baseline_of_day

Version = tuple[str, str]


def baseline_drafts(
    recording: Recording, history: History, day: str, timeframe: Timeframe, now: int
) -> list[Draft]:
    """Return the baselines of every setup version for the alerts published on a UTC day.

    To be asked once the 24 hours after the day are known. A day without a decided alert has none.
    `timeframe` is that of the candles that are watched.
    """
    alerts: dict[Version, list[Decided]] = {}
    for version, decided in _decided(recording, day):
        alerts.setdefault(version, []).append(decided)
    since = from_iso(day) - REACH_MS
    until = min(from_iso(day) + DAY_MS + REACH_MS, now)

    def history_of(symbol: str) -> PairHistory:
        pair = recording.pair_of(symbol)
        if pair is None:  # it has left the universe, and nobody kept its candles
            return PairHistory(candles=Candles.none(timeframe))
        rows = (until - since) // timeframe.step_ms
        return PairHistory(
            candles=history.window(pair, until, rows),
            funding=history.funding(pair, since, until),
        )

    return [
        Draft(
            type=EntryType.BASELINE,
            ts=now,
            body=baseline_body(
                baseline_of_day(version, day, alerts[version], history_of, recording.seed)
            ),
        )
        for version in sorted(alerts)
    ]


def _decided(recording: Recording, day: str) -> Iterator[tuple[Version, Decided]]:
    for end in recording.state.ended.values():
        alert, published_at = end.standing.alert, end.standing.published_at
        if published_at is None or utc_day(published_at) != day:
            continue
        if OutcomeKind(end.body["outcome"]) in DECIDED:
            decided = Decided(
                plan=alert.plan,
                candle_close=alert.candle_close,
                published_at=published_at,
                net_r=Decimal(end.body["net_r"]),
            )
            yield (alert.setup, alert.version), decided
