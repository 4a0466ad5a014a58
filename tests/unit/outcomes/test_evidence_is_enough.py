"""From plan, time of publication and evidence alone anybody derives the same outcome."""

from dataclasses import replace
from decimal import Decimal

from fakes.drawn_market import DrawnCase, drawn_cases
from hypothesis import given, settings

from signalbot.domain.alert import EntryKind
from signalbot.domain.candles import Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.outcomes.position import Market
from signalbot.outcomes.tape import taped


def market_of(case: DrawnCase, outcome: Outcome) -> Market:
    """The market as the evidence tells it.

    Trades are whole from the open of the first candle that has any to the close of the last one; a
    market entry whose entry candle has trades was filled by the first one after the start.
    """
    step_ms, trades = case.market.step_ms, outcome.trade_evidence
    span = None
    if trades:
        first, last = (trade.time - trade.time % step_ms for trade in (trades[0], trades[-1]))
        by_market = case.plan.entry_kind is EntryKind.MARKET
        entered_there = not outcome.evidence or first == outcome.evidence[0].open_time
        since = min(first, case.starts_at) if by_market and entered_there else first
        span = range(since, last + step_ms)
    return Market(
        candles=(*waited_for(case, outcome), *outcome.evidence),
        step_ms=step_ms,
        finer=outcome.finer_evidence,
        finer_step_ms=case.market.finer_step_ms,
        funding=outcome.funding_evidence,
        trades=trades,
        taped=span,
        quote=outcome.quote_evidence,
        delisted_at=outcome.delisted_at,
    )


def waited_for(case: DrawnCase, outcome: Outcome) -> list[Candle]:
    """Candles in which a limit was not filled: they are not kept, so any such will do."""
    if case.plan.entry_kind is EntryKind.MARKET or not outcome.evidence:
        return []
    first_wait = case.starts_at + -case.starts_at % case.market.step_ms
    prices = dict.fromkeys(("open", "high", "low", "close"), case.plan.entry)
    return [
        Candle(open_time=open_time, volume=Decimal(1), **prices)
        for open_time in range(first_wait, outcome.evidence[0].open_time, case.market.step_ms)
    ]


def ends_with_the_entry(case: DrawnCase, outcome: Outcome) -> bool:
    """Whether the tape gave the fill, and then breaks off inside the entry candle."""
    if case.plan.entry_kind is EntryKind.LIMIT or not outcome.evidence:
        return False
    opened, step_ms = outcome.evidence[0].open_time, case.market.step_ms
    return opened <= taped(case.market).stop < opened + step_ms


@settings(max_examples=600)
@given(drawn_cases())
def test_the_evidence_is_enough_to_find_an_outcome_again(case):
    outcome = case.resolve()

    # neither says the evidence that a candle is missing, nor that more trades are
    is_missing_something = outcome.kind is OutcomeKind.UNRESOLVED_GAP
    if not is_missing_something and not ends_with_the_entry(case, outcome):
        again = replace(case, market=market_of(case, outcome)).resolve()
        assert again == outcome
