"""Thousands of random alerts: two resolvers agree, and finer candles only settle doubts."""

import importlib.util
from dataclasses import replace
from pathlib import Path

from signalbot.domain.alert import EntryKind
from signalbot.domain.outcome import OutcomeKind
from signalbot.domain.timeframe import iso
from signalbot.outcomes.resolve import resolve
from signalbot.record.bodies import plan_body
from signalbot.record.outcome_bodies import outcome_body


def load_recheck():
    place = Path(__file__).parents[2] / "independent" / "recheck.py"
    spec = importlib.util.spec_from_file_location("independent_recheck", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_independent_resolver_agrees_in_every_field(cases):
    recheck = load_recheck()
    kinds = set()

    for plan, published_at, market in cases:
        rows = [
            (row.open_time, row.open, row.high, row.low, row.close, row.volume)
            for row in market.candles
        ]
        funding = [(payment.time, payment.rate) for payment in market.funding]
        alert = plan_body(plan) | {"published_at": iso(published_at)}

        found = outcome_body(1, resolve(plan, published_at, replace(market, finer=())))

        expected = recheck.resolve(alert, rows, market.step_ms, funding) or {"outcome": "OPEN"}
        evidence = expected.pop("evidence", {})
        assert {name: found[name] for name in expected} == expected
        assert evidence.items() <= found["evidence"].items()
        kinds.add(OutcomeKind(found["outcome"]))
    assert kinds == set(OutcomeKind) - {OutcomeKind.NOT_PUBLISHED, OutcomeKind.DELISTED}


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
