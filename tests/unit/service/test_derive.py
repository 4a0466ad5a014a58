from dataclasses import replace
from decimal import Decimal

import pytest
from fakes.made_alert import changed_alert
from fakes.stage import CLOSE, LAYER, Stage

from signalbot.domain.alert import EntryKind
from signalbot.domain.candles import Candle
from signalbot.domain.funding import FundingPayment
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import MINUTE_MS
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.record.evidence import Evidence
from signalbot.record.fold import Standing
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.derive import facts_of, from_evidence, market_of


def candle(open_time: int, prices: tuple[str, str, str, str]) -> Candle:
    named = dict(zip(("open", "high", "low", "close"), map(Decimal, prices), strict=True))
    return Candle(open_time=open_time, volume=Decimal(1), **named)


AT_MARKET = changed_alert(entry_kind=EntryKind.MARKET)
QUIET = ("100", "100.2", "99.8", "100")
BOTH = ("100", "101.2", "98.9", "100")


@pytest.fixture
def standing(stage: Stage) -> Standing:
    stage.pass_minute(0, matches=[stage.match(0, LAYER)])
    (standing,) = stage.recording.state.standing.values()
    return standing


def test_a_market_is_what_the_evidence_shows() -> None:
    rows = (candle(0, QUIET), candle(MINUTE_MS, QUIET))
    funding = (FundingPayment(time=5, rate=Decimal("0.0001"), price=Decimal(100)),)

    market = market_of(AT_MARKET, 0, Evidence(rows=rows, funding=funding))

    assert market == Market(candles=rows, step_ms=MINUTE_MS, funding=funding)


@pytest.mark.parametrize(
    ("opens", "step"),
    [([1_000, 2_000, 3_000], 1_000), ([15_000, 20_000], 5_000), ([0, 30_000], 30_000)],
)
def test_the_step_of_finer_candles_is_that_of_their_grid(opens: list[int], step: int) -> None:
    finer = tuple(candle(7 * MINUTE_MS + opened, QUIET) for opened in opens)

    market = market_of(AT_MARKET, 0, Evidence(rows=(), finer_rows=finer))

    assert (market.finer, market.finer_step_ms) == (finer, step)


def test_finer_candles_in_the_evidence_order_the_prices_again(standing: Standing) -> None:
    held = CLOSE + MINUTE_MS
    rows = [candle(CLOSE, QUIET), candle(held, BOTH)]
    up = ("100", "101.2", "100", "101")
    finer = [candle(held + at * 1_000, up if at == 5 else QUIET) for at in range(60)]
    finer[50] = candle(held + 50_000, ("99", "99", "98.9", "99"))
    market = Market(candles=rows, step_ms=MINUTE_MS, finer=finer, finer_step_ms=1_000)
    plan, published_at = standing.alert.plan, standing.published_at
    assert published_at is not None
    outcome = resolve(plan, published_at, market)
    assert (outcome.kind, outcome.ambiguous) == (OutcomeKind.TARGET, False)

    body = outcome_body(standing.seq, outcome)

    assert from_evidence(standing.alert, published_at, body) == outcome


@pytest.mark.parametrize("known", [0, 1, 4])
def test_a_gap_is_settled_again_as_it_was(standing: Standing, known: int) -> None:
    rows = [candle(CLOSE + row * MINUTE_MS, QUIET) for row in range(known)]
    later = candle(CLOSE + (known + 3) * MINUTE_MS, QUIET)
    published_at = standing.published_at
    assert published_at is not None
    market = Market(candles=[*rows, later], step_ms=MINUTE_MS)
    outcome = resolve(standing.alert.plan, published_at, market)
    assert outcome.kind is OutcomeKind.UNRESOLVED_GAP

    body = outcome_body(standing.seq, outcome)

    assert from_evidence(standing.alert, published_at, body) == outcome


def test_facts_leave_out_what_decides_nothing(standing: Standing) -> None:
    row = candle(CLOSE, QUIET)
    body = outcome_body(4, Outcome(kind=OutcomeKind.NOT_FILLED, evidence=(row,)))
    louder = replace(row, volume=Decimal(9))
    other = outcome_body(4, Outcome(kind=OutcomeKind.NOT_FILLED, evidence=(louder,)))

    assert body != other
    assert facts_of(body) == facts_of(other)
    assert facts_of(body)["rows"] == [f"{CLOSE},100,100.2,99.8,100"]
