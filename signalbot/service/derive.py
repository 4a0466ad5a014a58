"""Derive an outcome again: from its own evidence, or from candles known now."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import gcd
from typing import Any

from signalbot.domain.alert import Alert, EntryKind
from signalbot.domain.candles import PRICES, Candle
from signalbot.domain.outcome import Outcome, OutcomeKind
from signalbot.domain.timeframe import Timeframe
from signalbot.outcomes.board import OpenAlert
from signalbot.outcomes.position import Market
from signalbot.outcomes.resolve import resolve
from signalbot.record.entries import Body
from signalbot.record.evidence import Evidence, evidence_of
from signalbot.record.outcome_bodies import outcome_body
from signalbot.service.deliver import NOT_PUBLISHED

_BESIDE_FACTS = ("alert_seq", "evidence", "candles_hash", "corrects", "reason")


def market_of(alert: Alert, published_at: int, evidence: Evidence) -> Market:
    """Return the market that an outcome's evidence shows.

    The evidence of a limit begins with the candle that filled it. That those before did not is
    taken for true here, and seen in the venue's own candles.
    """
    return Market(
        candles=(*_waited_for(alert, published_at, evidence), *evidence.rows),
        step_ms=alert.timeframe.step_ms,
        finer=evidence.finer_rows,
        finer_step_ms=_finer_step(evidence, alert.timeframe),
        funding=evidence.funding,
        trades=evidence.trades,
        taped=_taped(alert, published_at, evidence),
        quote=evidence.quote,
        delisted_at=evidence.delisted_at,
    )


def from_evidence(alert: Alert, published_at: int | None, body: Body) -> Outcome:
    """Return the outcome that the evidence in a body gives.

    That a candle was missing cannot be seen in the rows before it: where the body says so, it is
    taken for true, and what follows from it is derived.

    Raises
    ------
    KeyError, TypeError, ValueError, ArithmeticError, AttributeError, InputError
        If the body is not written as the ledger writes it.
    """
    if published_at is None:
        return NOT_PUBLISHED
    market = market_of(alert, published_at, evidence_of(body))
    if body["outcome"] == OutcomeKind.UNRESOLVED_GAP:
        market = _with_gap(market, open_alert(0, alert, published_at))
    return resolve(alert.plan, published_at, market)


def open_alert(seq: int, alert: Alert, published_at: int, pair: int = 0) -> OpenAlert:
    """Return a published alert as the board knows it, for the times that follow from it."""
    return OpenAlert(
        seq=seq,
        plan=alert.plan,
        published_at=published_at,
        timeframe=alert.timeframe,
        pair=pair,
    )


def facts_of(body: Body) -> dict[str, Any]:
    """Return what an outcome's body says happened, and the prices of the rows that show it.

    Two bodies with the same facts are no news to each other: a volume decides nothing, and venues
    revise it often.
    """
    facts = {name: told for name, told in body.items() if name not in _BESIDE_FACTS}
    return facts | {"rows": [row.rpartition(",")[0] for row in body["evidence"]["rows"]]}


def difference(stated: Body, derived: Body) -> str | None:
    """Return in words where a stated body differs from the derived one; None where nowhere."""
    for name in sorted({*stated, *derived}):
        if stated.get(name) != derived.get(name):
            said, found = _shown(stated.get(name)), _shown(derived.get(name))
            return f"its {name} is {said}, derived again it is {found}"
    return None


def stated_again(seq: int, outcome: Outcome, body: Body) -> dict[str, Any]:
    """Return the body that `outcome` would have in the place of `body`."""
    kept = {name: body[name] for name in ("corrects", "reason") if name in body}
    return outcome_body(seq, outcome) | kept


def _shown(value: object) -> str:
    return "another one" if isinstance(value, dict | list) else str(value)


def _waited_for(alert: Alert, published_at: int, evidence: Evidence) -> Iterator[Candle]:
    if alert.plan.entry_kind is EntryKind.MARKET or not evidence.rows:
        return
    step_ms, starts_at = alert.timeframe.step_ms, alert.plan.starts_at(published_at)
    untouched = dict.fromkeys(PRICES, alert.plan.entry)
    first = -(-starts_at // step_ms) * step_ms
    for open_time in range(first, evidence.rows[0].open_time, step_ms):
        yield Candle(open_time=open_time, volume=Decimal(0), **untouched)


def _taped(alert: Alert, published_at: int, evidence: Evidence) -> range | None:
    # whole from the first candle that has trades to the last; a market entry in a candle that has
    # some was filled by the first one after the start
    if not evidence.trades:
        return None
    first, last = (alert.timeframe.floor(evidence.trades[row].time) for row in (0, -1))
    is_entry = not evidence.rows or first == evidence.rows[0].open_time
    if is_entry and alert.plan.entry_kind is EntryKind.MARKET:
        first = min(first, alert.plan.starts_at(published_at))
    return range(first, last + alert.timeframe.step_ms)


def _finer_step(evidence: Evidence, timeframe: Timeframe) -> int:
    # the longest step on whose grid they all lie; they follow one another, so it is theirs
    into = (row.open_time % timeframe.step_ms for row in evidence.finer_rows)
    step_ms = gcd(timeframe.step_ms, *into) if evidence.finer_rows else 0
    return step_ms // 2 if step_ms == timeframe.step_ms else step_ms  # shorter than the candle


def _with_gap(market: Market, alert: OpenAlert) -> Market:
    last = market.candles[-1].open_time if market.candles else 0
    later = alert.timeframe.floor(max(last, alert.expires_at)) + 2 * market.step_ms
    nothing = Decimal(0)
    candle = Candle(
        open_time=later, open=nothing, high=nothing, low=nothing, close=nothing, volume=nothing
    )
    return replace(market, candles=(*market.candles, candle))
