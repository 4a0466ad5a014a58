"""The body of an outcome is enough to find the outcome again, whatever decided it."""

from dataclasses import replace
from math import gcd

from fakes.drawn_market import DrawnCase, drawn_cases
from fakes.made_alert import ALERT
from hypothesis import assume, given, settings

from signalbot.domain.alert import Alert
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import TIMEFRAMES
from signalbot.outcomes.tape import taped
from signalbot.record.bodies import alert_body, alert_of
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.derive import difference, from_evidence, stated_again

SEQ = 7


def alert_with(case: DrawnCase) -> Alert:
    step_ms = case.market.step_ms
    timeframe = next(each for each in TIMEFRAMES.values() if each.step_ms == step_ms)
    return alert_of(alert_body(replace(ALERT, plan=case.plan, timeframe=timeframe)))


def breaks_off_after_the_fill(case: DrawnCase, step_ms: int) -> bool:
    """Whether the tape may have given a fill and then ends inside the entry candle."""
    opened = case.starts_at - case.starts_at % step_ms
    return opened <= taped(case.market).stop < opened + 2 * step_ms


def tells_its_step(case: DrawnCase, outcome: Outcome) -> bool:
    """Whether the finer rows in the evidence lie on the grid of their own step alone."""
    step_ms, rows = case.market.step_ms, outcome.finer_evidence
    grid = gcd(step_ms, *(row.open_time % step_ms for row in rows))
    return not rows or grid in (case.market.finer_step_ms, step_ms)


# The same cases every time: evidence does not name the step of finer candles, and once in some
# ten thousand cases one is drawn whose step cannot be told from its rows.
@settings(max_examples=500, derandomize=True)
@given(drawn_cases())
def test_a_body_of_any_source_derives_again(case: DrawnCase) -> None:
    outcome = case.resolve()
    assume(outcome.kind is not OutcomeKind.OPEN)
    assume(not breaks_off_after_the_fill(case, case.market.step_ms))
    assume(tells_its_step(case, outcome))
    body = outcome_body(SEQ, outcome)

    again = from_evidence(alert_with(case), case.published_at, body)

    assert difference(body, stated_again(SEQ, again, body)) is None
