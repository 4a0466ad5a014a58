"""Thousands of random alerts: finer candles only settle doubts."""

from dataclasses import replace

from signalbot.domain.alert import EntryKind
from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.resolve import resolve


def test_finer_candles_settle_doubts_and_change_nothing_that_was_certain(cases, parts):
    doubts = settled = 0

    for drawn, published_at, market in cases:
        plan = replace(drawn, entry_kind=EntryKind.LIMIT)  # its fill does not depend on them
        coarse = resolve(plan, published_at, replace(market, finer=()))
        fine = resolve(plan, published_at, market)

        if coarse.kind is OutcomeKind.OPEN:
            continue
        if not coarse.ambiguous:
            assert fine == coarse
            continue
        doubts += 1
        settled += not fine.ambiguous
        if fine.exit_at == coarse.exit_at and fine.kind is not OutcomeKind.EXPIRED:
            assert coarse.worst_net_r <= fine.net_r <= coarse.best_net_r
    assert (0 < settled < doubts) if parts else (settled == 0)
