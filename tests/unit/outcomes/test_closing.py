from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import OutcomeKind
from signalbot.outcomes.candle_verdict import Exit
from signalbot.outcomes.closing import OPEN, Evidence, closed, gap, stopped_at_entry
from signalbot.outcomes.position import Position
from signalbot.outcomes.sources import finer_sources

ENDS = (OutcomeKind.TARGET, OutcomeKind.STOP, OutcomeKind.EXPIRED)


def position(story, rows, fill="100", funding=(), **changes):
    plan = story.plan(**changes)
    filled_at = story.at(0, 30)
    return Position(
        plan=plan,
        market=story.market(story.candles(*rows), funding=funding),
        entry_row=0,
        fill_raw=story.price(fill),
        filled_at=filled_at,
        filled_from=filled_at,
        expires_at=story.at(60),
    )


@pytest.mark.parametrize(
    ("kind", "exit_step"),
    [(OutcomeKind.TARGET, 2), (OutcomeKind.STOP, 2), (OutcomeKind.EXPIRED, 1)],
)
def test_an_exit_is_timed_by_the_close_of_its_candle_and_an_expiry_by_its_open(
    story, kind, exit_step
):
    rows = story.candles("100", "100")

    outcome = closed(
        position(story, ("100", "100")),
        Exit(kind=kind, raw=story.price("100.5")),
        Evidence(candles=rows),
    )

    assert (outcome.kind, outcome.exit_at) == (kind, story.at(exit_step))
    assert (outcome.exit_price, outcome.gross_r) == (story.price("100.5"), Decimal("0.5"))
    assert (outcome.evidence, outcome.ambiguous) == (rows, False)
    assert outcome.worst_net_r == outcome.best_net_r == outcome.net_r


@pytest.mark.parametrize(
    ("raw", "bounds"),
    [("100.4", ("-1.2", "0.8")), ("98", ("-2.2", "0.8")), ("99", ("-1.2", "0.8"))],
)
def test_the_bounds_of_a_doubt_reach_to_stop_and_target_or_to_what_was_worse(story, raw, bounds):
    outcome = closed(
        position(story, ("100",), fill="100.2"),
        Exit(kind=OutcomeKind.EXPIRED, raw=story.price(raw)),
        Evidence(candles=story.candles("100"), unordered=True),
    )

    assert outcome.ambiguous is True
    assert (outcome.worst_net_r, outcome.best_net_r) == tuple(map(Decimal, bounds))


def test_the_bounds_of_a_doubt_pay_the_same_funding(story):
    paid = FundingPayment(time=story.at(1), rate=Decimal("0.001"), price=Decimal(100))

    outcome = closed(
        position(story, ("100",), funding=(paid,)),
        Exit(kind=OutcomeKind.STOP, raw=story.price("99")),
        Evidence(candles=story.candles("100"), unordered=True),
    )

    received = -story.side.sign * Decimal("0.1")
    assert (outcome.worst_net_r, outcome.best_net_r) == (-1 + received, 1 + received)
    assert outcome.funding_evidence == (paid,)


def test_a_stop_at_the_entry_takes_the_planned_prices_and_keeps_how_it_was_seen(story):
    first = position(story, ("98", "100"), fill="98")

    outcome = stopped_at_entry(first)

    assert (outcome.kind, outcome.net_r, outcome.ambiguous) == (OutcomeKind.STOP, -1, False)
    assert (outcome.fill_price, outcome.exit_price) == (story.price("100"), story.price("99"))
    assert outcome.evidence == story.candles("98")
    assert first.fill_raw == story.price("98")


def test_a_gap_is_a_stop_that_may_have_been_a_target(story):
    evidence = Evidence(candles=story.candles("100"), sources=finer_sources(story.parts("100")))

    outcome = gap(story.plan(), story.price("100.2"), story.at(0), evidence)

    assert (outcome.kind, outcome.ambiguous) == (OutcomeKind.UNRESOLVED_GAP, True)
    assert (outcome.exit_at, outcome.exit_price) == (None, story.price("99"))
    assert outcome.worst_net_r == outcome.net_r == Decimal("-1.2")
    assert outcome.best_net_r == Decimal("0.8")
    assert (outcome.evidence, outcome.finer_evidence) == (evidence.candles, story.parts("100"))


def test_an_open_alert_has_no_figures():
    assert (OPEN.kind, OPEN.net_r, OPEN.candles_hash) == (OutcomeKind.OPEN, None, None)


@given(
    kind=st.sampled_from(ENDS),
    fill=st.decimals("99.5", "100.25", places=2),
    raw=st.decimals("95", "101", places=2),
    unordered=st.booleans(),
    rates=st.tuples(*[st.decimals("0", "0.001", places=4)] * 3),
)
def test_net_r_lies_within_its_bounds(story, kind, fill, raw, unordered, rates):
    taker, maker, slippage = rates
    held = position(
        story,
        ("100",),
        fill=str(fill),
        taker_rate=taker,
        maker_rate=min(taker, maker),
        slippage_rate=slippage,
    )

    outcome = closed(
        held,
        Exit(kind=kind, raw=story.price(str(raw))),
        Evidence(candles=story.candles("100"), unordered=unordered),
    )

    assert outcome.worst_net_r <= outcome.net_r <= outcome.best_net_r
    assert outcome.cost_r == outcome.gross_r - outcome.net_r
