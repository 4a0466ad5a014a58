"""The verifier and the package, which share no code, derive the same outcomes."""

from dataclasses import replace
from math import gcd
from types import ModuleType

from fakes.drawn_market import DrawnCase, drawn_cases
from fakes.made_alert import ALERT
from hypothesis import HealthCheck, assume, given, settings

from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import TIMEFRAMES
from signalbot.outcomes.tape import taped
from signalbot.record.bodies import alert_body
from signalbot.record.outcome_bodies import outcome_body


def body_of(case: DrawnCase) -> dict[str, object]:
    step_ms = case.market.step_ms
    timeframe = next(each for each in TIMEFRAMES.values() if each.step_ms == step_ms)
    return alert_body(replace(ALERT, plan=case.plan, timeframe=timeframe))


def breaks_off_after_the_fill(case: DrawnCase, step_ms: int) -> bool:
    """Whether the tape may have given a fill and then ends inside the entry candle."""
    opened = case.starts_at - case.starts_at % step_ms
    return opened <= taped(case.market).stop < opened + 2 * step_ms


def tells_its_step(case: DrawnCase, outcome: Outcome) -> bool:
    """Whether the finer rows in the evidence lie on the grid of their own step alone."""
    step_ms, rows = case.market.step_ms, outcome.finer_evidence
    grid = gcd(step_ms, *(row.open_time % step_ms for row in rows))
    return not rows or grid in (case.market.finer_step_ms, step_ms)


@settings(
    max_examples=800, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn_cases())
def test_any_outcome_is_derived_from_its_body_to_the_character(
    verify: ModuleType, case: DrawnCase
) -> None:
    outcome = case.resolve()
    assume(outcome.kind is not OutcomeKind.OPEN)
    assume(not breaks_off_after_the_fill(case, case.market.step_ms))
    assume(tells_its_step(case, outcome))
    stated = outcome_body(1, outcome)

    trade = verify.Trade(body_of(case), case.published_at, stated["evidence"])
    derived = trade.derived(stated["outcome"])

    assert {name: stated[name] for name in derived} == derived
    assert set(derived) == set(stated) - {"alert_seq", "evidence"}
